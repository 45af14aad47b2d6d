import { TargetError } from '../../domain/errors.js';
import { addSize, type Group } from '../../domain/keys/groups.js';
import type { KeyCursor, KeyScanner } from '../../domain/keyspace.js';
import type { Largest } from './largest.js';

/** Of every group the first keys, as long as there are not too many groups; of all others so many in all. */
const FIRST = 30;
const MOST_FIRST = 20_000;
const SAMPLE = 3000;

/** etcd takes 128 reads in one transaction by default. */
const MOST_AT_ONCE = 100;
const BYTES_AT_ONCE = 1024 ** 2;
const SIZES_MS = 10_000;

interface Wanted {
  readonly key: Uint8Array;
  readonly group: Group;
  readonly first: boolean;
}

export interface Sampler {
  /** Whether this key's value is to be read for its length is decided here. */
  see(key: KeyCursor, group: Group): void;
  /** Reads what was decided on. Answers how many values were read, and their bytes. */
  read(revision: number | null): Promise<{ readonly count: number; readonly bytes: number }>;
}

export function makeSampler(keyspace: KeyScanner, largest: Largest, about: number): Sampler {
  const share = Math.min(1, SAMPLE / Math.max(1, about));
  const random = numbers();
  const reader = makeReader(keyspace);
  let wanted: Wanted[] = [];
  let firsts = 0;
  let skip = gap();

  /** How many keys come before the next one: the same chance for each, without a number drawn for each. */
  function gap(): number {
    return share >= 1 ? 0 : Math.floor(Math.log(1 - random()) / Math.log(1 - share));
  }

  function take(keys: readonly Wanted[], sizes: readonly (number | null)[]): number {
    let bytes = 0;
    for (const [index, { key, group, first }] of keys.entries()) {
      const size = sizes[index] ?? null;
      // Deleted since: it says nothing of the others.
      if (size === null) continue;
      addSize(group, size, first);
      largest.add(key, size + key.length);
      bytes += size;
    }
    return bytes;
  }

  return {
    see({ bytes, start, end }, group) {
      const first = group.asked < FIRST && firsts < MOST_FIRST;
      if (first) {
        group.asked++;
        firsts++;
      } else if (skip-- > 0) return;
      else skip = gap();
      wanted.push({ key: Uint8Array.from(bytes.subarray(start, end)), group, first });
    },
    async read(revision) {
      const keys = wanted;
      wanted = [];
      let bytes = 0;
      for (let at = 0; at < keys.length;) {
        const some = keys.slice(at, at + reader.atOnce());
        const found = take(some, await reader.sizes(some, revision));
        reader.took(some.length, found);
        bytes += found;
        at += some.length;
      }
      return { count: keys.length, bytes };
    },
  };
}

interface Reader {
  readonly sizes: (keys: readonly Wanted[], revision: number | null) => Promise<readonly (number | null)[]>;
  atOnce(): number;
  /** So many bytes came at once: with large values it is fewer keys the next time. */
  took(count: number, bytes: number): void;
}

function makeReader(keyspace: KeyScanner): Reader {
  let atOnce = 10;
  let most = MOST_AT_ONCE;

  async function sizes(
    keys: readonly Wanted[],
    revision: number | null,
  ): Promise<readonly (number | null)[]> {
    const ask = { keys: keys.map(({ key }) => key), revision };
    try {
      return await keyspace.valueSizes(ask, SIZES_MS);
    } catch (error) {
      if (!(error instanceof TargetError)) throw error;
      if (error.code === 'compacted' && revision !== null) return sizes(keys, null);
      // A member that takes fewer at once, or values that are too large together: by halves. One alone is left out.
      if (error.code !== 'failed' || keys.length === 1) return [];
      most = Math.max(1, keys.length >> 1);
      const [one, other] = [keys.slice(0, most), keys.slice(most)];
      return [...(await sizes(one, revision)), ...(await sizes(other, revision))];
    }
  }

  return {
    sizes,
    atOnce: () => Math.min(atOnce, most),
    took(count, bytes) {
      const fitting = 1 + Math.floor((BYTES_AT_ONCE * count) / (bytes + 1));
      atOnce = Math.min(MOST_AT_ONCE, 2 * atOnce, fitting);
    },
  };
}

/** Fair enough for a sample, and the same each time. */
function numbers(): () => number {
  let state = 0x2545f491;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
}
