import type { KeyCursor } from '../keyspace.js';
import { depthOf, groupEnd, leastDepth, parentOf } from './layout.js';
import { estimateOf, NO_SIZES, sumOf, withSize, type Estimate, type Sizes } from './estimate.js';

/**
 * As many prefixes are kept apart; a keyspace with more of them (a million first folders) is folded into the folders
 * above, the smallest first, so that memory does not depend on it.
 */
export const MOST_GROUPS = 1000;

export interface Group {
  readonly prefix: string;
  /** How many prefixes were folded into this one; 0: it is one of its own. */
  folded: number;
  /** Where it was folded into; lengths of its values that come later count there. */
  into: Group | null;
  keys: number;
  /** How often its keys were written since they were created, all together. */
  revisions: number;
  /** The bytes of the keys themselves. */
  keyBytes: number;
  /** How many of its first keys were asked for their values' lengths. */
  asked: number;
  first: Sizes;
  others: Sizes;
}

export interface Groups {
  /** Counts the key, and answers its group. Keys come in their order. */
  add(key: KeyCursor): Group;
  list(): readonly Group[];
  /** How many prefixes were folded into others for lack of room. */
  folded(): number;
}

export function makeGroups(asked: string, most = MOST_GROUPS): Groups {
  const least = leastDepth(asked);
  const groups = new Map<string, Group>();
  let current: Group | null = null;
  let prefix: Uint8Array = new Uint8Array();
  let folded = 0;

  function groupOf({ bytes, start, end }: KeyCursor): Group {
    if (current && prefix.length > 0 && beginsWith(prefix, bytes, start, end)) return current;
    const key = bytes.subarray(start, end);
    const depth = Math.max(depthOf(Buffer.from(key).toString('latin1')), least);
    prefix = Uint8Array.from(key.subarray(0, groupEnd(key, depth)));
    const name = Buffer.from(prefix).toString();
    const known = groups.get(name);
    if (!known && groups.size >= most) makeRoom();
    current = known ?? groups.get(name) ?? newGroup(name);
    groups.set(name, current);
    return current;
  }

  /** The smaller half goes into the folders above. */
  function makeRoom(): void {
    const bySize = [...groups.values()].sort((a, b) => a.keys - b.keys);
    for (const group of bySize.slice(0, Math.ceil(most / 2))) {
      const name = parentOf(group.prefix);
      if (name === group.prefix) continue;
      groups.delete(group.prefix);
      const into = groups.get(name) ?? newGroup(name);
      groups.set(name, into);
      foldInto(into, group);
      if (group.folded === 0) folded++;
    }
  }

  return {
    add(key) {
      const group = groupOf(key);
      group.keys++;
      group.revisions += key.version;
      group.keyBytes += key.end - key.start;
      return group;
    },
    list: () => [...groups.values()],
    folded: () => folded,
  };
}

// eslint-disable-next-line max-params -- called for each key: an object for each would cost more than the rest
function beginsWith(prefix: Uint8Array, bytes: Uint8Array, start: number, end: number): boolean {
  if (end - start < prefix.length) return false;
  // Neighbours differ towards their ends.
  for (let at = prefix.length - 1; at >= 0; at--) if (bytes[start + at] !== prefix[at]) return false;
  return true;
}

function newGroup(prefix: string): Group {
  return {
    ...{ prefix, folded: 0, into: null, keys: 0, revisions: 0, keyBytes: 0 },
    ...{ asked: 0, first: NO_SIZES, others: NO_SIZES },
  };
}

/** The others were read with the same chance in both, so that they stand for the rest of both together. */
function foldInto(into: Group, group: Group): void {
  group.into = into;
  into.folded += Math.max(1, group.folded);
  into.keys += group.keys;
  into.revisions += group.revisions;
  into.keyBytes += group.keyBytes;
  into.asked += group.asked;
  into.first = sumOf(into.first, group.first);
  into.others = sumOf(into.others, group.others);
}

/** What was read of a value's length; `first`: among the first keys of its group. */
export function addSize(group: Group, bytes: number, first: boolean): void {
  let into = group;
  while (into.into) into = into.into;
  if (first) into.first = withSize(into.first, bytes);
  else into.others = withSize(into.others, bytes);
}

/** Keys and values together. */
export function bytesOf(group: Group): Estimate {
  const { bytes, variance } = estimateOf(group);
  return { bytes: bytes + group.keyBytes, variance };
}
