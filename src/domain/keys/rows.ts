import { groupName } from '../keyspace-names.js';
import { addEstimates, marginOf, type Estimate } from './estimate.js';
import { bytesOf, type Group } from './groups.js';
import type { ChurnFigures, ChurnRow, KeyFigures, KeyRow, PastLook } from './report.js';

/** One for each group, most bytes first. */
export function keyRows(groups: readonly Group[], past: PastLook | null): readonly KeyRow[] {
  const rows = groups.map((group) => {
    const { prefix, keys, revisions, folded } = group;
    const bytes = bytesOf(group);
    const before = past && Object.hasOwn(past.rows, prefix) ? (past.rows[prefix] ?? null) : null;
    const name = groupName(prefix);
    return {
      ...{ prefix, name, keys, revisions, before },
      ...{ bytes: Math.round(bytes.bytes), margin: Math.round(marginOf(bytes)) },
      prefixes: Math.max(1, folded),
    };
  });
  return rows.sort((a, b) => b.bytes - a.bytes || b.keys - a.keys);
}

export function totalOf(groups: readonly Group[]): KeyFigures {
  const none: Estimate = { bytes: 0, variance: 0 };
  const bytes = groups.map(bytesOf).reduce(addEstimates, none);
  return {
    keys: sum(groups, ({ keys }) => keys),
    revisions: sum(groups, ({ revisions }) => revisions),
    bytes: Math.round(bytes.bytes),
    margin: Math.round(marginOf(bytes)),
  };
}

/** The first ones, and one row that stands for all the others; it has no prefix of its own. */
export function fewerKeyRows(rows: readonly KeyRow[], most: number): readonly KeyRow[] {
  if (rows.length <= most) return rows;
  const others = rows.slice(most - 1);
  return [
    ...rows.slice(0, most - 1),
    {
      ...{ prefix: '', name: null, before: null },
      keys: sum(others, ({ keys }) => keys),
      revisions: sum(others, ({ revisions }) => revisions),
      bytes: sum(others, ({ bytes }) => bytes),
      margin: Math.round(Math.sqrt(sum(others, ({ margin }) => margin ** 2))),
      prefixes: sum(others, ({ prefixes }) => prefixes),
    },
  ];
}

export function fewerChurnRows(rows: readonly ChurnRow[], most: number): readonly ChurnRow[] {
  if (rows.length <= most) return rows;
  const others = rows.slice(most - 1);
  const prefixes = sum(others, (row) => row.prefixes);
  return [...rows.slice(0, most - 1), { prefix: '', name: null, prefixes, ...figuresOf(others) }];
}

export function figuresOf(rows: readonly ChurnFigures[]): ChurnFigures {
  return {
    writes: sum(rows, ({ writes }) => writes),
    deletes: sum(rows, ({ deletes }) => deletes),
    bytes: sum(rows, ({ bytes }) => bytes),
  };
}

function sum<T>(values: readonly T[], of: (value: T) => number): number {
  return values.reduce((total, value) => total + of(value), 0);
}
