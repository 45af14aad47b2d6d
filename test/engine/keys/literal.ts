import { TargetError } from '../../../src/domain/errors.js';
import type { KeyBatch, KeyPageQuery, KeyScanner } from '../../../src/domain/keyspace.js';
import type { Clock } from '../../../src/domain/ports.js';

export interface Stored {
  readonly key: string;
  readonly bytes: number;
  readonly version?: number;
}

export interface LiteralKeyspace extends KeyScanner {
  /** Every page that was asked for, in order, and when. */
  readonly asked: (KeyPageQuery & { readonly at: number })[];
  /** The revision that is the newest now; what lies below `compacted` is gone. */
  revision: number;
  compacted: number;
  /** The next pages fail so. */
  failures: TargetError[];
}

/** What a member would answer of these keys. */
export function literalKeyspace(stored: readonly Stored[], clock: Clock): LiteralKeyspace {
  const sorted = stored
    .map((one) => ({ ...one, bytes: Buffer.from(one.key), size: one.bytes }))
    .sort((a, b) => Buffer.compare(a.bytes, b.bytes));
  const sizes = new Map(stored.map(({ key, bytes }) => [key, bytes]));
  const keyspace: LiteralKeyspace = {
    ...{ asked: [], revision: 100, compacted: 0, failures: [] },
    page: () => Promise.resolve({ entries: [], revision: keyspace.revision, more: false }),
    async batch(query) {
      keyspace.asked.push({ ...query, at: clock.now() });
      const failure = keyspace.failures.shift();
      if (failure) throw failure;
      if (query.revision !== null && query.revision < keyspace.compacted)
        throw new TargetError('compacted', 'm2', 'required revision has been compacted');
      const isAll = query.end.length === 1 && query.end[0] === 0;
      const inside = sorted.filter(
        ({ bytes }) =>
          Buffer.compare(bytes, query.from) >= 0 && (isAll || Buffer.compare(bytes, query.end) < 0),
      );
      return batchOf(inside, query, keyspace.revision);
    },
    valueSizes: async ({ keys }) => keys.map((key) => sizes.get(Buffer.from(key).toString()) ?? null),
    changes: () => {
      throw new Error('nothing is watched in this test');
    },
  };
  return keyspace;
}

type Inside = readonly { readonly bytes: Buffer; readonly size: number; readonly version?: number }[];

function batchOf(inside: Inside, { limit, revision, keysOnly }: KeyPageQuery, newest: number): KeyBatch {
  const page = inside.slice(0, limit);
  return {
    ...{ count: page.length, total: inside.length, more: inside.length > limit },
    ...{
      revision: revision ?? newest,
      firstKey: page[0]?.bytes ?? null,
      lastKey: page.at(-1)?.bytes ?? null,
    },
    each: (visit) =>
      page.forEach(({ bytes, size, version = 1 }) =>
        visit({ bytes, start: 0, end: bytes.length, version, valueBytes: keysOnly ? 0 : size }),
      ),
  };
}

/** Time passes only where somebody waits for it. */
export function passingClock(): Clock {
  let now = 1_000_000;
  return {
    now: () => now,
    pause: (ms) => {
      now += ms;
      return Promise.resolve();
    },
  };
}
