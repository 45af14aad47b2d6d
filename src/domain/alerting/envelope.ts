import type { SizePoint, SizeSeries } from './past.js';

/** The highest value within a span of time. */
export interface Peak {
  readonly at: number;
  readonly bytes: number;
}

/** From one fall to the next: what is in use rises between compactions, and falls at each. */
export interface Tooth {
  /** Oldest first. */
  readonly points: readonly Peak[];
  readonly peak: Peak;
  readonly lengthMs: number;
}

/**
 * A saw-tooth. etcd refuses writes by the physical size, and free pages are used again, so the file grows only where a peak
 * of what is in use is higher than all before it: peaks tell where it goes, and what lies between them does not.
 */
export interface SawTooth {
  readonly basis: 'in-use' | 'physical';
  /** Oldest first; the last one goes on. */
  readonly teeth: readonly Tooth[];
}

/** A forecast stands on no more than this: what was before tells little of now. */
const LOOK_BACK_MS = 14 * 86_400_000;
/** A fall by more than this share ends a tooth: a compaction, a defragmentation, a cleaned keyspace. */
const FALL = 0.15;

export function sawToothOf({ points }: SizeSeries, now: number): SawTooth {
  const basis = points.some(({ inUseBytes }) => inUseBytes !== null) ? 'in-use' : 'physical';
  const read = inOrder(points, now).flatMap(({ at, sizeBytes, inUseBytes }) => {
    const bytes = basis === 'in-use' ? inUseBytes : sizeBytes;
    return bytes === null ? [] : [{ at, bytes }];
  });
  return { basis, teeth: teethOf(read) };
}

/** A clock that was wrong leaves readings of the future, or goes back: those are nobody's past. */
function inOrder(points: readonly SizePoint[], now: number): readonly SizePoint[] {
  let newest = now - LOOK_BACK_MS;
  return points.filter(({ at }) => {
    if (at > now || at <= newest) return false;
    newest = at;
    return true;
  });
}

function teethOf(read: readonly Peak[]): readonly Tooth[] {
  const teeth: Tooth[] = [];
  let begin = 0;
  let top = 0;
  for (const [index, { bytes }] of read.entries()) {
    if (bytes < (1 - FALL) * (read[top]?.bytes ?? 0)) {
      teeth.push(...toothOf(read.slice(begin, index), read[top]));
      begin = index;
      top = index;
    } else if (bytes >= (read[top]?.bytes ?? 0)) top = index;
  }
  return [...teeth, ...toothOf(read.slice(begin), read[top])];
}

function toothOf(points: readonly Peak[], peak: Peak | undefined): readonly Tooth[] {
  const [first, last] = [points[0], points.at(-1)];
  return first && last && peak ? [{ points, peak, lengthMs: last.at - first.at }] : [];
}

/** Enough to see a line in, few enough to compare each with each. */
const WINDOWS = 48;

/** The highest value of each window of a tooth. */
export function peaksOf({ points, lengthMs }: Tooth): readonly Peak[] {
  const origin = points[0]?.at ?? 0;
  const peaks = new Map<number, Peak>();
  for (const one of points) {
    const window = Math.min(WINDOWS - 1, Math.floor(((one.at - origin) * WINDOWS) / Math.max(1, lengthMs)));
    const known = peaks.get(window);
    if (!known || one.bytes >= known.bytes) peaks.set(window, one);
  }
  return [...peaks.values()];
}

/** A rise within one window that is so many times the usual one, and most of all that was grown, is a step, no trend. */
const LEAP = 6;

/** The peaks since the last leap. */
export function sinceLeap(peaks: readonly Peak[]): readonly Peak[] {
  const rises = risesOf(peaks);
  const usual = median(rises.map(Math.abs));
  const whole = rises.reduce((sum, rise) => sum + Math.max(0, rise), 0);
  return peaks.slice(rises.findLastIndex((rise) => rise > LEAP * usual && rise > whole / 2) + 1);
}

/** Growth goes on most of the time; a few steps with nothing between them are none. */
const LEAST_RISING = 1 / 4;

export function risesSteadily(peaks: readonly Peak[]): boolean {
  const rises = risesOf(peaks);
  return rises.filter((rise) => rise > 0).length >= rises.length * LEAST_RISING;
}

function risesOf(peaks: readonly Peak[]): readonly number[] {
  return peaks.slice(1).map(({ bytes }, index) => bytes - (peaks[index]?.bytes ?? 0));
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? 0;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? upper) + upper) / 2;
}
