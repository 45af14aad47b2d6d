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
