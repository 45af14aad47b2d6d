import { createHash } from 'node:crypto';
import type { Redis } from 'ioredis';
import type { Cluster } from '../../../src/domain/cluster.js';
import type { Access, MemberOperator } from '../../../src/domain/ports.js';
import type { MemberMetrics, MemberStatus } from '../../../src/domain/snapshot.js';
import { NO_KEYSPACE } from '../../unasked.js';

const MIB = 1024 ** 2;
const QUOTA_BYTES = 2048 * MIB;

/** A simulated etcd cluster. It lives in Redis, beside our keys, so that what was done to it outlives whoever did it. */
export interface EtcdState {
  readonly clusterId: string;
  readonly leaderId: string;
  readonly term: number;
  readonly revision: number;
  readonly compactedAt: number;
  readonly compactions: number;
  readonly armed: readonly string[];
  readonly processStartedAt: number;
  readonly members: readonly SimulatedMember[];
}

export interface SimulatedMember {
  readonly id: string;
  readonly name: string;
  readonly endpoint: string;
  readonly sizeBytes: number;
  readonly defragmentations: number;
}

/** Told of each act before it reaches the cluster, and once more when it is done and its answer is not seen yet. */
export type Witness = (what: string) => Promise<void>;

export function stateKey({ name }: Pick<Cluster, 'name'>): string {
  return `etcd:${name}:state`;
}

/** Every act that reached the cluster, in order: "defragment m2". */
export function callsKey({ name }: Pick<Cluster, 'name'>): string {
  return `etcd:${name}:calls`;
}

export function accessTo(redis: Redis, witness: Witness): Access {
  const membersOf = (cluster: Cluster): readonly MemberOperator[] =>
    cluster.endpoints.map((endpoint) => memberAt({ redis, witness, cluster, endpoint }));
  return {
    reader: (cluster) => ({ members: membersOf(cluster) }),
    operator: (cluster) => ({ members: membersOf(cluster) }),
  };
}

interface Connection {
  readonly redis: Redis;
  readonly witness: Witness;
  readonly cluster: Cluster;
  readonly endpoint: string;
}

function memberAt(connection: Connection): MemberOperator {
  const { endpoint } = connection;
  const state = (): Promise<EtcdState> => read(connection);
  const does = (what: string, change: (before: EtcdState) => EtcdState = (before) => before): Promise<void> =>
    act(connection, what, change);
  return {
    endpoint,
    keyspace: NO_KEYSPACE,
    status: async () => statusOf(await state(), endpoint),
    metrics: async () => metricsOf(await state(), endpoint),
    memberList: async () =>
      (await state()).members.map(({ id, name, endpoint: url }) => ({
        id,
        name,
        clientUrls: [url],
        learner: false,
      })),
    alarms: async () => (await state()).armed.map((memberId) => ({ memberId, kind: 'NOSPACE' as const })),
    certificates: async () => [],
    countKeys: async () => 20_000,
    hasCompacted: async (revision) => (await state()).compactedAt >= revision,
    writeProbe: () => does('write-probe'),
    compact: (revision) =>
      does('compact', (before) => ({
        ...before,
        compactedAt: revision,
        compactions: before.compactions + 1,
      })),
    defragment: () => does(`defragment ${nameOf(connection)}`, (before) => shrunk(before, endpoint)),
    moveLeader: (leaderId) =>
      does('move-leader', (before) => ({ ...before, leaderId, term: before.term + 1 })),
    disarm: ({ memberId }) =>
      does('disarm', (before) => ({ ...before, armed: before.armed.filter((id) => id !== memberId) })),
    async *snapshot() {
      await does('backup');
      const database = Buffer.alloc(1024, 7);
      yield database;
      yield createHash('sha256').update(database).digest();
    },
  };
}

async function read({ redis, cluster }: Connection): Promise<EtcdState> {
  const json = await redis.get(stateKey(cluster));
  if (json === null) throw new Error(`there is no simulated cluster ${cluster.name}`);
  return JSON.parse(json) as EtcdState;
}

async function act(
  connection: Connection,
  what: string,
  change: (before: EtcdState) => EtcdState,
): Promise<void> {
  const { redis, cluster, witness } = connection;
  await witness(`before ${what}`);
  const next = JSON.stringify(change(await read(connection)));
  await redis.multi().set(stateKey(cluster), next).rpush(callsKey(cluster), what).exec();
  await witness(`after ${what}`);
}

function nameOf({ cluster, endpoint }: Connection): string {
  return `m${String(cluster.endpoints.indexOf(endpoint) + 1)}`;
}

function shrunk(before: EtcdState, endpoint: string): EtcdState {
  const members = before.members.map((member) =>
    member.endpoint === endpoint
      ? { ...member, sizeBytes: 300 * MIB, defragmentations: member.defragmentations + 1 }
      : member,
  );
  return { ...before, members };
}

function memberOf(state: EtcdState, endpoint: string): SimulatedMember {
  const found = state.members.find((member) => member.endpoint === endpoint);
  if (!found) throw new Error(`no member at ${endpoint}`);
  return found;
}

function statusOf(state: EtcdState, endpoint: string): MemberStatus {
  const { id, sizeBytes } = memberOf(state, endpoint);
  return {
    clusterId: state.clusterId,
    memberId: id,
    version: '3.5.16',
    sizeBytes,
    inUseBytes: Math.round(sizeBytes * 0.95),
    quotaBytes: null,
    leaderId: state.leaderId,
    learner: false,
    term: state.term,
    raftIndex: 5_000_000,
    appliedIndex: 5_000_000,
    revision: state.revision,
    errors: state.armed.map((armed) => `memberID:${armed} alarm:NOSPACE `),
  };
}

function metricsOf(state: EtcdState, endpoint: string): MemberMetrics {
  const { sizeBytes, defragmentations } = memberOf(state, endpoint);
  const { revision, compactedAt, compactions, processStartedAt } = state;
  return {
    quotaBytes: QUOTA_BYTES,
    sizeBytes,
    inUseBytes: Math.round(sizeBytes * 0.95),
    currentRevision: revision,
    compactRevision: compactedAt,
    compactions,
    compactedKeys: 0,
    lastCompactionAt: null,
    liveKeys: 20_000,
    defragmentations,
    defragmenting: false,
    processStartedAt,
    watchers: 0,
    slowWatchers: 0,
    leases: 0,
  };
}
