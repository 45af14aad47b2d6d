/*
 * Bytes of many values from few. Of every group the first keys are read, all of them; of the others each with the same
 * chance. The first stand for themselves alone, the others for the rest, so that small groups are exact.
 */

/** Lengths that were read. */
export interface Sizes {
  readonly read: number;
  readonly sum: number;
  readonly squares: number;
}

export interface Stratum {
  /** Keys that are counted. */
  readonly keys: number;
  readonly first: Sizes;
  readonly others: Sizes;
}

export interface Estimate {
  readonly bytes: number;
  /** Of the estimate; 0: exact. */
  readonly variance: number;
}

export const NO_SIZES: Sizes = { read: 0, sum: 0, squares: 0 };
/** Two-sided, 95 %. */
const Z95 = 1.96;

export function withSize({ read, sum, squares }: Sizes, bytes: number): Sizes {
  return { read: read + 1, sum: sum + bytes, squares: squares + bytes * bytes };
}

export function sumOf(one: Sizes, other: Sizes): Sizes {
  return {
    read: one.read + other.read,
    sum: one.sum + other.sum,
    squares: one.squares + other.squares,
  };
}

export function estimateOf({ keys, first, others }: Stratum): Estimate {
  const rest = Math.max(0, keys - first.read);
  const all = { read: first.read + others.read, sum: first.sum + others.sum, squares: 0 };
  if (rest <= others.read) return { bytes: all.sum, variance: 0 };
  // Of the rest none was read: what came first has to stand for it.
  const basis = others.read > 0 ? others : first;
  if (basis.read === 0) return { bytes: 0, variance: 0 };
  const mean = basis.sum / basis.read;
  const spread = others.read > 1 ? others : sumOf(first, others);
  const unread = Math.max(0, 1 - others.read / rest);
  const variance = (rest * rest * varianceOf(spread) * unread) / Math.max(1, basis.read);
  return { bytes: first.sum + rest * mean, variance };
}

export function addEstimates(one: Estimate, other: Estimate): Estimate {
  return { bytes: one.bytes + other.bytes, variance: one.variance + other.variance };
}

/** Plus or minus so many bytes, with 95 % confidence. */
export function marginOf({ variance }: Estimate): number {
  return Z95 * Math.sqrt(variance);
}

function varianceOf({ read, sum, squares }: Sizes): number {
  return read < 2 ? 0 : Math.max(0, (squares - (sum * sum) / read) / (read - 1));
}
