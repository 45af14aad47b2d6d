/** Nearest rank: with few values the 99th percentile is the worst one, never something milder than was seen. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  const value = sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)];
  if (value === undefined) throw new Error('no values to take a percentile of');
  return value;
}

export function median(values: readonly number[]): number {
  return (percentile(values, 0.5) + percentile(values, 0.5 + 1 / (2 * values.length))) / 2;
}

/** One measurement of ours beside one of theirs, milliseconds, taken right after each other. */
export interface Pair {
  readonly ours: number;
  readonly theirs: number;
}

/** Pair by pair, so that a machine that was busy for a while weighs on both sides of the fraction. */
export function medianRatio(pairs: readonly Pair[]): number {
  return median(pairs.map(({ ours, theirs }) => ours / theirs));
}
