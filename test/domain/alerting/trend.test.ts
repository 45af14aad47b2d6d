import { describe, expect, it } from '@jest/globals';
import type { SizeSeries, Trend } from '../../../src/domain/alerting/past.js';
import { trendOf } from '../../../src/domain/alerting/trend.js';
import type { Snapshot } from '../../../src/domain/snapshot.js';
import {
  GIB,
  healthy,
  HOUR,
  IDS,
  MIB,
  MINUTE,
  NOW,
  withEveryMetrics,
  withMetrics,
  withoutFact,
} from '../../facts.js';
import { LEAST, seriesOf, sizesOver } from './sizes.js';

function at(minutes: number, snapshot: Snapshot, before: Trend | null): Trend {
  return trendOf({ series: [], snapshot, before, now: NOW + minutes * MINUTE, leastHistoryMs: LEAST });
}

function of(...series: readonly SizeSeries[]): Trend {
  return trendOf({ series, snapshot: healthy(), before: null, now: NOW, leastHistoryMs: LEAST });
}

const compactedTo = (compactRevision: number | null): Snapshot =>
  withEveryMetrics(healthy(), { compactRevision });

describe('since when nothing is compacted', () => {
  it('is counted from the first look, as long as the revision stands still', () => {
    const first = at(0, compactedTo(100), null);
    expect(first).toMatchObject({ compactRevision: 100, notCompactedSince: NOW });
    const second = at(5, compactedTo(100), first);
    const third = at(10, compactedTo(100), second);
    expect(third.notCompactedSince).toBe(NOW);
    expect(at(15, compactedTo(101), third)).toMatchObject({
      compactRevision: 101,
      notCompactedSince: NOW + 15 * MINUTE,
    });
  });

  it('goes on while the metrics are not read', () => {
    const first = at(0, compactedTo(100), null);
    const dark = at(5, withoutFact(healthy(), 'metrics'), first);
    expect(dark).toMatchObject({ compactRevision: 100, notCompactedSince: NOW });
    expect(at(10, compactedTo(100), dark).notCompactedSince).toBe(NOW);
    expect(at(10, compactedTo(101), dark).notCompactedSince).toBe(NOW + 10 * MINUTE);
  });

  it('takes the word of the member that is farthest', () => {
    const one = withMetrics(compactedTo(100), 'm2', { compactRevision: 140 });
    expect(at(0, one, null).compactRevision).toBe(140);
  });

  it('counts where nothing was ever compacted', () => {
    const first = at(0, compactedTo(-1), null);
    expect(at(60, compactedTo(-1), first)).toMatchObject({ compactRevision: -1, notCompactedSince: NOW });
  });

  it('is not known where nobody ever said', () => {
    const never = at(0, compactedTo(null), null);
    expect(never).toMatchObject({ compactRevision: null, notCompactedSince: null });
    expect(at(5, compactedTo(null), never).notCompactedSince).toBeNull();
    expect(at(10, compactedTo(7), never).notCompactedSince).toBe(NOW + 10 * MINUTE);
  });

  it('is never in the future, whatever the clock was', () => {
    const ahead = at(600, compactedTo(100), null);
    expect(at(0, compactedTo(100), ahead).notCompactedSince).toBe(NOW);
  });
});

describe('what was grown in four hours', () => {
  const growing = (hours: number, mibPerHour: number, member = 0): SizeSeries =>
    seriesOf(
      sizesOver(hours, (ago) => [GIB - ago * mibPerHour * MIB, 300 * MIB]),
      2 * GIB,
      member,
    );

  it.each([
    ['over four hours of a long history', [growing(48, 10)], 40],
    ['stretched from two hours', [growing(2, 10)], 40],
    ['of the fastest', [growing(48, 10), growing(48, 25, 1), growing(48, 3, 2)], 100],
    ['that shrank', [growing(48, -10)], -40],
  ])('%s', (_, series, mib) => {
    expect((of(...series).grownIn4hBytes ?? 0) / MIB).toBeCloseTo(mib, 6);
  });

  it('is not known from less than two hours, or from nothing', () => {
    expect(of(growing(1.9, 10)).grownIn4hBytes).toBeNull();
    expect(of().grownIn4hBytes).toBeNull();
    expect(of(growing(2, 10)).grownIn4hBytes).not.toBeNull();
  });

  it('counts from when a new member was given its data, and not before it has been there for two hours', () => {
    const given = (hoursAgo: number) =>
      seriesOf(
        sizesOver(3.5, (ago) => (ago > hoursAgo ? [MIB / 4, null] : [GIB - ago * 10 * MIB, null])),
        2 * GIB,
      );
    expect((of(given(3)).grownIn4hBytes ?? 0) / MIB).toBeCloseTo(40, 6);
    expect(of(given(1)).grownIn4hBytes).toBeNull();
  });

  it('ignores readings of the future', () => {
    const { points, ...rest } = growing(48, 10);
    const ahead = { at: NOW + HOUR, sizeBytes: 9 * GIB, inUseBytes: null };
    expect((of({ ...rest, points: [...points, ahead] }).grownIn4hBytes ?? 0) / MIB).toBeCloseTo(40, 6);
  });
});

it('knows the most that was in use of each member within the last day', () => {
  const tops = sizesOver(48, (ago) => [GIB, ago > 24 ? GIB : (300 + (ago > 12 ? 200 : 0)) * MIB]);
  expect(of(seriesOf(tops)).topInUseBytes).toEqual({ [IDS[0] ?? '']: 500 * MIB });
  expect(of(seriesOf(sizesOver(2, () => [GIB, null]))).topInUseBytes).toEqual({});
});

describe('the spark', () => {
  const ramp = (hours: number) => sizesOver(hours, (ago) => [(1000 - ago) * MIB, null]);

  it('is twenty-four sizes of the last day, evenly spread, the newest last', () => {
    const { spark } = of(seriesOf(ramp(48)));
    expect(spark).toHaveLength(24);
    expect(spark.at(-1)).toBe(1000 * MIB);
    expect((spark[0] ?? 0) / MIB).toBeCloseTo(976, 0);
    expect(spark).toEqual(spark.toSorted((a, b) => a - b));
  });

  it('is spread over what there is of a day', () => {
    const { spark } = of(seriesOf(ramp(2)));
    expect(spark).toHaveLength(24);
    expect(spark[0]).toBe(998 * MIB);
  });

  it('shows what was before it in a gap', () => {
    const gap = sizesOver(24, (ago) => (ago > 4 && ago < 20 ? null : [(ago >= 20 ? 100 : 200) * MIB, null]));
    const { spark } = of(seriesOf(gap));
    expect(spark.filter((size) => size === 100 * MIB)).toHaveLength(20);
  });

  it('is that of the fullest member', () => {
    const small = seriesOf(
      sizesOver(10, () => [GIB, null]),
      8 * GIB,
    );
    const full = seriesOf(
      sizesOver(10, () => [500 * MIB, null]),
      GIB,
      1,
    );
    expect(of(small, full).spark.at(-1)).toBe(500 * MIB);
  });

  it('is empty where there are less than two sizes', () => {
    expect(of(seriesOf([{ at: NOW, sizeBytes: 1, inUseBytes: null }])).spark).toEqual([]);
    expect(of().spark).toEqual([]);
  });
});

it('has the forecast of its series', () => {
  const leak = seriesOf(sizesOver(48, (ago) => [GIB, (1024 - 20 * ago) * MIB]));
  expect(of(leak).forecast).toMatchObject({ basis: 'in-use' });
  expect(of().forecast).toBeNull();
  expect(of(leak).at).toBe(NOW);
});
