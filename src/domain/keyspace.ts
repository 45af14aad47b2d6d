/* Reading what etcd stores, key by key. Serializable: from the member's own store, without troubling the others. */

export interface KeyPageQuery {
  /** First key of the page. */
  readonly from: Uint8Array;
  /** The first key that does not belong to it any more: see `afterPrefix`. */
  readonly end: Uint8Array;
  readonly limit: number;
  /** Null: the newest; the answer says which that is, for the pages that follow. */
  readonly revision: number | null;
  readonly keysOnly: boolean;
}

export interface KeyEntry {
  readonly key: Buffer;
  /** Empty where only keys were asked for. Never shown to anybody. */
  readonly value: Buffer;
  readonly modRevision: number;
  /** How often it was written since it was created. */
  readonly version: number;
}

export interface KeyPage {
  readonly entries: readonly KeyEntry[];
  /** The revision that was read. */
  readonly revision: number;
  readonly more: boolean;
}

export interface Keyspace {
  /** Fails with `compacted` where the revision is gone. */
  page(query: KeyPageQuery, deadlineMs: number): Promise<KeyPage>;
}

/** One key as a visitor sees it, in place: the same object moves on to the next key, and nothing of it may be kept. */
export interface KeyCursor {
  /** The key stands in `bytes` from `start` to `end`. */
  readonly bytes: Uint8Array;
  readonly start: number;
  readonly end: number;
  readonly version: number;
  /** 0 where only keys were asked for. */
  readonly valueBytes: number;
}

/** A page as it came: its keys are looked at in place, because an object for each of a million keys costs seconds. */
export interface KeyBatch {
  readonly count: number;
  /** How many keys the asked range holds, also beyond the limit. etcd walks all of them to say so. */
  readonly total: number;
  readonly more: boolean;
  /** The revision that was read. */
  readonly revision: number;
  /** Null: no key. */
  readonly firstKey: Uint8Array | null;
  readonly lastKey: Uint8Array | null;
  each(visit: (key: KeyCursor) => void): void;
}

/** One write or deletion, in place, as `KeyCursor`. */
export interface ChangeCursor extends KeyCursor {
  readonly deleted: boolean;
  /** 0: none. Ids beyond 2^53 are rounded: good enough to tell leases apart. */
  readonly lease: number;
}

export interface ChangeBatch {
  /** `begun`: from now on nothing is missed. `compacted`: the member has dropped what was asked for; nothing follows. */
  readonly kind: 'begun' | 'changes' | 'compacted' | 'ended';
  /** Of the message on the wire. */
  readonly bytes: number;
  /** The member's own words where it ended. */
  readonly reason: string;
  each(visit: (change: ChangeCursor) => void): void;
}

/** Keys and changes in masses, of one member. */
export interface KeyScanner extends Keyspace {
  batch(query: KeyPageQuery, deadlineMs: number): Promise<KeyBatch>;
  /** How long these keys' values are, read in one call; null: the key is not there. The values go no further. */
  valueSizes(ask: SizesQuery, deadlineMs: number): Promise<readonly (number | null)[]>;
  /** What changes from now on, until the signal aborts or the deadline has come. */
  changes(range: KeyRange, until: Until): AsyncIterable<ChangeBatch>;
}

export interface KeyRange {
  readonly from: Uint8Array;
  readonly end: Uint8Array;
}

export interface Until {
  readonly deadlineMs: number;
  readonly signal: AbortSignal;
}

export interface SizesQuery {
  readonly keys: readonly Uint8Array[];
  /** Null: the newest. */
  readonly revision: number | null;
}

/** The end of the range of all keys that begin with the prefix; of an empty one: the end of all keys. */
export function afterPrefix(prefix: Uint8Array): Uint8Array {
  for (let last = prefix.length - 1; last >= 0; last--) {
    const byte = prefix[last] ?? 0xff;
    if (byte < 0xff) return Uint8Array.from([...prefix.slice(0, last), byte + 1]);
  }
  return Uint8Array.of(0);
}

/** The first key after this one. */
export function afterKey(key: Uint8Array): Uint8Array {
  return Uint8Array.from([...key, 0]);
}
