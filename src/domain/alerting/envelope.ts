import type { SizePoint, SizeSeries } from './past.js';

/** The highest value within one window of time. */
export interface Peak {
  readonly at: number;
  readonly bytes: number;
}

/**
 * The upper envelope of a saw-tooth: what is in use rises between compactions and falls at each, and only its peaks matter.
 * etcd refuses writes by the physical size, and free pages are used again, so the file grows only when a peak is higher
 * than all before it.
 */
export interface Envelope {
  readonly basis: 'in-use' | 'physical';
  /** Oldest first, one for each window that has a reading. */
  readonly peaks: readonly Peak[];
}

/** Enough to see a line in, few enough to compare each with each. */
const WINDOWS = 48;
/** A forecast stands on no more than this: what was before tells little of now. */
const LOOK_BACK_MS = 14 * 86_400_000;

export function envelopeOf({ points }: SizeSeries, now: number): Envelope | null {
  const basis = points.some(({ inUseBytes }) => inUseBytes !== null) ? 'in-use' : 'physical';
  const read = inOrder(points, now).flatMap(({ at, sizeBytes, inUseBytes }) => {
    const bytes = basis === 'in-use' ? inUseBytes : sizeBytes;
    return bytes === null ? [] : [{ at, bytes }];
  });
  const [first, last] = [read[0], read.at(-1)];
  if (!first || !last || last.at === first.at) return null;
  const widthMs = (last.at - first.at) / WINDOWS;
  const peaks = new Map<number, Peak>();
  for (const one of read) {
    const window = Math.min(WINDOWS - 1, Math.floor((one.at - first.at) / widthMs));
    const known = peaks.get(window);
    if (!known || one.bytes >= known.bytes) peaks.set(window, one);
  }
  return { basis, peaks: [...peaks.values()] };
}

/** A clock that was wrong leaves readings of the future, or goes back: those are nobody's past. */
function inOrder(points: readonly SizePoint[], now: number): readonly SizePoint[] {
  const seen = points.filter(({ at }) => at <= now && at > now - LOOK_BACK_MS);
  return seen.filter((point, index) => index === 0 || point.at > (seen[index - 1]?.at ?? 0));
}

/** A fall by more than this share is a defragmentation, a compaction that was overdue, or a cleaned keyspace. */
const FALL = 0.15;
/** A rise within one window that is so many times the usual one, and most of all that was grown, is a step, no trend. */
const LEAP = 6;

/** The peaks since something else began: a fall, or a leap. What was before is not continued. */
export function sinceChange(peaks: readonly Peak[]): readonly Peak[] {
  const rises = peaks.slice(1).map(({ bytes }, index) => bytes - (peaks[index]?.bytes ?? 0));
  const usual = median(rises.map(Math.abs));
  const whole = rises.reduce((sum, rise) => sum + Math.max(0, rise), 0);
  const begins = rises.findLastIndex((rise, index) => {
    const before = peaks[index]?.bytes ?? 0;
    return rise < -FALL * before || (rise > LEAP * usual && rise > whole / 2);
  });
  return peaks.slice(begins + 1);
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? 0;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? upper) + upper) / 2;
}
