import { envelopeOf, median, sinceChange, type Peak } from './envelope.js';
import type { Forecast, SizeSeries } from './past.js';

const DAY_MS = 86_400_000;
/** Nobody plans by what may be in more than a month. */
const FARTHEST_MS = 30 * DAY_MS;
const LEAST_PEAKS = 8;
/** Growth that is not well above the scatter of the peaks is no growth. */
const LEAST_CLARITY = 3;
const GOOD_CLARITY = 12;
/** How far ahead a history reaches, in its own lengths. */
const REACH = { high: 1, medium: 3, low: 10 } as const;

/** When the first member reaches its quota, if it goes on as it does; null: nothing can be said. */
export function forecastOf(
  series: readonly SizeSeries[],
  { now, leastHistoryMs }: { readonly now: number; readonly leastHistoryMs: number },
): Forecast | null {
  const all = series.flatMap((one) => ofMember(one, now, leastHistoryMs) ?? []);
  return all.toSorted((a, b) => a.reachedAt - b.reachedAt)[0] ?? null;
}

function ofMember(series: SizeSeries, now: number, leastHistoryMs: number): Forecast | null {
  const { quotaBytes, memberId } = series;
  if (quotaBytes === null || quotaBytes <= 0 || !Number.isFinite(quotaBytes)) return null;
  const envelope = envelopeOf(series, now);
  const peaks = sinceChange(envelope?.peaks ?? []);
  const [first, last] = [peaks[0], peaks.at(-1)];
  if (!envelope || !first || !last || peaks.length < LEAST_PEAKS) return null;
  const spanMs = last.at - first.at;
  // Sizes that were read long ago say nothing of today.
  if (spanMs < leastHistoryMs || now - last.at > Math.max(spanMs / 4, leastHistoryMs / 4)) return null;
  const line = lineThrough(peaks);
  const grown = line.perMs * spanMs;
  const clarity = grown / Math.max(line.scatter, 1);
  if (grown < quotaBytes / 200 || clarity < LEAST_CLARITY) return null;
  const leftMs = Math.max(0, (quotaBytes - line.at(last.at)) / line.perMs);
  const confidence = confidenceOf(leftMs / spanMs, clarity);
  const reachedAt = Math.max(now, last.at + leftMs);
  if (confidence === null || reachedAt - now > FARTHEST_MS) return null;
  return {
    memberId,
    reachedAt,
    basis: envelope.basis,
    confidence,
    spanMs,
    growthBytesPerDay: line.perMs * DAY_MS,
    quotaBytes,
  };
}

function confidenceOf(reach: number, clarity: number): Forecast['confidence'] | null {
  if (reach > REACH.low) return null;
  if (reach <= REACH.high && clarity >= GOOD_CLARITY) return 'high';
  return reach <= REACH.medium && clarity >= GOOD_CLARITY / 2 ? 'medium' : 'low';
}

interface Line {
  readonly perMs: number;
  /** Median distance of the peaks from it, bytes. */
  readonly scatter: number;
  at(moment: number): number;
}

/** Theil and Sen: the median of all slopes, which a few odd peaks do not move. */
function lineThrough(peaks: readonly Peak[]): Line {
  const slopes = peaks.flatMap((one, index) =>
    peaks.slice(index + 1).map((other) => (other.bytes - one.bytes) / (other.at - one.at)),
  );
  const perMs = median(slopes);
  const origin = peaks[0]?.at ?? 0;
  const start = median(peaks.map(({ at, bytes }) => bytes - perMs * (at - origin)));
  const at = (moment: number): number => start + perMs * (moment - origin);
  const scatter = median(peaks.map((peak) => Math.abs(peak.bytes - at(peak.at))));
  return { perMs, scatter, at };
}
