import { Redis } from 'ioredis';
import type { LocalEtcd } from '../../infra/local/etcd.js';
import type { LocalRedis } from '../../infra/local/redis.js';
import type { Message } from '../../infra/local/slack/types.js';
import type { Operation } from '../../src/domain/operation.js';
import { markerOf } from './talk.js';

/** What etcd and Redis themselves say, asked past the bot. */

export async function alarmsOf(etcd: LocalEtcd): Promise<readonly string[]> {
  const said = await etcd.etcdctl(`--endpoints=${etcd.endpoints[0] ?? ''}`, 'alarm', 'list');
  return said.split('\n').filter((line) => line !== '');
}

export interface MemberTruth {
  readonly sizeBytes: number;
  readonly inUseBytes: number;
  readonly revision: number;
}

interface EndpointStatus {
  readonly Status: {
    readonly header: { readonly revision: number };
    readonly dbSize: number;
    readonly dbSizeInUse: number;
  };
}

/** In the order of the endpoints. */
export async function membersOf(etcd: LocalEtcd): Promise<readonly MemberTruth[]> {
  const said = await etcd.etcdctl('endpoint', 'status', '-w', 'json');
  return (JSON.parse(said) as EndpointStatus[]).map(({ Status: { header, dbSize, dbSizeInUse } }) => ({
    sizeBytes: dbSize,
    inUseBytes: dbSizeInUse,
    revision: header.revision,
  }));
}

/** Whether every member refuses to read this revision. */
export async function isCompacted(etcd: LocalEtcd, revision: number): Promise<boolean> {
  const read = etcd.endpoints.map((endpoint) =>
    etcd
      .etcdctl(`--endpoints=${endpoint}`, '--consistency=s', 'get', 'any', `--rev=${String(revision)}`)
      .then(
        () => false,
        (error: unknown) => String(error).includes('compacted'),
      ),
  );
  return (await Promise.all(read)).every(Boolean);
}

/** A full etcd takes deletions still: the revision moves, and the next plan is another one. */
export async function removeOneKey(etcd: LocalEtcd): Promise<void> {
  const found = await etcd.etcdctl('get', '', '--prefix', '--keys-only', '--limit=1');
  const [key = ''] = found.split('\n');
  await etcd.etcdctl('del', key);
}

const DEFRAGMENTATIONS = 'etcd_disk_backend_defrag_duration_seconds_count';
const COMPACTIONS = 'etcd_debugging_mvcc_db_compaction_total_duration_milliseconds_count';

/** How often each member has defragmented itself since it was started. */
export function defragmentations(etcd: LocalEtcd): Promise<readonly number[]> {
  return counted(etcd, DEFRAGMENTATIONS);
}

export function compactions(etcd: LocalEtcd): Promise<readonly number[]> {
  return counted(etcd, COMPACTIONS);
}

/** Whether each member defragments itself at this moment; from etcd 3.5 on. */
export async function areDefragmenting(etcd: LocalEtcd): Promise<readonly boolean[]> {
  return (await counted(etcd, 'etcd_disk_defrag_inflight')).map((count) => count > 0);
}

/** A metric without labels, of each member in the order of the endpoints. */
export function counted(etcd: LocalEtcd, name: string): Promise<readonly number[]> {
  const line = new RegExp(`^${name} (\\S+)$`, 'm');
  const reads = etcd.members.map(async ({ metricsUrl }) => {
    const said = await (await fetch(metricsUrl)).text();
    return Number(line.exec(said)?.[1]);
  });
  return Promise.all(reads);
}

/** By name. */
export async function leaderOf(etcd: LocalEtcd): Promise<string> {
  const leads = await counted(etcd, 'etcd_server_is_leader');
  return etcd.members[leads.indexOf(1)]?.name ?? 'nobody';
}

export async function inRedis<T>(
  { url }: Pick<LocalRedis, 'url'>,
  use: (redis: Redis) => Promise<T>,
): Promise<T> {
  const redis = new Redis(url);
  try {
    return await use(redis);
  } finally {
    redis.disconnect();
  }
}

/** The record of the operation that a card shows. */
export function operationOf(redis: Pick<LocalRedis, 'url'>, card: Message): Promise<Operation> {
  return inRedis(redis, async (client) => {
    const json = await client.hget(`{steward}:operation:${idOf(card)}`, 'json');
    if (json === null) throw new Error(`no record of ${markerOf(card)}`);
    return JSON.parse(json) as Operation;
  });
}

export function idOf(card: Message): string {
  return markerOf(card).replace('operation:', '');
}

/** Which operations hold a cluster. */
export function locksIn(redis: Pick<LocalRedis, 'url'>): Promise<readonly string[]> {
  return inRedis(redis, (client) => client.keys('{steward}:lock:*'));
}
