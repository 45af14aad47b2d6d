import type { Activity, Histogram, SizeBucket, SizePoint } from '../../domain/alerting/past.js';

const FIELD = 6;
/** All ones: not known. */
const NONE = 2 ** 48 - 1;

export function pointOf(row: Buffer): SizePoint {
  return { at: field(row, 0), sizeBytes: field(row, 1), inUseBytes: orNull(field(row, 2)) };
}

export function bucketOf(row: Buffer, spanMs: number): SizeBucket {
  return { ...pointOf(row), spanMs, leastInUseBytes: orNull(field(row, 3)) };
}

/** When a row began, whatever its kind. */
export function beginOf(row: Buffer): number {
  return field(row, 0);
}

function field(row: Buffer, index: number): number {
  return row.readUIntBE(index * FIELD, FIELD);
}

function orNull(value: number): number | null {
  return value === NONE ? null : value;
}

/** More than this is no etcd's: it is kept without its histograms, so that no target can fill the store. */
const MOST_TEXT = 1500;

type Packed = readonly [number, number, ...(number | null)[]];

/** As short as JSON can say it: half an hour of it has to fit into 16 KiB. */
export function packActivity(activity: Activity): string {
  const { from, to, requests, walFsync, backendCommit, peerRoundTrip, unaryRequests } = activity;
  const { leaderChanges, proposalsFailed, slowApplies, peerSendFailures } = activity;
  const plain = [leaderChanges, proposalsFailed, slowApplies, peerSendFailures];
  const head = [from, to - from, ...plain, requests?.handled ?? null, requests?.failed ?? null];
  const histograms = [walFsync, backendCommit, peerRoundTrip, unaryRequests].map(packHistogram);
  const text = JSON.stringify([head, ...histograms]);
  return text.length <= MOST_TEXT ? text : JSON.stringify([head, null, null, null, null]);
}

export function unpackActivity(text: string): Activity {
  const [head, ...histograms] = JSON.parse(text) as [Packed, ...(PackedHistogram | null)[]];
  const [from, tookMs, leaderChanges, proposalsFailed, slowApplies, peerSendFailures, handled, failed] = head;
  const histogram = (index: number): Histogram | null => unpackHistogram(histograms[index] ?? null);
  return {
    from,
    to: from + tookMs,
    leaderChanges: leaderChanges ?? null,
    proposalsFailed: proposalsFailed ?? null,
    slowApplies: slowApplies ?? null,
    peerSendFailures: peerSendFailures ?? null,
    requests: typeof handled === 'number' ? { handled, failed: failed ?? 0 } : null,
    walFsync: histogram(0),
    backendCommit: histogram(1),
    peerRoundTrip: histogram(2),
    unaryRequests: histogram(3),
  };
}

/** Bounds: as they are, or the first and how many, each twice the one before, which is how etcd has them. */
type PackedHistogram = readonly [bounds: readonly (number | 'x2')[], counts: readonly number[]];

/** Counts are kept bucket by bucket, not summed up: nearly all of them are zero then. */
function packHistogram(histogram: Histogram | null): PackedHistogram | null {
  if (!histogram) return null;
  const finite = histogram.bounds.filter((bound) => Number.isFinite(bound));
  const [first = 0] = finite;
  const doubling = finite.every((bound, index) => bound === first * 2 ** index);
  const counts = histogram.counts.map((count, index) => count - (histogram.counts[index - 1] ?? 0));
  return [doubling ? [first, 'x2', finite.length] : finite, counts];
}

function unpackHistogram(packed: PackedHistogram | null): Histogram | null {
  if (!packed) return null;
  const [bounds, counts] = packed;
  let sum = 0;
  return { bounds: [...boundsOf(bounds), Infinity], counts: counts.map((count) => (sum += count)) };
}

function boundsOf(packed: PackedHistogram[0]): readonly number[] {
  const numbers = packed.filter((bound) => bound !== 'x2');
  if (numbers.length === packed.length) return numbers;
  const [first = 0, length = 0] = numbers;
  return Array.from({ length }, (_, index) => first * 2 ** index);
}
