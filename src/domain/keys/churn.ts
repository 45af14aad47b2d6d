import type { ChangeCursor } from '../keyspace.js';
import { groupName, keyName, type BlockOwners } from '../keyspace-names.js';
import { depthOf, groupEnd, leastDepth, parentOf } from './layout.js';
import { figuresOf } from './rows.js';
import type { ChurnedKey, ChurnFigures, ChurnRow } from './report.js';

/** So many keys and prefixes are kept apart; when there are more, those that changed least give way. */
const MOST_KEYS = 4000;
const MOST_PREFIXES = 1000;
const MOST_LEASES = 10_000;
const KEYS_SHOWN = 10;

/** Sums of changes, of bounded size whatever comes. */
export interface Churn {
  add(change: ChangeCursor): void;
  total(): ChurnFigures;
  /** Most writes first. */
  rows(): readonly ChurnRow[];
  keys(owners: BlockOwners): readonly ChurnedKey[];
  created(): number;
  leased(): number;
  leases(): number;
  folded(): number;
}

type Sums = { -readonly [K in keyof ChurnFigures]: number } & { prefixes: number };

export function makeChurn(asked: string): Churn {
  const least = leastDepth(asked);
  const prefixes = new Map<string, Sums>();
  const keys = new Map<string, Sums>();
  const leaseIds = new Set<number>();
  const counts = { created: 0, leased: 0, folded: 0 };

  function foldPrefixes(): void {
    for (const [prefix, sums] of lesserHalf(prefixes)) {
      const parent = parentOf(prefix);
      if (parent === prefix) continue;
      prefixes.delete(prefix);
      const into = sumsAt(prefixes, parent);
      into.prefixes += sums.prefixes;
      addTo(into, sums);
      counts.folded++;
    }
  }

  function forgetKeys(): void {
    for (const [key] of lesserHalf(keys)) keys.delete(key);
  }

  return {
    add(change) {
      const key = change.bytes.subarray(change.start, change.end);
      const text = Buffer.from(key).toString();
      const depth = Math.max(depthOf(text), least);
      const prefix = Buffer.from(key.subarray(0, groupEnd(key, depth))).toString();
      if (prefixes.size >= MOST_PREFIXES && !prefixes.has(prefix)) foldPrefixes();
      if (keys.size >= MOST_KEYS && !keys.has(text)) forgetKeys();
      const figures = figuresIn(change);
      addTo(sumsAt(prefixes, prefix), figures);
      addTo(sumsAt(keys, text), figures);
      if (change.version === 1 && !change.deleted) counts.created++;
      if (change.lease === 0) return;
      counts.leased++;
      if (leaseIds.size < MOST_LEASES) leaseIds.add(change.lease);
    },
    total: () => figuresOf([...prefixes.values()]),
    rows: () =>
      ordered(prefixes).map(([prefix, { prefixes: folded, ...sums }]) => ({
        ...{ prefix, name: groupName(prefix), prefixes: Math.max(1, folded) },
        ...sums,
      })),
    keys: (owners) =>
      ordered(keys)
        .slice(0, KEYS_SHOWN)
        .map(([key, { writes, deletes, bytes }]) => ({
          ...{ key, name: keyName(key, owners), writes, deletes, bytes },
        })),
    created: () => counts.created,
    leased: () => counts.leased,
    leases: () => leaseIds.size,
    folded: () => counts.folded,
  };
}

function figuresIn({ deleted, start, end, valueBytes }: ChangeCursor): ChurnFigures {
  return deleted
    ? { writes: 0, deletes: 1, bytes: 0 }
    : { writes: 1, deletes: 0, bytes: end - start + valueBytes };
}

function sumsAt(sums: Map<string, Sums>, name: string): Sums {
  const known = sums.get(name) ?? { writes: 0, deletes: 0, bytes: 0, prefixes: 0 };
  sums.set(name, known);
  return known;
}

function addTo(sums: Sums, { writes, deletes, bytes }: ChurnFigures): void {
  sums.writes += writes;
  sums.deletes += deletes;
  sums.bytes += bytes;
}

function ordered(sums: ReadonlyMap<string, Sums>): readonly (readonly [string, Sums])[] {
  return [...sums].sort(([, a], [, b]) => changesOf(b) - changesOf(a) || b.bytes - a.bytes);
}

function lesserHalf(sums: ReadonlyMap<string, Sums>): readonly (readonly [string, Sums])[] {
  return ordered(sums).slice(sums.size >> 1);
}

function changesOf({ writes, deletes }: ChurnFigures): number {
  return writes + deletes;
}
