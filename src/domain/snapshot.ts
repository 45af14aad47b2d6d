import type { Histogram } from './alerting/past.js';
import type { AddressUse } from './calico/facts.js';
import type { Fact } from './fact.js';
import type {
  CalicoParts,
  CronJobPace,
  EtcdPodRecord,
  HangingPods,
  NodeRecord,
  StoredResources,
} from './kubernetes/facts.js';

/** A member's answer to Status. Ids are decimal strings of 64-bit numbers; sizes are bytes. */
export interface MemberStatus {
  readonly clusterId: string;
  readonly memberId: string;
  readonly version: string;
  /** Physical size of the database file; the quota is checked against this one. */
  readonly sizeBytes: number;
  /** Bytes in use; null before etcd 3.4, which does not say. Stale under NOSPACE until the next backend write. */
  readonly inUseBytes: number | null;
  /** From etcd 3.6.6 on; null where Status does not say. Negative: no quota. */
  readonly quotaBytes: number | null;
  /** '0': this member knows no leader. */
  readonly leaderId: string;
  readonly learner: boolean;
  readonly term: number;
  readonly raftIndex: number;
  /** null before etcd 3.4. */
  readonly appliedIndex: number | null;
  readonly revision: number;
  /** null before etcd 3.4, which has no such field. */
  readonly errors: readonly string[] | null;
}

/** The few values that are read from a member's /metrics; null: this version does not have the metric. */
export interface MemberMetrics {
  /** `etcd_server_quota_backend_bytes`; negative: no quota. */
  readonly quotaBytes: number | null;
  readonly sizeBytes: number | null;
  readonly inUseBytes: number | null;
  readonly currentRevision: number | null;
  readonly compactRevision: number | null;
  /** Compactions that this process has finished (a counter). */
  readonly compactions: number | null;
  /** Keys that compactions of this process removed (a counter; always 0 before 3.4.4). */
  readonly compactedKeys: number | null;
  /** End of the last compaction, milliseconds since the epoch; etcd 3.5 and newer; null: none since the start. */
  readonly lastCompactionAt: number | null;
  readonly liveKeys: number | null;
  /** Defragmentations that this process has finished (a counter). */
  readonly defragmentations: number | null;
  readonly defragmenting: boolean | null;
  /** Milliseconds since the epoch: another value means another process, whose counters began at zero. */
  readonly processStartedAt: number | null;
  /** Watchers on this member now, and those of them that are behind. */
  readonly watchers: number | null;
  readonly slowWatchers: number | null;
  /** Leases granted less those revoked, since the start of this process; null: the metrics do not say. */
  readonly leases: number | null;
  /** What alert rules watch; absent in readings of older versions of this program. */
  readonly counters?: MemberCounters | undefined;
}

/** Counters since the start of the member's process, and gauges that belong to them; null: not in this version. */
export interface MemberCounters {
  readonly hasLeader: boolean | null;
  readonly leaderChanges: number | null;
  readonly proposalsFailed: number | null;
  readonly proposalsPending: number | null;
  readonly slowApplies: number | null;
  readonly peerSendFailures: number | null;
  /** Requests that ended, without the streams of Watch and LeaseKeepAlive; failed by the mixin's list of codes. */
  readonly requests: { readonly handled: number; readonly failed: number } | null;
  readonly walFsync: Histogram | null;
  readonly backendCommit: Histogram | null;
  /** Of all peers together. */
  readonly peerRoundTrip: Histogram | null;
  /** Unary requests but Defragment; only with `--metrics=extensive`. */
  readonly unaryRequests: Histogram | null;
  readonly openFiles: number | null;
  readonly mostOpenFiles: number | null;
}

/** A certificate that ends some day. */
export interface Certificate {
  /** `server`: the endpoint's own; `client`: the one that we show there. */
  readonly of: 'server' | 'client';
  readonly subject: string;
  /** Milliseconds since the epoch. */
  readonly notAfter: number;
}

/** An entry of etcd's own member list. */
export interface ListedMember {
  readonly id: string;
  /** Empty: added, never started. */
  readonly name: string;
  readonly clientUrls: readonly string[];
  readonly learner: boolean;
}

export interface Alarm {
  /** Decimal; '0' where etcd does not name the culprit. */
  readonly memberId: string;
  readonly kind: 'NOSPACE' | 'CORRUPT' | 'UNKNOWN';
}

export interface AlarmReading {
  readonly alarms: readonly Alarm[];
  /** `status`: from the members' own Status errors, no raft proposal; `alarm-list`: etcd before 3.4. */
  readonly source: 'status' | 'alarm-list';
}

export interface WriteProbe {
  readonly accepted: boolean;
  /** etcd's words when it was refused. */
  readonly refusedWith: string | null;
  readonly tookMs: number;
}

/** One reading for each configured endpoint. */
export interface EndpointFact<T> {
  readonly endpoint: string;
  readonly fact: Fact<T>;
}

/** What each fact of the catalogue holds. A fact's name is the name of the collector that reads it. */
export interface FactValues {
  readonly members: readonly ListedMember[];
  readonly status: readonly EndpointFact<MemberStatus>[];
  readonly metrics: readonly EndpointFact<MemberMetrics>[];
  readonly alarms: AlarmReading;
  /** Keys that exist now, by a count-only serializable Range. */
  readonly certificates: readonly EndpointFact<readonly Certificate[]>[];
  readonly 'live-keys': number;
  readonly 'write-probe': WriteProbe;
  /** Calico's addresses, from etcd where this cluster holds them, else from Kubernetes. */
  readonly 'ip-pools': AddressUse;
  readonly pods: HangingPods;
  readonly nodes: readonly NodeRecord[];
  readonly 'calico-parts': CalicoParts;
  readonly 'cron-jobs': readonly CronJobPace[];
  readonly 'etcd-pods': readonly EtcdPodRecord[];
  readonly 'stored-resources': StoredResources;
}

export type FactName = keyof FactValues;

/** The facts of a cluster; a fact that nobody asked for is absent. */
export type Facts = { readonly [N in FactName]?: Fact<FactValues[N]> };

/** The facts of one cluster read together. Plain data: can be saved as JSON and replayed in a test. */
export interface Snapshot {
  readonly cluster: string;
  readonly endpoints: readonly string[];
  /** The configured quota, bytes; null where none is configured. */
  readonly configuredQuotaBytes: number | null;
  /** The cluster id that the name is bound to; null before first contact. */
  readonly pinnedId: string | null;
  /** Which member answered at which endpoint when it was last read: a silent endpoint keeps its name. */
  readonly lastOwners?: Readonly<Record<string, string>> | undefined;
  /** When reading began, milliseconds since the epoch. */
  readonly at: number;
  readonly tookMs: number;
  readonly facts: Facts;
  /** What the monitor has seen before; absent where nobody asked it, or it has seen nothing yet. */
  readonly past?: Past | undefined;
}

/** Milliseconds since the epoch; null: not seen. */
export interface Past {
  /** Since when NOSPACE fires. */
  readonly fullSince: number | null;
  /** When it was seen to have ended, lately. */
  readonly fullUntil?: number | null;
  /** When a compaction was seen last; where none was, since when it is watched that none comes. */
  readonly compactedAt: number | null;
}
