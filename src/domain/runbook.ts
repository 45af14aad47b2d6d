import type { Question } from './answer.js';
import type { Verdict } from './errors.js';
import type { BackupSettings, KubernetesSettings } from './cluster.js';
import type { Plan } from './plan.js';
import type { FactName, Snapshot } from './snapshot.js';

/** A pure function: facts → plan, or the reason why there is none and what is still safe to do. */
export interface Runbook {
  /** What it does, as a person reads it. */
  readonly title: string;
  readonly needs: readonly FactName[];
  /** Facts that only its words use, where they are known: never its steps, nor its hash. */
  readonly uses?: readonly FactName[];
  plan(snapshot: Snapshot, setting: RunbookSetting): Verdict<Plan>;
}

/** What a runbook has to know besides the facts. */
export interface RunbookSetting {
  readonly backup: BackupSettings | null;
  readonly etcdctlFlags: readonly string[];
  /** How kubectl is called by hand here; absent or null: this cluster has no Kubernetes. */
  readonly kubernetes?: KubernetesSettings | null | undefined;
  /** As typed after the verb; a runbook refuses what it can't read, saying what to type. */
  readonly options: Question['options'];
  /** Milliseconds since the epoch. */
  readonly now: number;
  /** Revisions that the monitor has seen, oldest first. */
  readonly revisions: readonly SeenRevision[];
  /** What this cluster's earlier defragmentations took; null: there was none. */
  readonly pace: Pace | null;
  /** When this bot finished a backup of the cluster last; null: none that it knows. */
  readonly lastBackupAt: number | null;
}

/** The cluster's revision at one moment, as the monitor read it. */
export interface SeenRevision {
  readonly at: number;
  readonly revision: number;
}

/** Measured on this cluster by earlier operations. */
export interface Pace {
  readonly bytesPerSecond: number;
  /** How many defragmentations it is the median of. */
  readonly runs: number;
}
