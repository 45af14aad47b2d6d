import { WEEKDAYS, type MaintenanceWindow } from '../../../src/domain/window.js';
import { DAY } from '../../facts.js';
import type { HOURS } from './events.js';

const always = { days: WEEKDAYS, fromMinute: 0, toMinute: 0, zone: 'UTC' };

/** `closed`: until the day after tomorrow. `soon`: opens then, for a day. */
export function windowsOf(
  which: (typeof HOURS)[number],
  now: number,
  soonAt: number,
): readonly MaintenanceWindow[] {
  if (which === 'none') return [];
  if (which === 'open') return [always];
  const opens = new Date(which === 'closed' ? now + 2 * DAY : soonAt);
  const minute = which === 'closed' ? 0 : opens.getUTCHours() * 60 + opens.getUTCMinutes();
  return [{ ...always, days: [WEEKDAYS[opens.getUTCDay()] ?? 'sun'], fromMinute: minute, toMinute: minute }];
}
