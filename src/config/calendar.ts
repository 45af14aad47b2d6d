import { z } from 'zod';
import type { Verdict } from '../domain/errors.js';
import { no, yes } from '../domain/errors.js';
import { WEEKDAYS, type Weekday } from '../domain/window.js';
import { settle } from './scalars.js';

/* Days, hours and time zones, as people write them. */

export const Day = z
  .string()
  .meta({ description: 'A day of the week', pattern: `^(${WEEKDAYS.join('|')})$` })
  .transform((given, context) => settle(parseDay(given), context));

function parseDay(given: string): Verdict<Weekday> {
  const day = WEEKDAYS.find((known) => known === given.toLowerCase());
  if (day !== undefined) return yes(day);
  const meant = WEEKDAYS.find((known) => given.toLowerCase().startsWith(known));
  const hint = meant === undefined ? `write one of: ${WEEKDAYS.join(', ')}` : `did you mean \`${meant}\`?`;
  return no(`is not a day; ${hint}`);
}

/** `02:00` → minutes since midnight. */
export function clock(about: string, lastMinute: number) {
  const pattern = '^(([01]\\d|2[0-3]):[0-5]\\d|24:00)$';
  const source = z.string({ error: clockType }).meta({ description: about, pattern });
  return source.transform((given, context) => settle(parseClock(given, lastMinute), context));
}

/** YAML 1.1 takes 02:00 without quotes for the number 120. */
function clockType(issue: { readonly input?: unknown }): string | undefined {
  return typeof issue.input === 'number' ? 'is not a time; write it in quotes, such as "02:00"' : undefined;
}

function parseClock(given: string, lastMinute: number): Verdict<number> {
  const found = /^(\d\d):([0-5]\d)$/.exec(given);
  if (found === null) return no('is not a time; write it as HH:MM in quotes, such as "02:00"');
  const minute = Number(found[1]) * 60 + Number(found[2]);
  if (minute <= lastMinute) return yes(minute);
  return no(
    lastMinute < 1440 ? 'must be "00:00" to "23:59"' : 'must be "00:00" to "24:00", the end of the day',
  );
}

export const Zone = z
  .string()
  .meta({ description: 'IANA time zone, such as Europe/Berlin' })
  .transform((given, context) => settle(parseZone(given), context));

/** An offset such as +02:00 is no zone: it would miss the change of the clocks. */
function parseZone(given: string): Verdict<string> {
  return /^[a-z]/i.test(given) && isZone(given)
    ? yes(given)
    : no('is not a time zone; use a name such as Europe/Berlin');
}

function isZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en-US', { timeZone: name }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}
