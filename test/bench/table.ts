import { median, medianRatio, type Pair } from './statistics.js';

/** One line of the result. */
export interface Row {
  readonly name: string;
  readonly ours: string;
  readonly theirs: string;
  readonly ratio: string;
  readonly limit: string;
  readonly met: boolean;
}

export interface Comparison {
  readonly name: string;
  readonly pairs: readonly Pair[];
  readonly mostRatio: number;
}

export function compared({ name, pairs, mostRatio }: Comparison): Row {
  const ratio = medianRatio(pairs);
  return {
    name,
    ours: milliseconds(median(pairs.map((pair) => pair.ours))),
    theirs: milliseconds(median(pairs.map((pair) => pair.theirs))),
    ratio: ratio.toFixed(2),
    limit: `≤ ${mostRatio.toFixed(2)}`,
    met: ratio <= mostRatio,
  };
}

export function milliseconds(ms: number): string {
  return `${ms.toFixed(ms < 100 ? 1 : 0)} ms`;
}

const HEAD = ['', 'ours', 'theirs', 'ratio', 'limit', ''];

export function table(rows: readonly Row[]): string {
  const cells = rows.map(({ name, ours, theirs, ratio, limit, met }) => [
    ...[name, ours, theirs, ratio, limit, met ? '✓' : '✗ missed'],
  ]);
  const all = [HEAD, ...cells];
  const widths = HEAD.map((_, column) => Math.max(...all.map((row) => (row[column] ?? '').length)));
  const line = (row: readonly string[]): string =>
    row
      .map((cell, column) =>
        column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0),
      )
      .join('  ');
  return all.map(line).join('\n');
}
