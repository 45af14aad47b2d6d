const MINUTE_MS = 60_000;
const DAY_MINUTES = 1440;
/** Clocks change, and zones differ, by whole quarters of an hour of UTC: within one a wall clock runs evenly. */
const QUARTER_MS = 15 * MINUTE_MS;
/** A window that comes once a week, and is skipped once where the clocks go forward over it. */
const LOOK_AHEAD_MS = 15 * DAY_MINUTES * MINUTE_MS;

export const WEEKDAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'] as const;

export type Weekday = (typeof WEEKDAYS)[number];

/**
 * When changes may start, by the wall clock of a time zone: hours that are skipped where the clocks go forward are not
 * made up for, and those that come twice where they go back count both times.
 */
export interface MaintenanceWindow {
  /** The days on which it begins. */
  readonly days: readonly Weekday[];
  /** Minutes since local midnight, `to` at most 1440. `to` at or before `from`: it ends on the next day. */
  readonly fromMinute: number;
  readonly toMinute: number;
  /** IANA name, `Europe/Berlin`. */
  readonly zone: string;
}

/** Whether a change may start at this moment. No window configured: always. */
export function isOpenAt(windows: readonly MaintenanceWindow[], at: number): boolean {
  return windows.length === 0 || windows.some((window) => covers(window, at));
}

/** When the next window opens, milliseconds since the epoch; `at` itself while one is open; null: never. */
export function nextOpening(windows: readonly MaintenanceWindow[], at: number): number | null {
  if (isOpenAt(windows, at)) return at;
  const openings = windows.flatMap((window) => openingOf(window, at) ?? []);
  return openings.length === 0 ? null : Math.min(...openings);
}

/** It opens where its hour begins, or on the quarter where the clocks go forward into it. */
function openingOf(window: MaintenanceWindow, at: number): number | null {
  const first = Math.floor(at / QUARTER_MS) * QUARTER_MS;
  for (let quarter = first; quarter <= first + LOOK_AHEAD_MS; quarter += QUARTER_MS) {
    const { minute } = wallClock(quarter, window.zone);
    const begins = quarter + ((window.fromMinute - minute + DAY_MINUTES) % DAY_MINUTES) * MINUTE_MS;
    const within = [quarter, begins].filter((moment) => moment > at && moment < quarter + QUARTER_MS);
    const found = within.find((moment) => covers(window, moment));
    if (found !== undefined) return found;
  }
  return null;
}

function covers({ days, fromMinute, toMinute, zone }: MaintenanceWindow, at: number): boolean {
  const { day, minute } = wallClock(at, zone);
  if (fromMinute < toMinute) return days.includes(day) && minute >= fromMinute && minute < toMinute;
  return (days.includes(day) && minute >= fromMinute) || (days.includes(dayBefore(day)) && minute < toMinute);
}

function dayBefore(day: Weekday): Weekday {
  return WEEKDAYS[(WEEKDAYS.indexOf(day) + 6) % 7] ?? day;
}

const clocks = new Map<string, Intl.DateTimeFormat>();

function wallClock(at: number, zone: string): { readonly day: Weekday; readonly minute: number } {
  const clock =
    clocks.get(zone) ??
    new Intl.DateTimeFormat('en-US', {
      timeZone: zone,
      weekday: 'short',
      hour: '2-digit',
      minute: '2-digit',
      hourCycle: 'h23',
    });
  clocks.set(zone, clock);
  const parts = Object.fromEntries(clock.formatToParts(at).map(({ type, value }) => [type, value]));
  const day = WEEKDAYS.find((one) => one === parts['weekday']?.toLowerCase()) ?? 'sun';
  return { day, minute: Number(parts['hour']) * 60 + Number(parts['minute']) };
}

/** `Tue, Thu 02:00–05:00 Europe/Berlin`. */
export function windowText({ days, fromMinute, toMinute, zone }: MaintenanceWindow): string {
  const named = days.map((day) => `${day.charAt(0).toUpperCase()}${day.slice(1)}`).join(', ');
  return `${named} ${clockText(fromMinute)}–${clockText(toMinute)} ${zone}`;
}

function clockText(minute: number): string {
  const two = (value: number): string => String(value).padStart(2, '0');
  return `${two(Math.floor(minute / 60))}:${two(minute % 60)}`;
}
