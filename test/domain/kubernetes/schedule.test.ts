import { describe, expect, it } from '@jest/globals';
import { runsPerHour } from '../../../src/domain/kubernetes/schedule.js';

describe('how often a schedule comes due an hour, over a day', () => {
  it.each<[string, number | null]>([
    ['* * * * *', 60],
    ['*/5 * * * *', 12],
    ['*/7 * * * *', 9],
    ['3-59/10 * * * *', 6],
    ['30/10 * * * *', 3],
    ['0 * * * *', 1],
    ['0,15,15,45 * * * *', 3],
    ['0-4 * * * *', 5],
    ['* 9-17 * * 1-5', 22.5],
    ['0 3 * * *', 1 / 24],
    ['? * * * *', 60],
    ['CRON_TZ=Europe/Berlin */30 * * * *', 2],
    ['TZ=UTC */30 * * * *', 2],
    ['@hourly', 1],
    ['@Daily', 1 / 24],
    ['@every 90s', 40],
    ['@every 1h30m', 2 / 3],
    ['@every soon', null],
    ['@reboot', null],
    ['61 * * * *', null],
    ['5-1 * * * *', null],
    ['*/0 * * * *', null],
    ['x * * * *', null],
    ['* * * *', null],
    ['', null],
  ])('%s: %s', (schedule, runs) => {
    const told = runsPerHour(schedule);
    if (runs === null) expect(told).toBeNull();
    else expect(told).toBeCloseTo(runs, 9);
  });
});
