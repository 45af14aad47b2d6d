import type { Policy } from './actor.js';
import type { MaintenanceWindow } from './window.js';

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
  /** The Kubernetes that this etcd serves, or serves Calico for; credentials stay with the adapter. */
  readonly kubernetes: KubernetesSettings | null;
  /** This etcd holds Calico's data. */
  readonly calico: boolean;
  /** How etcdctl is called by hand here: flags for TLS and user, no secrets. */
  readonly etcdctlFlags: readonly string[];
  /** For every kind of change that `policies` does not name. */
  readonly policy: Policy;
  /** Whole policies of single kinds of change, by the runbook's id. */
  readonly policies: Readonly<Record<string, Policy>>;
  /** False: observe only. Plans are shown, and nothing can be approved. */
  readonly changes: boolean;
  /** An operation may start only within one of these; empty: at any time. */
  readonly windows: readonly MaintenanceWindow[];
}

export interface KubernetesSettings {
  /** As kubectl takes them, for the lines that people type by hand; null: from within the cluster, or the current one. */
  readonly kubeconfig: string | null;
  readonly context: string | null;
  /** So long pods that hang are left to their kubelets' own retries before they are restarted, milliseconds. */
  readonly patienceMs: number;
}

export interface BackupSettings {
  readonly directory: string;
  /** How many backups of this cluster are kept. */
  readonly keep: number;
}

/** Who may propose and approve this kind of change here. */
export function policyFor(cluster: Cluster, runbook: string): Policy {
  return Object.hasOwn(cluster.policies, runbook)
    ? (cluster.policies[runbook] ?? cluster.policy)
    : cluster.policy;
}
