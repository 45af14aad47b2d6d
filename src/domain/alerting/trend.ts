import { membersOf } from '../members.js';
import { metricsOf } from '../readings.js';
import type { Snapshot } from '../snapshot.js';
import { forecastOf } from './forecast.js';
import type { SizePoint, SizeSeries, Trend } from './past.js';

export interface TrendInput {
  readonly series: readonly SizeSeries[];
  readonly snapshot: Snapshot;
  readonly before: Trend | null;
  readonly now: number;
  /** A forecast stands on no less than this, milliseconds. */
  readonly leastHistoryMs: number;
}

const HOUR_MS = 3_600_000;
const GROWTH_MS = 4 * HOUR_MS;
/** Less than that would be stretched too far. */
const LEAST_GROWTH_MS = 2 * HOUR_MS;
const DAY_MS = 24 * HOUR_MS;
const SPARKS = 24;

/** What the sizes of weeks say. */
export function trendOf({ series, snapshot, before, now, leastHistoryMs }: TrendInput): Trend {
  const compactRevision = compactedTo(snapshot);
  return {
    at: now,
    forecast: forecastOf(series, { now, leastHistoryMs }),
    grownIn4hBytes: grownIn4h(series, now),
    topInUseBytes: topsOf(series, now),
    compactRevision: compactRevision ?? before?.compactRevision ?? null,
    notCompactedSince: standsSince(before, compactRevision, now),
    spark: sparkOf(fullest(series), now),
  };
}

/** A compaction goes through raft: the farthest that a member tells holds for all. */
function compactedTo(snapshot: Snapshot): number | null {
  const read = metricsOf(membersOf(snapshot)).flatMap(({ value }) => value.compactRevision ?? []);
  return read.length === 0 ? null : Math.max(...read);
}

/** Since when the revision that is compacted up to has not moved, as far as it was watched. */
function standsSince(before: Trend | null, compactRevision: number | null, now: number): number | null {
  if (compactRevision === null) return before?.notCompactedSince ?? null;
  if (before?.compactRevision !== compactRevision) return now;
  return Math.min(now, before.notCompactedSince ?? before.at);
}

/** By the physical size, which is what etcd compares with the quota; stretched where less than four hours are known. */
function grownIn4h(series: readonly SizeSeries[], now: number): number | null {
  const grown = series.flatMap(({ points }) => {
    const lately = sinceFilled(points.filter(({ at }) => at <= now && at >= now - GROWTH_MS));
    const [first, last] = [lately[0], lately.at(-1)];
    if (!first || !last || last.at - first.at < LEAST_GROWTH_MS) return [];
    return [((last.sizeBytes - first.sizeBytes) * GROWTH_MS) / (last.at - first.at)];
  });
  return grown.length === 0 ? null : Math.max(...grown);
}

function topsOf(series: readonly SizeSeries[], now: number): Trend['topInUseBytes'] {
  const tops = series.flatMap(({ memberId, points }) => {
    const lately = points.filter(({ at }) => at <= now && at > now - DAY_MS);
    const inUse = lately.flatMap(({ inUseBytes }) => inUseBytes ?? []);
    return inUse.length === 0 ? [] : [[memberId, Math.max(...inUse)] as const];
  });
  return Object.fromEntries(tops);
}

/** From one look to the next no database becomes so many times as large by being written to. */
const LEAP = 2;

/** A member that is new, or was restored, is given all of its data at once: that is no growth. */
function sinceFilled(points: readonly SizePoint[]): readonly SizePoint[] {
  const leap = points.findLastIndex(
    ({ sizeBytes }, index) => sizeBytes > LEAP * (points[index - 1]?.sizeBytes ?? Infinity),
  );
  return points.slice(Math.max(0, leap));
}

function fullest(series: readonly SizeSeries[]): readonly SizePoint[] {
  const share = ({ points, quotaBytes }: SizeSeries): number =>
    (points.at(-1)?.sizeBytes ?? 0) / (quotaBytes ?? Infinity);
  return series.toSorted((a, b) => share(b) - share(a))[0]?.points ?? [];
}

/** Evenly over the last day, or over what there is of it; a gap shows what was before it. */
function sparkOf(points: readonly SizePoint[], now: number): readonly number[] {
  const lately = points.filter(({ at }) => at <= now && at > now - DAY_MS);
  const first = lately[0];
  if (!first || lately.length < 2) return [];
  const stepMs = (now - first.at) / (SPARKS - 1);
  let index = 0;
  return Array.from({ length: SPARKS }, (_, step) => {
    const moment = first.at + step * stepMs;
    while ((lately[index + 1]?.at ?? Infinity) <= moment) index += 1;
    return lately[index]?.sizeBytes ?? first.sizeBytes;
  });
}
