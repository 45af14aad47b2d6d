const DAY_MS = 86_400_000;
const DAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];

/** A moment of the past in a sentence, in UTC: `14:05 UTC`, `Tuesday 14:05 UTC`, `2026-03-01`. */
export function momentUtc(at: number, now: number): string {
  const iso = new Date(at).toISOString();
  const [day, time] = [iso.slice(0, 10), `${iso.slice(11, 16)} UTC`];
  if (day === new Date(now).toISOString().slice(0, 10)) return time;
  return now - at < 6 * DAY_MS ? `${DAYS[new Date(at).getUTCDay()] ?? day} ${time}` : day;
}
