import { known, type Fact } from '../src/domain/fact.js';
import type {
  EndpointFact,
  ListedMember,
  MemberMetrics,
  MemberStatus,
  Snapshot,
} from '../src/domain/snapshot.js';

export const MIB = 1024 ** 2;
export const GIB = 1024 ** 3;
export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

/** When the healthy snapshot was read: 2026-03-10 03:00 UTC. */
export const NOW = Date.UTC(2026, 2, 10, 3);
export const CLUSTER_ID = '17237436991929493444';

/** Real 64-bit ids: past 2^53, where a number would round them. */
export const IDS: readonly string[] = [
  '10501334649042878790',
  '18249187646912138824',
  '9372538179322589801',
  '12593026477526642892',
  '16602733012284513191',
];

/** Three members of etcd 3.5.16 with nothing wrong: m1 leads, a third of the quota is used, compacted a minute ago. */
export function healthy(): Snapshot {
  return withMembers(3);
}

/** As healthy, with so many members: m1 leads. */
export function withMembers(count: number): Snapshot {
  const ids = IDS.slice(0, count);
  const endpoints = ids.map((_, index) => endpointOf(index));
  const each = <T>(value: (id: string) => T): Fact<readonly EndpointFact<T>[]> =>
    read(ids.map((id, index) => ({ endpoint: endpointOf(index), fact: read(value(id)) })));
  return {
    cluster: 'calico-prod',
    endpoints,
    configuredQuotaBytes: null,
    pinnedId: CLUSTER_ID,
    at: NOW,
    tookMs: 38,
    facts: {
      members: read(ids.map((id, index) => listed(id, index))),
      status: each(healthyStatus),
      metrics: each(() => healthyMetrics()),
      alarms: read({ alarms: [], source: 'status' }),
      'live-keys': read(18_204),
    },
  };
}

export function healthyStatus(memberId: string): MemberStatus {
  return {
    clusterId: CLUSTER_ID,
    memberId,
    version: '3.5.16',
    sizeBytes: 700 * MIB,
    inUseBytes: 500 * MIB,
    quotaBytes: null,
    leaderId: IDS[0] ?? '',
    learner: false,
    term: 7,
    raftIndex: 1_398_210,
    appliedIndex: 1_398_210,
    revision: 1_204_331,
    errors: [],
  };
}

export function healthyMetrics(): MemberMetrics {
  return {
    quotaBytes: 2 * GIB,
    sizeBytes: 700 * MIB,
    inUseBytes: 500 * MIB,
    currentRevision: 1_204_331,
    compactRevision: 1_203_911,
    compactions: 5_812,
    compactedKeys: 1_180_466,
    lastCompactionAt: NOW - MINUTE,
    liveKeys: 18_204,
    defragmentations: 0,
    defragmenting: false,
    watchers: 40,
    slowWatchers: 0,
    leases: 412,
    processStartedAt: NOW - 40 * DAY,
  };
}

export function listed(id: string, index: number): ListedMember {
  return { id, name: `m${String(index + 1)}`, clientUrls: [endpointOf(index)], learner: false };
}

export function endpointOf(index: number): string {
  return `https://10.0.0.${String(index + 1)}:2379`;
}

export function read<T>(value: T): Fact<T> {
  return known(value, NOW, 9);
}
