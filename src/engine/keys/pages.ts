import { TargetError } from '../../domain/errors.js';
import { makeEnds } from '../../domain/keys/ends.js';
import type { KeyBatch, KeyRange, KeyScanner } from '../../domain/keyspace.js';
import type { Clock } from '../../domain/ports.js';

const PAGE_MS = 30_000;
const RETRIES = 4;
const RETRY_MS = 500;
const LIMIT_WHEN_TOO_LARGE = 4;

export interface Pages {
  /** Null: all is read. Reads at the revision of the first page as long as the member has it, and then at a newer one. */
  next(limit: number): Promise<KeyBatch | null>;
  revisions(): readonly [number, number] | null;
}

export interface PagesDeps {
  readonly keyspace: KeyScanner;
  readonly clock: Clock;
}

export function makePages(deps: PagesDeps, range: KeyRange, keysOnly: boolean): Pages {
  const { keyspace, clock } = deps;
  const ends = makeEnds(range.from, range.end);
  let revision: number | null = null;
  let first: number | null = null;

  async function read(asked: { from: Uint8Array; end: Uint8Array; limit: number }): Promise<KeyBatch> {
    let { limit } = asked;
    for (let tries = 0; ; tries++) {
      try {
        return await keyspace.batch({ ...asked, limit, revision, keysOnly }, PAGE_MS);
      } catch (error) {
        if (!(error instanceof TargetError)) throw error;
        if (error.code === 'compacted' && revision !== null) revision = null;
        else if (/larger than max/.test(error.message) && limit > 1)
          limit = Math.ceil(limit / LIMIT_WHEN_TOO_LARGE);
        else if (!error.retryable || tries >= RETRIES) throw error;
        else await clock.pause(RETRY_MS * 2 ** tries);
      }
    }
  }

  return {
    async next(limit) {
      const asked = ends.next(limit);
      if (!asked) return null;
      const batch = await read({ ...asked, limit });
      ends.took(batch);
      revision = batch.revision;
      first ??= revision;
      return batch;
    },
    revisions: () => (first === null ? null : [first, revision ?? first]),
  };
}
