import { TargetError, type TargetErrorCode } from '../../../src/domain/errors.js';
import type { Access } from '../../../src/domain/ports.js';
import type { Alarm, ListedMember } from '../../../src/domain/snapshot.js';
import { endpointOf, GIB, IDS, MIB } from '../../facts.js';
import type { KubernetesOperator } from '../../../src/domain/kubernetes/ports.js';
import { kubernetesOf, type KubernetesState } from '../../kubernetes.js';
import { operatorOf } from './connection.js';
import { kubernetesIn } from './kubernetes.js';

export interface Member {
  readonly name: string;
  readonly id: string;
  readonly endpoint: string;
  up: boolean;
  sizeBytes: number;
  /** What would be left of it after a defragmentation. */
  liveBytes: number;
  compactedAt: number;
  compactions: number;
  /** Counted by its process, and in truth. */
  defragmentations: number;
  defragmented: number;
  /** At it until then: Status and reads hang. */
  busyUntil: number | null;
  /** By somebody else. */
  foreign: boolean;
  /** Raft entries still to apply. */
  gap: number;
  startedAt: number;
}

export type CallKind =
  | 'status'
  | 'memberList'
  | 'alarms'
  | 'metrics'
  | 'countKeys'
  | 'hasCompacted'
  | 'pods'
  | 'events'
  | 'nodes'
  | 'watch' // reads
  | 'compact'
  | 'defragment'
  | 'moveLeader'
  | 'disarm'
  | 'writeProbe'
  | 'snapshot'
  | 'evict';

/** One call as it reached the cluster, with what held at that moment. */
export interface Call {
  readonly at: number;
  readonly kind: CallKind;
  readonly member: string;
  /** Revision, member or alarm that it is about. */
  readonly about: string;
  readonly leader: string | null;
  readonly down: readonly string[];
  readonly busy: readonly string[];
  readonly late: readonly string[];
  readonly full: readonly string[];
  readonly alarms: readonly string[];
  readonly listed: number;
  /** It took effect, whatever its caller saw. */
  done: boolean;
}

/** How a call ends otherwise than well; null: well. `goes-on`: the server works on for minutes after its answer is lost. */
export type Fault = {
  /** Or the end of the process that called. */
  readonly code: TargetErrorCode | Error;
  readonly done: boolean;
  readonly goesOn?: boolean;
} | null;

export interface Cluster {
  readonly members: readonly Member[];
  readonly listed: ListedMember[];
  readonly calls: Call[];
  leader: string | null;
  term: number;
  revision: number;
  alarms: Alarm[];
  /** Its metrics tell that a defragmentation is under way: etcd 3.5 and newer. */
  tells: boolean;
  readonly access: Access;
  /** The Kubernetes that this etcd serves; it has no pod unless a scenario gives it some. */
  kubernetes: KubernetesState;
  readonly kubernetesApi: KubernetesOperator;
  /** What work has been finished by now. */
  tick(): void;
}

export interface Surroundings {
  now(): number;
  passes(ms: number): void;
  /** Told of each call before it is made; what it answers is how the call ends. */
  fault(call: Call, index: number): Fault;
}

export const QUOTA = 2 * GIB;

export function makeCluster(surroundings: Surroundings, count = 3): Cluster {
  const members = IDS.slice(0, count).map((id, index) => memberOf(id, index, surroundings.now()));
  const cluster: Cluster = {
    members,
    listed: members.map(({ id, name, endpoint }) => ({ id, name, clientUrls: [endpoint], learner: false })),
    calls: [],
    leader: IDS[0] ?? null,
    term: 7,
    revision: 4_812_990,
    alarms: [],
    tells: true,
    access: { reader: () => ({ members: operators }), operator: () => ({ members: operators }) },
    kubernetes: kubernetesOf(),
    get kubernetesApi() {
      return kubernetesApi;
    },
    tick: () => members.forEach((member) => finish(member, surroundings.now())),
  };
  const operators = members.map((member) => operatorOf(cluster, member, surroundings));
  const kubernetesApi = kubernetesIn(cluster, surroundings);
  return cluster;
}

function memberOf(id: string, index: number, now: number): Member {
  const sizes = { sizeBytes: 700 * MIB, liveBytes: 300 * MIB, gap: 0 };
  const counters = {
    compactedAt: -1,
    compactions: 0,
    defragmentations: 0,
    defragmented: 0,
    busyUntil: null,
    foreign: false,
    startedAt: now - 1e9,
  };
  return { name: `m${String(index + 1)}`, id, endpoint: endpointOf(index), up: true, ...sizes, ...counters };
}

function finish(member: Member, now: number): void {
  if (member.busyUntil === null || member.busyUntil > now) return;
  Object.assign(member, { busyUntil: null, foreign: false });
  member.defragmentations += 1;
  member.defragmented += 1;
  member.sizeBytes = Math.min(member.sizeBytes, member.liveBytes);
}

export function nameOf({ members }: Pick<Cluster, 'members'>, id: string): string {
  return members.find((member) => member.id === id)?.name ?? id;
}

function needLeader({ leader }: Cluster): void {
  if (leader === null) throw new TargetError('no-leader', 'cluster', 'etcdserver: no leader');
}

export function compacted(cluster: Cluster, revision: number): void {
  needLeader(cluster);
  if (cluster.members.some(({ compactedAt }) => compactedAt >= revision))
    throw new TargetError('compacted', 'cluster', 'etcdserver: mvcc: required revision has been compacted');
  for (const member of cluster.members.filter(({ up }) => up)) {
    member.compactedAt = revision;
    member.compactions += 1;
  }
}

export function moved(cluster: Cluster, from: Member, to: string): void {
  needLeader(cluster);
  if (cluster.leader !== from.id)
    throw new TargetError('not-leader', from.endpoint, 'etcdserver: not leader');
  Object.assign(cluster, { leader: to, term: cluster.term + 1 });
}

export function disarmed(cluster: Cluster, alarm: Alarm): void {
  needLeader(cluster);
  cluster.alarms = cluster.alarms.filter((one) => one.memberId !== alarm.memberId || one.kind !== alarm.kind);
}

export function written(cluster: Cluster): void {
  needLeader(cluster);
  if (cluster.alarms.length > 0)
    throw new TargetError('no-space', 'cluster', 'etcdserver: mvcc: database space exceeded');
  cluster.revision += 2;
}
