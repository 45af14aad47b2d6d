import type { Keyspace, KeyPage, KeyPageQuery } from '../../domain/keyspace.js';
import type { Calls } from './calls.js';
import { rangeRpc, type RangeReply } from './rpc.js';

export function makeKeyspace(calls: Calls): Keyspace {
  return { page: (query, deadlineMs) => page(calls, query, deadlineMs) };
}

async function page(calls: Calls, query: KeyPageQuery, deadlineMs: number): Promise<KeyPage> {
  const { from, end, limit, revision, keysOnly } = query;
  const request = { key: Buffer.from(from), rangeEnd: Buffer.from(end), limit, keysOnly, serializable: true };
  const reply = await calls.read(rangeRpc, { ...request, revision: revision ?? 0 }, deadlineMs);
  return { entries: reply.kvs.map(entryOf), revision: revision ?? revisionOf(reply), more: reply.more };
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
