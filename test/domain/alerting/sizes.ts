import type { Forecast, SizePoint, SizeSeries, Trend } from '../../../src/domain/alerting/past.js';
import { GIB, HOUR, IDS, MINUTE, NOW } from '../../facts.js';

export const LEAST = 6 * HOUR;

/** What is read at a moment, so many hours before now; null: no reading. */
export type Sizes = (hoursAgo: number) => readonly [sizeBytes: number, inUseBytes: number | null] | null;

/** A reading every five minutes over so many hours, the last one now. */
export function sizesOver(hours: number, sizes: Sizes, stepMs = 5 * MINUTE): readonly SizePoint[] {
  const count = Math.round((hours * HOUR) / stepMs);
  return Array.from({ length: count + 1 }, (_, index) => (count - index) * stepMs).flatMap((agoMs) => {
    const read = sizes(agoMs / HOUR);
    return read ? [{ at: NOW - agoMs, sizeBytes: read[0], inUseBytes: read[1] }] : [];
  });
}

export function seriesOf(
  points: readonly SizePoint[],
  quotaBytes: number | null = 2 * GIB,
  member = 0,
): SizeSeries {
  return { memberId: IDS[member] ?? '', quotaBytes, points };
}

/** Between -1 and 1, the same for the same number, scattered. */
export function noise(seed: number): number {
  let mixed = Math.imul(Math.round(seed) ^ 0x9e3779b9, 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return ((mixed ^ (mixed >>> 16)) >>> 0) / 2 ** 31 - 1;
}

export function forecast(patch: Partial<Forecast> = {}): Forecast {
  return {
    memberId: IDS[1] ?? '',
    reachedAt: NOW + 24 * HOUR,
    basis: 'in-use',
    confidence: 'high',
    spanMs: 48 * HOUR,
    growthBytesPerDay: GIB,
    quotaBytes: 2 * GIB,
    ...patch,
  };
}

export function trend(patch: Partial<Trend> = {}): Trend {
  return {
    at: NOW,
    forecast: null,
    grownIn4hBytes: 0,
    compactRevision: 1_203_911,
    notCompactedSince: NOW,
    spark: [],
    ...patch,
  };
}
