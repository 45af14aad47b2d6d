import { describe, expect, it } from '@jest/globals';
import { forecastOf } from '../../../src/domain/alerting/forecast.js';
import type { Forecast, SizePoint } from '../../../src/domain/alerting/past.js';
import { DAY, GIB, HOUR, IDS, MIB, NOW } from '../../facts.js';
import { LEAST, noise, seriesOf, sizesOver } from './sizes.js';

function of(points: readonly SizePoint[], quotaBytes: number | null = 2 * GIB): Forecast | null {
  return forecastOf([seriesOf(points, quotaBytes)], { now: NOW, leastHistoryMs: LEAST });
}

/** In use: so many MiB now, grown by so much an hour, and a tooth that a compaction every ten minutes makes. */
function leak(nowMib: number, mibPerHour: number, toothMib = 0): (ago: number) => [number, number] {
  return (ago) => {
    const tooth = Math.round(ago * 12) % 2 === 0 ? toothMib : 0;
    const inUse = (nowMib - toothMib - mibPerHour * ago + tooth) * MIB;
    return [1.9 * GIB, inUse];
  };
}

/** Hours until what is in use reaches 2 GiB. */
const trueHours = (nowMib: number, mibPerHour: number): number => (2048 - nowMib) / mibPerHour;

describe('the forecast', () => {
  it.each([
    ['two days of a plain leak', 48, 1024, 20, 0],
    ['two days of a leak with a tooth', 48, 1024, 20, 100],
    ['half a day of a leak with a large tooth', 12, 1500, 40, 300],
    ['a week of a slow one', 168, 1500, 4, 100],
    ['seven hours of a fast one', 7, 1200, 60, 60],
  ])('%s: the true hour, give or take a tenth', (_, hours, nowMib, perHour, tooth) => {
    const forecast = of(sizesOver(hours, leak(nowMib, perHour, tooth)));
    const left = ((forecast?.reachedAt ?? NOW) - NOW) / HOUR;
    const expected = trueHours(nowMib, perHour);
    expect(left).toBeGreaterThan(expected * 0.9);
    expect(left).toBeLessThan(expected * 1.1);
    expect(forecast).toMatchObject({ memberId: IDS[0], basis: 'in-use', quotaBytes: 2 * GIB });
    expect((forecast?.growthBytesPerDay ?? 0) / (24 * MIB)).toBeCloseTo(perHour, 0);
    expect(forecast?.spanMs).toBeGreaterThanOrEqual(LEAST);
  });

  it('stands at no more than what was read, also where the sizes have come to a halt', () => {
    const halting = sizesOver(12, (ago) => [2 * GIB, (1900 - 40 * Math.max(0, ago - 0.5)) * MIB]);
    expect(of(halting)).toMatchObject({ levelBytes: 1900 * MIB, byTops: false });
    expect(of(sizesOver(12, leak(1500, 40, 300)))).toMatchObject({ byTops: true });
  });

  it('is none any more where the growth has ended some time ago', () => {
    const filled = (hoursAgo: number) =>
      sizesOver(24, (ago) => [2 * GIB, (1500 - 40 * Math.max(0, ago - hoursAgo)) * MIB]);
    expect(of(filled(0))).not.toBeNull();
    expect(of(filled(6))).toBeNull();
  });

  it('is not thrown off by scatter', () => {
    const scattered = sizesOver(48, (ago) => [GIB, (1024 - 20 * ago + 15 * noise(ago * 12)) * MIB]);
    const left = ((of(scattered)?.reachedAt ?? NOW) - NOW) / HOUR;
    expect(Math.abs(left - trueHours(1024, 20)) / trueHours(1024, 20)).toBeLessThan(0.1);
  });

  // Ten days, asked every three hours: whether anything would be told, and whether before the second tooth.
  it.each([
    [1, 1.4],
    [6, 1.4],
    [12, 1.7],
    [24, 1.75],
  ])('takes no healthy saw-tooth of %d h for growth, whose first rise is a guess', (hours, top) => {
    const tooth = (ago: number): number => (((240 - ago) % hours) / hours) * (top - 0.8) + 0.8;
    const points = sizesOver(240, (ago) => [2 * GIB, tooth(ago) * GIB], 10 * 60_000);
    const told: string[] = [];
    for (let since = 6; since <= 240; since += 3) {
      const now = NOW - (240 - since) * HOUR;
      const seen = points.filter(({ at }) => at <= now);
      const forecast = forecastOf([seriesOf(seen)], { now, leastHistoryMs: LEAST });
      const soon = forecast !== null && forecast.reachedAt - now <= 3 * DAY;
      if (soon && (forecast.confidence !== 'low' || since > hours * 1.1))
        told.push(`after ${String(since)} h`);
    }
    expect(told).toEqual([]);
  });

  it.each<readonly [string, Forecast | null]>([
    [
      'it has gone up in two steps',
      of(sizesOver(30, (ago) => [GIB, (ago > 20 ? 1 : ago > 10 ? 1.2 : 1.4) * GIB])),
    ],
    [
      'it has gone up in three steps',
      of(sizesOver(40, (ago) => [GIB, (1.45 - 0.15 * Math.floor(ago / 10.1)) * GIB])),
    ],
    ['no quota is known', of(sizesOver(48, leak(1024, 20)), null)],
    ['there is no quota', of(sizesOver(48, leak(1024, 20)), Infinity)],
    ['the quota is negative, which is etcd’s word for none', of(sizesOver(48, leak(1024, 20)), -1)],
    ['it shrinks', of(sizesOver(48, leak(1024, -10)))],
    ['it stands still', of(sizesOver(48, () => [GIB, 900 * MIB]))],
    ['it is flat but for noise', of(sizesOver(48, (ago) => [GIB, (900 + 40 * noise(ago * 12)) * MIB]))],
    ['the history is too short', of(sizesOver(5.9, leak(1024, 60)))],
    ['there is no history', of([])],
    ['it is more than thirty days away', of(sizesOver(168, leak(1024, 1)))],
    ['it is farther than ten times the history', of(sizesOver(8, leak(1024, 10)))],
    ['the last reading is old', of(sizesOver(48, leak(1024, 20)).filter(({ at }) => at < NOW - 13 * HOUR))],
  ])('is silent where %s', (_, forecast) => {
    expect(forecast).toBeNull();
  });

  it('begins with six hours', () => {
    expect(of(sizesOver(6.2, leak(1024, 60)))).not.toBeNull();
  });

  it('is silent right after a defragmentation, and stands on what follows it later', () => {
    const physical = (since: number) =>
      sizesOver(48, (ago) => [(ago > since ? 1900 : 1000 - 20 * ago) * MIB, null]);
    for (const since of [4, 12]) expect(of(physical(since))).toBeNull();
    const later = of(physical(30));
    expect(later?.basis).toBe('physical');
    expect(later?.spanMs).toBeLessThanOrEqual(30 * HOUR);
    expect(((later?.reachedAt ?? NOW) - NOW) / HOUR).toBeCloseTo(trueHours(1000, 20), 0);
  });

  it('takes nothing from a cliff', () => {
    const cliff = (ago: number) => sizesOver(48, (at) => [2 * GIB, (at > ago ? 500 : 1500) * MIB]);
    for (const ago of [0, 1, 6, 12, 24, 40]) expect(of(cliff(ago))).toBeNull();
    const toothed = (ago: number) =>
      sizesOver(48, (at) => [2 * GIB, (at > ago ? 500 : 1500) * MIB + 20 * MIB * noise(at * 12)]);
    for (const ago of [0, 1, 6, 12, 24, 40]) expect(of(toothed(ago))).toBeNull();
  });

  it('takes the physical size where what is in use is not known', () => {
    const forecast = of(sizesOver(48, (ago) => [(1024 - 20 * ago) * MIB, null]));
    expect(forecast?.basis).toBe('physical');
    expect(((forecast?.reachedAt ?? NOW) - NOW) / HOUR).toBeCloseTo(trueHours(1024, 20), 0);
  });

  it('does not look at a physical size that grows where what is in use does not', () => {
    expect(of(sizesOver(48, (ago) => [(1500 - 20 * ago) * MIB, 400 * MIB]))).toBeNull();
  });

  it('is now where the quota is reached already', () => {
    expect(of(sizesOver(48, leak(2060, 20)))?.reachedAt).toBe(NOW);
  });

  it.each([
    ['high', 'a history longer than what is left', 1600, 20],
    ['medium', 'what is left is up to three times as long', 1024, 10],
    ['low', 'what is left is more than three times as long', 1024, 5],
  ] as const)('has %s confidence: %s', (confidence, _, nowMib, perHour) => {
    expect(of(sizesOver(48, leak(nowMib, perHour)))?.confidence).toBe(confidence);
  });

  it('has low confidence where the peaks scatter', () => {
    const scattered = sizesOver(48, (ago) => [GIB, (1600 - 4 * ago + 80 * noise(Math.round(ago))) * MIB]);
    expect(of(scattered)?.confidence).toBe('low');
  });

  it('ignores readings of the future', () => {
    const points = sizesOver(48, leak(1024, 20));
    const ahead = { at: NOW + DAY, sizeBytes: 2 * GIB, inUseBytes: 2 * GIB };
    expect(of([...points, ahead])).toEqual(of(points));
  });

  it('is that of the member that is there first', () => {
    const [slow, fast] = [sizesOver(48, leak(1024, 10)), sizesOver(48, leak(1024, 30))];
    const both = forecastOf([seriesOf(slow), seriesOf(fast, 2 * GIB, 1)], {
      now: NOW,
      leastHistoryMs: LEAST,
    });
    expect(both?.memberId).toBe(IDS[1]);
  });
});
