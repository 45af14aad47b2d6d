import type { Cluster } from './cluster.js';
import type { KeyScanner } from './keyspace.js';
import type { Alarm, Certificate, ListedMember, MemberMetrics, MemberStatus } from './snapshot.js';

/** Reading one member. Every call has a deadline (milliseconds from now) and fails with a TargetError. */
export interface MemberReader {
  readonly endpoint: string;
  status(deadlineMs: number): Promise<MemberStatus>;
  /** The member's own view of the list; answers without quorum. */
  memberList(deadlineMs: number): Promise<readonly ListedMember[]>;
  /** A raft proposal: only where Status can't say it. */
  alarms(deadlineMs: number): Promise<readonly Alarm[]>;
  /** Count-only serializable Range over all keys. */
  countKeys(deadlineMs: number): Promise<number>;
  /** Whether this member's history begins after the revision. */
  hasCompacted(revision: number, deadlineMs: number): Promise<boolean>;
  metrics(deadlineMs: number): Promise<MemberMetrics>;
  /** What the endpoint shows in its TLS handshake, and the certificate that we show; none where it speaks plain HTTP. */
  certificates(deadlineMs: number): Promise<readonly Certificate[]>;
  readonly keyspace: KeyScanner;
}

/** The opted-in write: one tiny key under /etcd-steward/, put, read back and deleted. */
export interface WriteProber {
  writeProbe(deadlineMs: number): Promise<void>;
}

/** Acting on one member. Sent to exactly this member, once: no retry, whatever happens. */
export interface MemberOperator extends MemberReader, WriteProber {
  /** Physical: returns when this member has removed the revisions. */
  compact(revision: number, deadlineMs: number): Promise<void>;
  defragment(deadlineMs: number): Promise<void>;
  /** Must be sent to the leader. */
  moveLeader(toMemberId: string, deadlineMs: number): Promise<void>;
  disarm(alarm: Alarm, deadlineMs: number): Promise<void>;
  /** The database, streamed in order; ends after the trailing SHA-256. */
  snapshot(deadlineMs: number): AsyncIterable<Uint8Array>;
}

export interface ClusterReader {
  readonly members: readonly (MemberReader & WriteProber)[];
}

export interface ClusterOperator {
  readonly members: readonly MemberOperator[];
}

/** Hands out the connections of the process's role. */
export interface Access {
  reader(cluster: Cluster): ClusterReader;
  /** Only where the role is `executor`; elsewhere a bug. */
  operator(cluster: Cluster): ClusterOperator;
}
