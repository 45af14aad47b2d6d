import { describe, expect, it } from '@jest/globals';
import {
  isOpenAt,
  nextOpening,
  windowText,
  type MaintenanceWindow,
  type Weekday,
} from '../../src/domain/window.js';

function window(
  days: string,
  hours: readonly [from: number, to: number],
  zone = 'Europe/Berlin',
): MaintenanceWindow {
  return {
    days: days.split(' ') as Weekday[],
    fromMinute: hours[0],
    toMinute: hours[1],
    zone,
  };
}

function at(utc: string): number {
  return Date.parse(`${utc}Z`);
}

function shown(moment: number | null): string | null {
  return moment === null ? null : new Date(moment).toISOString().slice(0, 16);
}

const H = 60;
const TUE_THU = window('tue thu', [2 * H, 5 * H]);
/** Begins on Friday, ends on Saturday. */
const OVERNIGHT = window('fri', [22 * H, 5 * H]);
const SATURDAY = window('sat', [0, 24 * H]);
const SUNDAY = window('sun', [2 * H, 3 * H]);
const CUT = window('sun', [1 * H + 50, 2 * H + 30]);
const NEW_YORK = window('mon', [22 * H, 23 * H], 'America/New_York');
const KATHMANDU = window('mon', [2 * H, 3 * H], 'Asia/Kathmandu');

// Berlin: UTC+1 in winter, UTC+2 in summer. 2026-01-06, 2026-07-07 and 2026-03-24 are Tuesdays.
const OPEN: [string, MaintenanceWindow, string, boolean][] = [
  ['a minute before', TUE_THU, '2026-01-06T00:59:59', false],
  ['its first moment', TUE_THU, '2026-01-06T01:00:00', true],
  ['its last second', TUE_THU, '2026-01-06T03:59:59', true],
  ['its end', TUE_THU, '2026-01-06T04:00:00', false],
  ['the same hour in summer', TUE_THU, '2026-07-07T00:00:00', true],
  ['the winter hour in summer', TUE_THU, '2026-07-07T03:00:00', false],
  ['a day that is not listed', TUE_THU, '2026-01-07T02:00:00', false],
  ['the other day', TUE_THU, '2026-01-08T02:00:00', true],
  ['the evening of an overnight window', OVERNIGHT, '2026-01-09T21:00:00', true],
  ['just before that evening', OVERNIGHT, '2026-01-09T20:59:00', false],
  ['the night after it', OVERNIGHT, '2026-01-10T03:59:59', true],
  ['the end of that night', OVERNIGHT, '2026-01-10T04:00:00', false],
  ['the night before it', OVERNIGHT, '2026-01-09T02:00:00', false],
  ['the evening after it', OVERNIGHT, '2026-01-10T21:00:00', false],
  ['the last minute of a whole day', SATURDAY, '2026-01-10T22:59:00', true],
  ['the next day’s first minute', SATURDAY, '2026-01-10T23:00:00', false],
  ['its own first minute', SATURDAY, '2026-01-09T23:00:00', true],
  ['a day that is another one in UTC', NEW_YORK, '2026-01-06T03:30:00', true],
  ['a zone that is off by three quarters of an hour', KATHMANDU, '2026-01-04T20:15:00', true],
  ['a minute before, there', KATHMANDU, '2026-01-04T20:14:00', false],
  ['before the clocks go forward over it', SUNDAY, '2026-03-29T00:59:00', false],
  ['after the clocks went forward over it', SUNDAY, '2026-03-29T01:00:00', false],
  ['what is left of an hour that is skipped', CUT, '2026-03-29T00:59:00', true],
  ['where the clocks went forward out of it', CUT, '2026-03-29T01:00:00', false],
  ['an hour that comes twice, first', SUNDAY, '2026-10-25T00:30:00', true],
  ['an hour that comes twice, again', SUNDAY, '2026-10-25T01:30:00', true],
  ['after it came twice', SUNDAY, '2026-10-25T02:00:00', false],
];

