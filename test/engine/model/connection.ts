import { TargetError, type TargetErrorCode } from '../../../src/domain/errors.js';
import type { MemberOperator } from '../../../src/domain/ports.js';
import type { MemberMetrics, MemberStatus } from '../../../src/domain/snapshot.js';
import { CLUSTER_ID, healthyMetrics, healthyStatus } from '../../facts.js';
import {
  compacted,
  disarmed,
  moved,
  nameOf,
  QUOTA,
  written,
  type Call,
  type CallKind,
  type Cluster,
  type Member,
  type Surroundings,
} from './cluster.js';
import { NO_KEYSPACE } from '../../unasked.js';

const CALL_MS = 2;
const DEFRAGMENTS_FOR_MS = 20_000;
const GOES_ON_FOR_MS = 5 * 60_000;

/** The way to one member: each call is recorded, and may end otherwise than well. */
export function operatorOf(cluster: Cluster, member: Member, surroundings: Surroundings): MemberOperator {
  const act = <T>(kind: CallKind, about: string, effect: () => T, hangs = true): Promise<T> =>
    made({ cluster, member, surroundings }, { kind, about, effect, hangs });
  return {
    endpoint: member.endpoint,
    keyspace: NO_KEYSPACE,
    status: () => act('status', '', () => statusOf(cluster, member)),
    memberList: () => act('memberList', '', () => cluster.listed, false),
    metrics: () => act('metrics', '', () => metricsOf(cluster, member), false),
    alarms: () => act('alarms', '', () => cluster.alarms),
    certificates: () => Promise.resolve([]),
    countKeys: () => act('countKeys', '', () => 20_000),
    hasCompacted: (revision) => act('hasCompacted', String(revision), () => member.compactedAt >= revision),
    compact: (revision) => act('compact', String(revision), () => compacted(cluster, revision)),
    moveLeader: (to) => act('moveLeader', nameOf(cluster, to), () => moved(cluster, member, to)),
    disarm: (alarm) =>
      act('disarm', `${nameOf(cluster, alarm.memberId)} ${alarm.kind}`, () => disarmed(cluster, alarm)),
    writeProbe: () => act('writeProbe', '', () => written(cluster)),
    defragment: () =>
      act('defragment', '', () => void (member.busyUntil = surroundings.now() + DEFRAGMENTS_FOR_MS)).then(
        () => {
          surroundings.passes(DEFRAGMENTS_FOR_MS);
          cluster.tick();
        },
      ),
    async *snapshot() {
      yield await act('snapshot', '', () => new Uint8Array(64));
    },
  };
}

interface Place {
  readonly cluster: Cluster;
  readonly member: Member;
  readonly surroundings: Surroundings;
}

interface Asked<T> {
  readonly kind: CallKind;
  readonly about: string;
  readonly effect: () => T;
  /** It gets no answer while the member defragments. */
  readonly hangs: boolean;
}

async function made<T>(place: Place, { kind, about, effect, hangs }: Asked<T>): Promise<T> {
  const { cluster, member, surroundings } = place;
  surroundings.passes(CALL_MS);
  cluster.tick();
  const call = recorded(cluster, member, { at: surroundings.now(), kind, about });
  const fault = surroundings.fault(call, cluster.calls.length - 1);
  const fails = (code: TargetErrorCode | Error) =>
    code instanceof Error ? code : new TargetError(code, member.endpoint, `${member.name}: ${code}`);
  if (!member.up) throw fails('unreachable');
  if (fault && !fault.done) throw fails(fault.code);
  if (hangs && member.busyUntil !== null) throw fails('timeout');
  const result = effect();
  call.done = true;
  if (fault?.goesOn === true && member.busyUntil !== null) member.busyUntil += GOES_ON_FOR_MS;
  if (fault) throw fails(fault.code);
  return result;
}

export function recorded(
  cluster: Cluster,
  { name }: Pick<Member, 'name'>,
  what: Pick<Call, 'at' | 'kind' | 'about'>,
): Call {
  const those = (which: (member: Member) => boolean) =>
    cluster.members.filter(which).map((member) => member.name);
  const call: Call = {
    ...what,
    member: name,
    leader: cluster.leader === null ? null : nameOf(cluster, cluster.leader),
    down: those(({ up }) => !up),
    busy: those(({ busyUntil }) => busyUntil !== null),
    late: those(({ gap }) => gap > 5000),
    full: those(({ sizeBytes }) => sizeBytes >= 0.9 * QUOTA),
    alarms: cluster.alarms.map(({ memberId, kind }) => `${nameOf(cluster, memberId)} ${kind}`),
    listed: cluster.listed.length,
    done: false,
  };
  cluster.calls.push(call);
  return call;
}

function statusOf(cluster: Cluster, { id, sizeBytes, liveBytes, gap }: Member): MemberStatus {
  const raftIndex = cluster.revision;
  // Under NOSPACE the size in use keeps its old value.
  const inUseBytes = cluster.alarms.length > 0 ? sizeBytes : Math.min(sizeBytes, liveBytes);
  const errors = cluster.alarms.map(({ memberId, kind }) => `memberID:${memberId} alarm:${kind} `);
  const raft = {
    leaderId: cluster.leader ?? '0',
    term: cluster.term,
    raftIndex,
    appliedIndex: raftIndex - gap,
  };
  return {
    ...healthyStatus(id),
    clusterId: CLUSTER_ID,
    ...raft,
    sizeBytes,
    inUseBytes,
    errors,
    revision: cluster.revision,
  };
}

function metricsOf({ tells }: Cluster, member: Member): MemberMetrics {
  const { sizeBytes, compactions, defragmentations, busyUntil, startedAt } = member;
  const counters = { compactions, defragmentations, compactRevision: member.compactedAt };
  const defragmenting = tells ? busyUntil !== null : null;
  return {
    ...healthyMetrics(),
    quotaBytes: QUOTA,
    sizeBytes,
    ...counters,
    defragmenting,
    processStartedAt: startedAt,
  };
}
