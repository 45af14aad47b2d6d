import { TargetError } from './errors.js';
import { afterKey, type KeyEntry, type Keyspace } from './keyspace.js';

/** A range read to its end, page by page, at one revision. */
export interface KeyRange {
  readonly from: Uint8Array;
  readonly end: Uint8Array;
  readonly keysOnly: boolean;
}

/** Who is asked, at which revision, and how long one page may take: a silent member must not use up all the time. */
export interface KeyReading {
  readonly keyspace: Keyspace;
  readonly endpoint: string;
  /** The revision of the first page that was read, kept for all that follow. */
  revision: number | null;
  /** Milliseconds left for all; at or below zero nothing more is asked. */
  left(): number;
}

const FIRST_LIMIT = 50;
const MOST_KEYS = 5000;
/** Heavy entries may follow light ones: so many of the heaviest still fit into one answer. */
const MOST_VALUES = 500;
const LEAST_KEYS = 10;
const PAGE_MS = 1500;
/** Of a page: large enough to be few, small enough for the memory and for the member. */
const PAGE_BYTES = 1024 ** 2;

/** The pages' sizes follow what the entries weigh: a block of 64 addresses is a hundred times a key. */
export async function* keyPages(reading: KeyReading, range: KeyRange): AsyncGenerator<readonly KeyEntry[]> {
  let { from } = range;
  let limit = FIRST_LIMIT;
  for (;;) {
    const { end, keysOnly } = range;
    const query = { from, end, limit, keysOnly, revision: reading.revision };
    const page = await reading.keyspace.page(query, timeFor(reading));
    reading.revision = page.revision;
    yield page.entries;
    const last = page.entries.at(-1);
    if (!page.more || !last) return;
    from = afterKey(last.key);
    limit = Math.min(keysOnly ? MOST_KEYS : MOST_VALUES, nextLimit(limit, page.entries));
  }
}

function timeFor(reading: KeyReading): number {
  const { endpoint } = reading;
  const ms = Math.floor(reading.left());
  if (ms > 0) return Math.min(ms, PAGE_MS);
  throw new TargetError(
    'timeout',
    endpoint,
    `${endpoint} could not give all the keys in the time there was.`,
    {
      retryable: true,
    },
  );
}

function nextLimit(limit: number, entries: readonly KeyEntry[]): number {
  const bytes = entries.reduce((sum, { key, value }) => sum + key.length + value.length, 0);
  const fitting = Math.floor((entries.length * PAGE_BYTES) / Math.max(1, bytes));
  return Math.min(limit * 8, Math.max(LEAST_KEYS, fitting));
}
