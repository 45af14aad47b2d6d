import { TargetError } from '../../domain/errors.js';
import type { MemberReader } from '../../domain/ports.js';
import type { Certificate, MemberMetrics, MemberStatus } from '../../domain/snapshot.js';
import { parseAlarms } from './alarms.js';
import type { Calls } from './calls.js';
import { makeKeyspace } from './keyspace.js';
import { alarmRpc, memberListRpc, rangeRpc, statusRpc } from './rpc.js';
import { parseMembers, parseStatus } from './status.js';

/** What is read beside gRPC. */
export interface Aside {
  readonly metrics: (deadlineMs: number) => Promise<MemberMetrics>;
  readonly certificates: (deadlineMs: number) => Promise<readonly Certificate[]>;
}

export function makeReader(calls: Calls, { metrics, certificates }: Aside): MemberReader {
  return {
    endpoint: calls.endpoint,
    status: (deadlineMs) => status(calls, deadlineMs),
    async memberList(deadlineMs) {
      // Linearizable is the default of etcdctl from 3.5 on, and would need a quorum.
      return parseMembers(await calls.read(memberListRpc, { linearizable: false }, deadlineMs));
    },
    async alarms(deadlineMs) {
      return parseAlarms(await calls.read(alarmRpc, { action: 'GET' }, deadlineMs));
    },
    countKeys: (deadlineMs) => countKeys(calls, deadlineMs),
    hasCompacted: (revision, deadlineMs) => hasCompacted(calls, revision, deadlineMs),
    metrics,
    certificates,
    keyspace: makeKeyspace(calls),
  };
}

async function status(calls: Calls, deadlineMs: number): Promise<MemberStatus> {
  const parsed = parseStatus(await calls.read(statusRpc, {}, deadlineMs));
  if (parsed) return parsed;
  throw new TargetError('failed', calls.endpoint, `${calls.endpoint} does not say which member it is.`);
}

async function countKeys(calls: Calls, deadlineMs: number): Promise<number> {
  // From the zero byte to the zero byte means every key.
  const all = { key: Buffer.alloc(1), rangeEnd: Buffer.alloc(1) };
  const reply = await calls.read(rangeRpc, { ...all, countOnly: true, serializable: true }, deadlineMs);
  return Number(reply.count);
}

/**
 * After a compaction at revision R etcd refuses reads below R and still answers at R itself, so the read is at R - 1.
 * One key, not a range: a range walks the whole index before it is cut to its limit. The answer says that the
 * compaction was begun; its end shows in the metrics.
 */
async function hasCompacted(calls: Calls, revision: number, deadlineMs: number): Promise<boolean> {
  // A store begins at revision 1, so below it there is nothing to remove; and 0 would ask for the newest.
  if (revision <= 1) return true;
  const probe = { key: Buffer.from('/etcd-steward/probe'), revision: revision - 1, limit: 1 };
  try {
    await calls.read(rangeRpc, { ...probe, keysOnly: true, serializable: true }, deadlineMs);
    return false;
  } catch (error) {
    if (error instanceof TargetError && error.code === 'compacted') return true;
    // A member that lags behind the revision has not compacted it either.
    if (error instanceof TargetError && /future revision/.test(error.message)) return false;
    throw error;
  }
}