describe('a window', () => {
  it.each(OPEN)('at %s', (_, one, moment, open) => {
    expect(isOpenAt([one], at(moment))).toBe(open);
  });

  it('is not needed: without any, it is always open', () => {
    const moment = at('2026-01-07T12:34:56');
    expect(isOpenAt([], moment)).toBe(true);
    expect(nextOpening([], moment)).toBe(moment);
  });

  it('is open beside others that are closed', () => {
    expect(isOpenAt([TUE_THU, SATURDAY], at('2026-01-10T12:00:00'))).toBe(true);
    expect(isOpenAt([TUE_THU, SATURDAY], at('2026-01-11T12:00:00'))).toBe(false);
  });
});

const NEXT: [string, readonly MaintenanceWindow[], string, string | null][] = [
  ['while it is open', [TUE_THU], '2026-01-06T02:17', '2026-01-06T02:17'],
  ['seconds before', [TUE_THU], '2026-01-06T00:59', '2026-01-06T01:00'],
  ['after its end', [TUE_THU], '2026-01-06T04:00', '2026-01-08T01:00'],
  ['over the weekend', [TUE_THU], '2026-01-08T04:00', '2026-01-13T01:00'],
  ['into an overnight window', [OVERNIGHT], '2026-01-10T04:00', '2026-01-16T21:00'],
  ['to the nearest of several', [OVERNIGHT, TUE_THU], '2026-01-06T04:00', '2026-01-08T01:00'],
  ['to the nearest of several, in any order', [TUE_THU, OVERNIGHT], '2026-01-08T04:00', '2026-01-09T21:00'],
  ['to a minute that is no quarter', [window('mon', [7, 37])], '2026-01-04T23:01', '2026-01-04T23:07'],
  ['to one of a few minutes', [window('mon', [7, 8])], '2026-01-01T00:00', '2026-01-04T23:07'],
  ['in another zone', [KATHMANDU], '2026-01-01T00:00', '2026-01-04T20:15'],
  ['over a change to summer time', [TUE_THU], '2026-03-26T05:00', '2026-03-31T00:00'],
  ['over a change to winter time', [TUE_THU], '2026-10-22T05:00', '2026-10-27T01:00'],
  [
    'where the clocks go forward into it',
    [window('sun', [150, 240])],
    '2026-03-28T12:00',
    '2026-03-29T01:00',
  ],
  ['where the clocks go forward over it', [SUNDAY], '2026-03-22T02:00', '2026-04-05T00:00'],
  ['where ten minutes of it are left', [CUT], '2026-03-28T12:07', '2026-03-29T00:50'],
  ['where its hour comes again', [window('sun', [120, 150])], '2026-10-25T00:30', '2026-10-25T01:00'],
  ['of no day', [{ ...TUE_THU, days: [] }], '2026-01-06T02:17', null],
];

describe('the next opening', () => {
  it.each(NEXT)('%s', (_, windows, from, opens) => {
    expect(shown(nextOpening(windows, at(from)))).toBe(opens);
  });

  it('is a whole minute, whatever the moment', () => {
    expect(nextOpening([TUE_THU], at('2026-01-06T00:59:59.999'))).toBe(at('2026-01-06T01:00:00'));
  });

  it('is never closed, and the minute before it never open', () => {
    const windows = [TUE_THU, OVERNIGHT, CUT, NEW_YORK];
    for (let hour = 0; hour < 24 * 30; hour += 11) {
      const from = at('2026-03-10T00:00') + hour * 3_600_000 + 7 * 60_000;
      const opens = nextOpening(windows, from) ?? 0;
      expect(isOpenAt(windows, opens)).toBe(true);
      expect(opens === from || !isOpenAt(windows, opens - 60_000)).toBe(true);
    }
  });
});

describe('the text of a window', () => {
  it.each([
    ['Tue, Thu 02:00–05:00 Europe/Berlin', TUE_THU],
    ['Fri 22:00–05:00 Europe/Berlin', OVERNIGHT],
    ['Sat 00:00–24:00 Europe/Berlin', SATURDAY],
    ['Mon 00:07–01:05 UTC', window('mon', [7, 65], 'UTC')],
  ])('is %s', (text, one) => {
    expect(windowText(one)).toBe(text);
  });
});
