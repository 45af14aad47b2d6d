import type { Policy } from './actor.js';

/** One etcd cluster as configured: everything about it but its credentials. */
export interface Cluster {
  readonly name: string;
  readonly aliases: readonly string[];
  readonly environment: string | null;
  /** One client URL for each member. */
  readonly endpoints: readonly string[];
  /** Only where etcd cannot say it itself; bytes. */
  readonly quotaBytes: number | null;
  /** Given in the configuration; else pinned at first contact. Decimal. */
  readonly clusterId: string | null;
  /** Commands for this cluster are accepted here; the first one gets its incidents. */
  readonly channels: readonly string[];
  /** Least pause between members during maintenance, milliseconds. */
  readonly settleMs: number;
  /** How long a disarmed alarm is watched, milliseconds. */
  readonly reraiseWatchMs: number;
  readonly backup: BackupSettings | null;
  /** How etcdctl is called by hand here: flags for TLS and user, no secrets. */
  readonly etcdctlFlags: readonly string[];
  readonly policy: Policy;
}

export interface BackupSettings {
  readonly directory: string;
  /** How many backups of this cluster are kept. */
  readonly keep: number;
}
