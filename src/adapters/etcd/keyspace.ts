import type {
  ChangeBatch,
  KeyBatch,
  KeyPage,
  KeyPageQuery,
  KeyRange,
  KeyScanner,
  SizesQuery,
  Until,
} from '../../domain/keyspace.js';
import type { Calls } from './calls.js';
import { rangeReply, valueSizesIn } from './range-reply.js';
import { rangeRpc, rawRangeRpc, rawTxnRpc, rawWatchRpc, type RangeReply, type RangeRequest } from './rpc.js';
import { watchReply } from './watch-reply.js';

export function makeKeyspace(calls: Calls): KeyScanner {
  return {
    page: (query, deadlineMs) => page(calls, query, deadlineMs),
    batch: (query, deadlineMs) => batch(calls, query, deadlineMs),
    valueSizes: (ask, deadlineMs) => valueSizes(calls, ask, deadlineMs),
    changes: (range, until) => changes(calls, range, until),
  };
}

async function page(calls: Calls, query: KeyPageQuery, deadlineMs: number): Promise<KeyPage> {
  const { revision } = query;
  const reply = await calls.read(rangeRpc, requestOf(query), deadlineMs);
  return { entries: reply.kvs.map(entryOf), revision: revision ?? revisionOf(reply), more: reply.more };
}

async function batch(calls: Calls, query: KeyPageQuery, deadlineMs: number): Promise<KeyBatch> {
  return rangeReply(await calls.read(rawRangeRpc, requestOf(query), deadlineMs), query.revision);
}

function requestOf({ from, end, limit, revision, keysOnly }: KeyPageQuery): RangeRequest {
  const range = { key: Buffer.from(from), rangeEnd: Buffer.from(end) };
  return { ...range, limit, keysOnly, serializable: true, revision: revision ?? 0 };
}

/** A transaction of serializable reads alone is answered by the member itself, without the others. */
async function valueSizes(
  calls: Calls,
  { keys, revision }: SizesQuery,
  deadlineMs: number,
): Promise<readonly (number | null)[]> {
  const success = keys.map((key) => ({
    requestRange: { key: Buffer.from(key), serializable: true, revision: revision ?? 0 },
  }));
  return valueSizesIn(await calls.read(rawTxnRpc, { success }, deadlineMs));
}

async function* changes(calls: Calls, { from, end }: KeyRange, until: Until): AsyncGenerator<ChangeBatch> {
  // In fragments, or what came of one large transaction is one message of its size.
  const createRequest = { key: Buffer.from(from), rangeEnd: Buffer.from(end), fragment: true };
  for await (const message of calls.converse(rawWatchRpc, { createRequest }, until))
    yield watchReply(message);
}

function entryOf({
  key,
  value,
  modRevision,
  version,
}: RangeReply['kvs'][number]): KeyPage['entries'][number] {
  return { key, value, modRevision: Number(modRevision), version: Number(version) };
}

function revisionOf({ header }: RangeReply): number {
  return Number(header?.revision ?? 0);
}
