import type { Redis } from 'ioredis';
import { auditLine, type AuditEntry, type AuditFilter, type AuditHead } from '../../domain/audit.js';
import { asked, PREFIX } from '../redis/connection.js';
import { parsedOf, readEntry } from './chain.js';

export const STREAM = `${PREFIX}audit`;
export const HEADS = `${PREFIX}audit:heads`;

const DAY_S = 86_400;
const DAY_MS = DAY_S * 1000;
const KEPT_S = 90 * DAY_S;

/**
 * KEYS: stream, heads. ARGV: chain, then each entry's head and the entry. Entries come in order, so those up to the head
 * that stands there already are the ones whose answer was lost.
 */
const APPEND = `
local known, from = redis.call('HGET', KEYS[2], ARGV[1]), 2
for i = 2, #ARGV, 2 do
  if ARGV[i] == known then from = i + 2 end
end
if from > #ARGV then return 0 end
local oldest = (redis.call('TIME')[1] - ${String(KEPT_S)}) .. '000'
for i = from, #ARGV, 2 do
  redis.call('XADD', KEYS[1], 'MINID', '~', oldest, '*', 'entry', ARGV[i + 1])
end
redis.call('HSET', KEYS[2], ARGV[1], ARGV[#ARGV - 1])
return 1`;

/** Where the newest entry of a chain stands. */
export interface PlacedHead extends AuditHead {
  /** The file, with the name of the machine that it is on. */
  readonly file: string;
}

/**
 * The stream in Redis has what the file has, for a quarter of a year, and the newest entry of each chain. The entries are
 * of one chain.
 */
export function appendToStream(redis: Redis, entries: readonly AuditEntry[], file: string): Promise<void> {
  const [first] = entries;
  if (!first) return Promise.resolve();
  const said = entries.flatMap((entry) => [headText(entry, file), auditLine(entry)]);
  return asked(async () => {
    await redis.eval(APPEND, 2, STREAM, HEADS, first.chain, ...said);
  });
}

function headText({ seq, mac, at }: AuditEntry, file: string): string {
  return JSON.stringify({ seq, mac, at, file });
}

/** Of the chains that wrote within the last quarter of a year; older ones are forgotten. */
export function readHeads(redis: Redis, now: number): Promise<readonly PlacedHead[]> {
  return asked(async () => {
    const heads = Object.entries(await redis.hgetall(HEADS)).flatMap(headOf);
    const old = heads.filter(({ at }) => at < now - KEPT_S * 1000).map(({ chain }) => chain);
    if (old.length > 0) await redis.hdel(HEADS, ...old);
    return heads.filter(({ chain }) => !old.includes(chain));
  });
}

function headOf([chain, json]: [string, string]): readonly PlacedHead[] {
  const { seq, mac, at, file } = parsedOf(json) ?? {};
  if (typeof seq !== 'number' || typeof mac !== 'string') return [];
  if (typeof at !== 'number' || typeof file !== 'string') return [];
  return [{ chain, seq, mac, at, file }];
}

export interface Found {
  /** Newest first. */
  readonly entries: readonly AuditEntry[];
  /** Entries that somebody else has put there. */
  readonly foreign: number;
}

const PAGE = 500;

/** What came late because Redis was away stands behind its time, by a day at most; clocks differ by less than an hour. */
const LATE_MS = DAY_MS;
const AHEAD_MS = 3_600_000;

export async function searchStream(redis: Redis, key: Buffer, filter: AuditFilter): Promise<Found> {
  const entries: AuditEntry[] = [];
  let foreign = 0;
  const oldest = filter.from === undefined ? '-' : String(Math.max(0, filter.from - AHEAD_MS));
  let newest = filter.until === undefined ? '+' : String(filter.until + LATE_MS);
  while (entries.length < filter.limit) {
    const page = await asked(() => redis.xrevrange(STREAM, newest, oldest, 'COUNT', PAGE));
    for (const [, [, line = '']] of page) {
      const entry = readEntry(key, line);
      if (!entry.ok) foreign += 1;
      else if (wanted(entry.value, filter)) entries.push(entry.value);
    }
    const last = page.at(-1);
    if (last === undefined || page.length < PAGE) break;
    newest = `(${last[0]}`;
  }
  const sorted = entries.toSorted((a, b) => b.at - a.at);
  return { entries: sorted.slice(0, filter.limit), foreign };
}

function wanted(entry: AuditEntry, filter: AuditFilter): boolean {
  const { clusters, general, who, from = 0, until = Infinity } = filter;
  const concerned =
    entry.cluster === undefined
      ? general.some((beginning) => entry.event.startsWith(beginning))
      : clusters.includes(entry.cluster);
  return concerned && (who === undefined || entry.who === who) && entry.at >= from && entry.at < until;
}
