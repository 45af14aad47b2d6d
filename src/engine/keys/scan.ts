import { TargetError } from '../../domain/errors.js';
import { addSize, makeGroups, type Groups } from '../../domain/keys/groups.js';
import type { KeyBatch } from '../../domain/keyspace.js';
import type { Halt } from './looking.js';
import { makeLargest, type Largest } from './largest.js';
import { makePages, type PagesDeps } from './pages.js';
import { makePaging } from './pace.js';
import { makeSampler, type Sampler } from './sampler.js';
import type { ScanSettings } from './settings.js';

const LARGEST = 10;
/** Without a rate: while one page comes over the network, the member reads the other. */
const WIDTH = 2;

/** What was seen so far. */
export interface Seen {
  readonly groups: Groups;
  readonly largest: Largest;
  keys: number;
  /** How many there are, as the first page said. */
  about: number | null;
  sizesRead: number;
  revisions: readonly [number, number] | null;
}

export type ScanEnd =
  { readonly kind: 'done' } | Halt | { readonly kind: 'stopped'; readonly reason: TargetError };

export function nothingSeen({ prefix }: ScanSettings): Seen {
  const none = { keys: 0, about: null, sizesRead: 0, revisions: null };
  return { groups: makeGroups(prefix), largest: makeLargest(LARGEST), ...none };
}

/**
 * Page after page of one member, folded into sums as they come. Without a rate the next pages are under way while this one
 * is counted; with one each waits for its time.
 */
export async function scan(
  deps: PagesDeps,
  { seen, ...settings }: ScanSettings & { readonly seen: Seen },
  beat: () => Promise<Halt | null>,
): Promise<ScanEnd> {
  const { range, readAll, rate } = settings;
  const pages = makePages(deps, { range, keysOnly: !readAll, width: rate === null ? WIDTH : 1 });
  const paging = makePaging(deps.clock, settings);
  let sampler: Sampler | null = null;

  let sampling: Promise<void> = Promise.resolve();

  async function sample(from: Sampler, { revision }: KeyBatch): Promise<void> {
    const { count, bytes } = await from.read(revision);
    seen.sizesRead += count;
    if (count > 0) paging.weighed(bytes / count);
  }

  async function count(batch: KeyBatch): Promise<void> {
    seen.revisions = pages.revisions();
    seen.about ??= batch.total;
    sampler ??= readAll ? null : makeSampler(deps.keyspace, seen.largest, seen.about);
    const sums = countKeys(seen, batch, sampler);
    if (sampler) {
      // Of the page before: so the member reads values while the next pages come.
      await sampling;
      sampling = ahead(sample(sampler, batch));
      if (rate !== null) await sampling;
    } else if (batch.count > 0) {
      seen.sizesRead += batch.count;
      paging.weighed(sums.valueBytes / batch.count);
    }
    paging.took({ count: batch.count, keyBytes: sums.keyBytes / Math.max(1, batch.count) });
  }

  try {
    pages.ahead(paging.limit());
    for (let batch = await pages.next(); batch; batch = await pages.next()) {
      if (rate === null) pages.ahead(paging.limit());
      await count(batch);
      const halt = await beat();
      if (halt) return halt;
      await paging.due();
      pages.ahead(paging.limit());
    }
    await sampling;
    return { kind: 'done' };
  } catch (error) {
    if (!(error instanceof TargetError)) throw error;
    return { kind: 'stopped', reason: error };
  }
}

/** Nobody waits for it where the page before it failed, and its own failure must not end the process then. */
function ahead<T>(page: Promise<T>): Promise<T> {
  page.catch(() => {});
  return page;
}

function countKeys(
  seen: Seen,
  batch: KeyBatch,
  sampler: Sampler | null,
): { readonly keyBytes: number; readonly valueBytes: number } {
  let keyBytes = 0;
  let valueBytes = 0;
  batch.each((key) => {
    const group = seen.groups.add(key);
    keyBytes += key.end - key.start;
    if (sampler) {
      sampler.see(key, group);
      return;
    }
    valueBytes += key.valueBytes;
    const bytes = key.valueBytes + key.end - key.start;
    addSize(group, key.valueBytes, true);
    if (seen.largest.admits(bytes))
      seen.largest.add(Uint8Array.from(key.bytes.subarray(key.start, key.end)), bytes);
  });
  seen.keys += batch.count;
  return { keyBytes, valueBytes };
}
