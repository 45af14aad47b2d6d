import { duration } from '../../domain/units.js';

export const MINUTE_MS = 60_000;
export const HOUR_MS = 60 * MINUTE_MS;
export const DAY_MS = 24 * HOUR_MS;

const DAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** A picture can't know its reader's time zone: all times in it are in UTC. */
export function dayText(at: number): string {
  const date = new Date(at);
  return `${String(date.getUTCDate())} ${MONTHS[date.getUTCMonth()] ?? ''}`;
}

export function timeText(at: number): string {
  return new Date(at).toISOString().slice(11, 16);
}

/** How far away a forecast's moment is: whole hours, and minutes only where it is a matter of them. */
export function roughly(ms: number): string {
  const step = ms >= 3 * HOUR_MS ? HOUR_MS : MINUTE_MS;
  return duration(Math.max(step, Math.round(ms / step) * step));
}

/** Beyond this a forecast that names the minute pretends to know more than it does. */
const NEAR_MS = 7 * DAY_MS;

/** `Fri 27 Nov, 14:05 UTC`; the day alone where it is more than a week away. */
export function momentText(at: number, now: number): string {
  const day = `${DAYS[new Date(at).getUTCDay()] ?? ''} ${dayText(at)}`;
  return at - now > NEAR_MS ? day : `${day}, ${timeText(at)} UTC`;
}
