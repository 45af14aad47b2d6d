import type { Activity, Histogram } from './past.js';

/** A stretch of time, milliseconds since the epoch. */
export interface Window {
  readonly since: number;
  readonly until: number;
}

/** What was added up over the rows of a window, and how much of the window they cover. */
export interface Total {
  readonly sum: number;
  readonly ms: number;
}

export interface Spread {
  readonly histogram: Histogram;
  readonly ms: number;
}

export function windowOf(now: number, lengthMs: number): Window {
  return { since: now - lengthMs, until: now };
}

/** How much of the window the rows cover, milliseconds: less than its length where the metrics were not read. */
export function coveredMs(rows: readonly Activity[], window: Window): number {
  return rows.reduce((ms, row) => ms + overlapMs(row, window), 0);
}

/** A counter's increase within the window; a row that began before it counts by its share. Null: no row says. */
export function totalOf(
  rows: readonly Activity[],
  window: Window,
  pick: (row: Activity) => number | null,
): Total | null {
  const parts = partsOf(rows, window, pick);
  if (parts.length === 0) return null;
  return {
    sum: parts.reduce((sum, { value, share }) => sum + value * share, 0),
    ms: parts.reduce((ms, part) => ms + part.ms, 0),
  };
}

/** By a second; null: no row says. */
export function rateOf(total: Total | null): number | null {
  return total === null || total.ms <= 0 ? null : total.sum / (total.ms / 1000);
}

/** Buckets added up over the window. Rows with other bounds than the newest (another version) are left out. */
export function spreadOf(
  rows: readonly Activity[],
  window: Window,
  pick: (row: Activity) => Histogram | null,
): Spread | null {
  const parts = partsOf(rows, window, pick);
  const bounds = parts.at(-1)?.value.bounds;
  if (!bounds) return null;
  const alike = parts.filter(({ value }) => sameBounds(value.bounds, bounds));
  const counts = bounds.map((_, index) =>
    alike.reduce((sum, { value, share }) => sum + (value.counts[index] ?? 0) * share, 0),
  );
  return { histogram: { bounds, counts }, ms: alike.reduce((ms, part) => ms + part.ms, 0) };
}

export function observations({ counts }: Histogram): number {
  return counts.at(-1) ?? 0;
}

/**
 * The value that the share `q` of the observations does not pass, seconds: linear within its bucket, the lowest bucket
 * beginning at zero, and the largest finite bound where it lies beyond, as Prometheus' histogram_quantile. Null: there
 * is no observation.
 */
export function quantile(q: number, histogram: Histogram): number | null {
  const { bounds, counts } = histogram;
  const rank = q * observations(histogram);
  if (rank <= 0) return null;
  const index = counts.findIndex((count) => count >= rank);
  const upper = bounds[index];
  if (upper === undefined) return null;
  const lower = bounds[index - 1] ?? 0;
  if (upper === Infinity) return index === 0 ? null : lower;
  const below = counts[index - 1] ?? 0;
  return lower + (upper - lower) * ((rank - below) / ((counts[index] ?? 0) - below));
}

interface Part<T> {
  readonly value: T;
  /** Of the row that lies within the window. */
  readonly share: number;
  readonly ms: number;
}

function partsOf<T>(
  rows: readonly Activity[],
  window: Window,
  pick: (row: Activity) => T | null,
): readonly Part<T>[] {
  return rows.flatMap((row) => {
    const value = pick(row);
    const ms = overlapMs(row, window);
    return value === null || ms <= 0 ? [] : [{ value, ms, share: ms / (row.to - row.from) }];
  });
}

/** Never negative: rows from before a jump of the clock may lie in the future, or end before they begin. */
function overlapMs(row: Activity, window: Window): number {
  return Math.max(0, Math.min(row.to, window.until) - Math.max(row.from, window.since));
}

function sameBounds(one: readonly number[], other: readonly number[]): boolean {
  return one.length === other.length && one.every((bound, index) => bound === other[index]);
}
