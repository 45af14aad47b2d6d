import type { Verdict } from './errors.js';
import type { BackupSettings } from './cluster.js';
import type { Plan } from './plan.js';
import type { FactName, Snapshot } from './snapshot.js';

/** A pure function: facts → plan, or the reason why there is none and what is still safe to do. */
export interface Runbook {
  /** What it does, as a person reads it. */
  readonly title: string;
  readonly needs: readonly FactName[];
  plan(snapshot: Snapshot, setting: RunbookSetting): Verdict<Plan>;
}

/** What a runbook has to know besides the facts. */
export interface RunbookSetting {
  readonly backup: BackupSettings | null;
  readonly etcdctlFlags: readonly string[];
}
