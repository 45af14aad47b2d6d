/*
 * What the monitor remembers of a cluster: sizes for weeks, thinned with age, and what happened on each member within the
 * last half hour, by the differences of its counters.
 */

/** One member's sizes at one moment, bytes. */
export interface SizePoint {
  readonly at: number;
  readonly sizeBytes: number;
  /** Null before etcd 3.4 where the metrics do not say it either. */
  readonly inUseBytes: number | null;
}

/** Sizes over a span of time that began at `at`: the largest of them, and the smallest and largest in use. */
export interface SizeBucket extends SizePoint {
  readonly spanMs: number;
  /** The lowest size in use within the span: what a compaction left. `inUseBytes` is the highest. */
  readonly leastInUseBytes: number | null;
}

/** A member's sizes, oldest first; a later row is finer, none overlaps another. */
export interface SizeSeries {
  readonly memberId: string;
  /** Decimal id → what people call it is in the snapshot; null: no quota is known. */
  readonly quotaBytes: number | null;
  readonly points: readonly (SizePoint | SizeBucket)[];
}

/** Prometheus buckets as they grew within a span: observations at or below each bound, in seconds, `Infinity` last. */
export interface Histogram {
  readonly bounds: readonly number[];
  /** Cumulative, as Prometheus has them. */
  readonly counts: readonly number[];
}

/** What one member did between two readings of its metrics; null: its version does not say. A restart leaves a gap. */
export interface Activity {
  readonly from: number;
  readonly to: number;
  readonly leaderChanges: number | null;
  readonly proposalsFailed: number | null;
  readonly slowApplies: number | null;
  readonly peerSendFailures: number | null;
  /** Without the streams of Watch and LeaseKeepAlive, which end with an error by nature. */
  readonly requests: { readonly handled: number; readonly failed: number } | null;
  readonly walFsync: Histogram | null;
  readonly backendCommit: Histogram | null;
  readonly peerRoundTrip: Histogram | null;
  /** Unary requests but Defragment; only where etcd runs with `--metrics=extensive`. */
  readonly unaryRequests: Histogram | null;
}

/** A member's last half hour, oldest first. */
export interface MemberActivity {
  readonly memberId: string;
  readonly activity: readonly Activity[];
}

/** When the quota will be reached, by how the sizes grew. Silent (null) where nothing can be said. */
export interface Forecast {
  readonly memberId: string;
  /** Milliseconds since the epoch. */
  readonly reachedAt: number;
  /** `in-use`: by the peaks between compactions; `physical`: the size in use is not known. */
  readonly basis: 'in-use' | 'physical';
  readonly confidence: 'high' | 'medium' | 'low';
  /** What it stands on. */
  readonly spanMs: number;
  readonly growthBytesPerDay: number;
  readonly quotaBytes: number;
  /** Where the line stood at the newest of the sizes; a member that is far below it now has been cleaned up since. */
  readonly levelBytes?: number | undefined;
  /** By the tops of many teeth: what is in use is below them most of the time, so only the file itself tells of a fall. */
  readonly byTops?: boolean | undefined;
}

/** What the sizes of weeks say, worked out now and then. */
export interface Trend {
  readonly at: number;
  /** The earliest of the members'. */
  readonly forecast: Forecast | null;
  /** Of the fastest growing member, over the last four hours, bytes; null: not enough is known. */
  readonly grownIn4hBytes: number | null;
  /** The most that was in use of each member within the last day, by member id, bytes: so much is needed again. */
  readonly topInUseBytes?: Readonly<Record<string, number>> | undefined;
  /** The highest revision that is compacted up to; null: never told. -1 where nothing was ever compacted. */
  readonly compactRevision?: number | null | undefined;
  /** Since when that one stands still, as far as it was watched; null: not known. */
  readonly notCompactedSince: number | null;
  /** The fullest member's, evenly spread over the last day, for a line of text; bytes. */
  readonly spark: readonly number[];
}
