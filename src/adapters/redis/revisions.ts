import type { Redis } from 'ioredis';
import { lowestRevision, readMembers } from '../../domain/maintenance/voters.js';
import type { SeenRevision } from '../../domain/runbook.js';
import type { Snapshot } from '../../domain/snapshot.js';
import { PREFIX } from './connection.js';

/** A little less than a minute: samples come every few seconds, and none is to be missed by a hair. */
const APART_MS = 55_000;
const KEPT_MS = 25 * 3_600_000;
/** Remembered further ahead than this by a clock that was wrong. */
const AHEAD_MS = 60_000;

/** KEYS: revisions. ARGV: at (ms), revision. Once a minute; the set is trimmed with each entry. */
const REMEMBER = `
local at = tonumber(ARGV[1])
redis.call('ZREMRANGEBYSCORE', KEYS[1], at + ${String(AHEAD_MS)}, '+inf')
local last = redis.call('ZREVRANGE', KEYS[1], 0, 0, 'WITHSCORES')
if last[2] and at - tonumber(last[2]) < ${String(APART_MS)} then return 0 end
redis.call('ZADD', KEYS[1], ARGV[1], ARGV[1] .. ' ' .. ARGV[2])
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', at - ${String(KEPT_MS)})
redis.call('PEXPIRE', KEYS[1], ${String(KEPT_MS)})
return 1`;

function key(cluster: string): string {
  return `${PREFIX}revisions:${cluster}`;
}

/** The revision that all members have that answered: a compaction up to it is safe for each of them. */
export async function rememberRevision(redis: Redis, snapshot: Snapshot): Promise<void> {
  if (readMembers(snapshot).length === 0) return;
  await redis.eval(REMEMBER, 1, key(snapshot.cluster), String(snapshot.at), String(lowestRevision(snapshot)));
}

export async function seenRevisions(redis: Redis, cluster: string): Promise<readonly SeenRevision[]> {
  const rows = await redis.zrange(key(cluster), 0, '-1');
  return rows.map((row) => {
    const [at, revision] = row.split(' ').map(Number);
    return { at: at ?? 0, revision: revision ?? 0 };
  });
}
