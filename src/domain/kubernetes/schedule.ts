/*
 * How often a CronJob's schedule comes due, as an average over a day. Days and months are left out: for who fills a
 * database it is enough to know the order of magnitude, and a Job's own record is taken where there is one.
 */

const ALIASES: Readonly<Record<string, string>> = {
  '@hourly': '0 * * * *',
  '@daily': '0 0 * * *',
  '@midnight': '0 0 * * *',
  '@weekly': '0 0 * * 0',
  '@monthly': '0 0 1 * *',
  '@yearly': '0 0 1 1 *',
  '@annually': '0 0 1 1 *',
};

const HOUR_MS = 3_600_000;
const UNIT_MS: Readonly<Record<string, number>> = { h: HOUR_MS, m: 60_000, s: 1000 };

/** Runs per hour; null: it can't be read. */
export function runsPerHour(schedule: string): number | null {
  const told = schedule.trim().replace(/^(CRON_)?TZ=\S+\s+/, '');
  if (told.startsWith('@every ')) return everyPerHour(told.slice('@every '.length));
  const fields = (ALIASES[told.toLowerCase()] ?? told).split(/\s+/);
  const [minute, hour] = fields;
  if (fields.length !== 5 || minute === undefined || hour === undefined) return null;
  const [minutes, hours] = [valuesOf(minute, 60), valuesOf(hour, 24)];
  return minutes === null || hours === null ? null : (minutes.size * hours.size) / 24;
}

/** `1h30m`, `90s`. */
function everyPerHour(span: string): number | null {
  const parts = [...span.trim().matchAll(/(\d+(?:\.\d+)?)(h|m|s)/g)];
  if (parts.length === 0 || parts.map(([whole]) => whole).join('') !== span.trim()) return null;
  const ms = parts.reduce((sum, [, count, unit]) => sum + Number(count) * (UNIT_MS[unit ?? ''] ?? 0), 0);
  return ms > 0 ? HOUR_MS / ms : null;
}

/** The values that a field of the schedule names: all, one, a span, each with or without a step, and lists of them. */
function valuesOf(field: string, size: number): ReadonlySet<number> | null {
  const values = new Set<number>();
  for (const part of field.split(',')) {
    const [, all, from, to, step] = /^(?:(\*|\?)|(\d+)(?:-(\d+))?)(?:\/(\d+))?$/.exec(part) ?? [];
    if (all === undefined && from === undefined) return null;
    const first = Number(from ?? 0);
    const last =
      all !== undefined || (to === undefined && step !== undefined) ? size - 1 : Number(to ?? first);
    const by = Number(step ?? 1);
    if (by === 0 || first > last || last >= size) return null;
    for (let value = first; value <= last; value += by) values.add(value);
  }
  return values;
}
