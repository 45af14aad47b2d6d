import { TargetError } from '../../domain/errors.js';
import { makeEnds, type Page } from '../../domain/keys/ends.js';
import type { KeyBatch, KeyRange, KeyScanner } from '../../domain/keyspace.js';
import type { Clock } from '../../domain/ports.js';

const PAGE_MS = 30_000;
const RETRIES = 4;
const RETRY_MS = 500;
const LIMIT_WHEN_TOO_LARGE = 4;

export interface Pages {
  /** Null: all is read. Reads at the revision of the first page as long as the member has it, and then at a newer one. */
  next(): Promise<KeyBatch | null>;
  /** Asks for what may be under way by now, before anybody waits for it. */
  ahead(limit: number): void;
  revisions(): readonly [number, number] | null;
}

export interface PagesDeps {
  readonly keyspace: KeyScanner;
  readonly clock: Clock;
}

export interface PagesSettings {
  readonly range: KeyRange;
  readonly keysOnly: boolean;
  /** How many pages may be under way together. */
  readonly width: number;
}

export function makePages(deps: PagesDeps, { range, keysOnly, width }: PagesSettings): Pages {
  const { keyspace, clock } = deps;
  const ends = makeEnds(range.from, range.end);
  let revision: number | null = null;
  let first: number | null = null;
  const underWay: Promise<KeyBatch>[] = [];

  async function answered(asked: Page): Promise<KeyBatch> {
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

  async function read(asked: Page): Promise<KeyBatch> {
    const batch = await answered(asked);
    ends.took(asked, batch);
    revision = batch.revision;
    first ??= revision;
    return batch;
  }

  return {
    next: async () => (await underWay.shift()) ?? null,
    ahead(limit) {
      // The first one tells the revision of the others.
      const most = first === null ? 1 : width;
      while (underWay.length < most) {
        const asked = ends.claim(limit);
        if (!asked) return;
        const page = read(asked);
        // Nobody waits for it where the page before it failed, and its own failure must not end the process then.
        page.catch(() => {});
        underWay.push(page);
      }
    },
    revisions: () => (first === null ? null : [first, revision ?? first]),
  };
}
