import {
  median,
  peaksOf,
  risesSteadily,
  sawToothOf,
  sinceLeap,
  type Peak,
  type SawTooth,
} from './envelope.js';
import type { Forecast, SizeSeries } from './past.js';

const DAY_MS = 86_400_000;
/** Nobody plans by what may be in more than a month. */
const FARTHEST_MS = 30 * DAY_MS;
const LEAST_PEAKS = 8;
const LEAST_TEETH = 4;
/** Growth that is not well above the scatter of the peaks is no growth. */
const LEAST_CLARITY = 3;
const GOOD_CLARITY = 12;
/** How far ahead a history reaches, in its own lengths. */
const REACH = { high: 1, medium: 3, low: 10 } as const;
/**
 * So many times the least history has to be watched before a rise is more than a guess: it may be the first part of a slow
 * saw-tooth, or of a day's wave. A day where the least is six hours.
 */
const SURE = 4;
/** A rise has to last so much longer than the one before it to be another thing. */
const LONGER = 1.2;

interface Moment {
  readonly now: number;
  readonly leastHistoryMs: number;
}

/** When the first member reaches its quota, if it goes on as it does; null: nothing can be said. */
export function forecastOf(series: readonly SizeSeries[], moment: Moment): Forecast | null {
  const all = series.flatMap((one) => ofMember(one, moment) ?? []);
  return all.toSorted((a, b) => a.reachedAt - b.reachedAt)[0] ?? null;
}

function ofMember(series: SizeSeries, moment: Moment): Forecast | null {
  const { now, leastHistoryMs } = moment;
  const { quotaBytes, memberId } = series;
  if (quotaBytes === null || quotaBytes <= 0 || !Number.isFinite(quotaBytes)) return null;
  const sawTooth = sawToothOf(series, now);
  const { peaks, byTops } = peaksThatCount(sawTooth, moment);
  const [first, last] = [peaks[0], peaks.at(-1)];
  if (!first || !last || !risesSteadily(peaks)) return null;
  const spanMs = last.at - first.at;
  // Sizes that were read long ago say nothing of today.
  if (spanMs < leastHistoryMs || now - last.at > Math.max(spanMs / 4, leastHistoryMs / 4)) return null;
  const line = lineThrough(peaks);
  if (hasHalted(peaks, line)) return null;
  const grown = line.perMs * spanMs;
  const clarity = grown / Math.max(line.scatter, 1);
  if (grown < quotaBytes / 200 || clarity < LEAST_CLARITY) return null;
  const leftMs = Math.max(0, (quotaBytes - line.at(last.at)) / line.perMs);
  const confidence = confidenceOf(leftMs / spanMs, clarity, spanMs >= SURE * leastHistoryMs);
  const reachedAt = Math.max(now, last.at + leftMs);
  if (confidence === null || reachedAt - now > FARTHEST_MS) return null;
  const growthBytesPerDay = line.perMs * DAY_MS;
  const { basis } = sawTooth;
  // The line goes on where the sizes have come to a halt.
  const levelBytes = Math.min(line.at(last.at), last.bytes);
  const grounds = { basis, confidence, spanMs, levelBytes, byTops };
  return { memberId, reachedAt, growthBytesPerDay, quotaBytes, ...grounds };
}

/** The last part of what it stands on, and how much of the whole's pace that has to have kept. */
const RECENT = 1 / 4;
const LEAST_PACE = 1 / 4;
const LEAST_RECENT = 4;

/** It grew, and does no more: a line through all of it would go on for as long again. What scatters hides that. */
function hasHalted(peaks: readonly Peak[], { perMs }: Line): boolean {
  const recent = peaks.slice(-Math.max(LEAST_RECENT, Math.ceil(peaks.length * RECENT)));
  const [first, last] = [recent[0], recent.at(-1)];
  if (!first || !last) return false;
  const line = lineThrough(recent);
  const expected = perMs * (last.at - first.at);
  return expected > LEAST_CLARITY * line.scatter && line.perMs < perMs * LEAST_PACE;
}

/**
 * What goes on is judged by itself once it lasts longer than every rise before it: then nothing falls any more, or somebody
 * has cleaned up once. Until then only the tops of many teeth tell where they go.
 */
function peaksThatCount({ teeth }: SawTooth, { leastHistoryMs }: Moment): Peaks {
  const last = teeth.at(-1);
  if (!last) return { peaks: [], byTops: false };
  const before = teeth.slice(0, -1);
  const longestMs = Math.max(0, ...before.map(({ lengthMs }) => lengthMs));
  if (last.lengthMs > LONGER * Math.min(longestMs, SURE * leastHistoryMs)) {
    const peaks = sinceLeap(peaksOf(last));
    return { peaks: peaks.length < LEAST_PEAKS ? [] : peaks, byTops: false };
  }
  // The first one may have begun before it was watched; the last one has not ended.
  const whole = before.slice(1).map(({ peak }) => peak);
  return { peaks: whole.length < LEAST_TEETH ? [] : sinceLeap(whole.slice(-MOST_TEETH)), byTops: true };
}

interface Peaks {
  readonly peaks: readonly Peak[];
  readonly byTops: boolean;
}

const MOST_TEETH = 48;

function confidenceOf(reach: number, clarity: number, sure: boolean): Forecast['confidence'] | null {
  if (reach > REACH.low) return null;
  if (!sure) return 'low';
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
