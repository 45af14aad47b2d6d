import type { Cluster } from './cluster.js';
import type { Evidence } from './operation.js';
import type { BackupStore, Clock, ClusterOperator, ClusterReader } from './ports.js';
import type { KubernetesOperator, KubernetesReader } from './kubernetes/ports.js';
import type { Plan, PlannedAct, StepKind } from './plan.js';
import type { FactName, Snapshot } from './snapshot.js';

/** What a step is handed: the target, fresh facts, and the plan that people approved. */
export interface StepContext<K extends StepKind = StepKind> {
  readonly act: Extract<PlannedAct, { kind: K }>;
  readonly plan: Plan;
  readonly operationId: string;
  /** When the operation was proposed, milliseconds since the epoch. */
  readonly createdAt: number;
  readonly cluster: Cluster;
  /** For preconditions and effects: a process without the operating credential can prove an effect too. */
  readonly reader: ClusterReader;
  /** For the act alone; only where the process's role is to operate. */
  readonly operator: () => ClusterOperator;
  /** Null: the configuration names no Kubernetes for this cluster. */
  readonly kubernetes: KubernetesReader | null;
  /** For the act alone, as `operator`. */
  readonly kubernetesOperator: () => KubernetesOperator | null;
  readonly backups: BackupStore;
  readonly clock: Clock;
  /** How long this step has waited so far, also in other processes, milliseconds. */
  readonly waitedMs: number;
  /** Members that this operation has defragmented so far. */
  readonly defragmented: readonly string[];
  /** Members that it still has to defragment, the one of this step among them. */
  readonly toDefragment: readonly string[];
  /** Reads the facts anew, each with a deadline. */
  examine(names: readonly FactName[]): Promise<Snapshot>;
  /** Says on the card how far a long act is. */
  progress(text: string): Promise<void>;
}

/** Before the act: go, with what will prove the effect; or not needed; or not yet; or not safe. */
export type Precondition =
  | { readonly go: 'act'; readonly evidence: Evidence }
  /** It passes by itself: somebody else's defragmentation, an election, a member that catches up. */
  | { readonly go: 'wait'; readonly because: string; readonly next?: readonly string[] }
  | { readonly go: 'skip'; readonly because: string; readonly outcome?: Evidence }
  | { readonly go: 'stop'; readonly because: string; readonly next?: readonly string[] };

/** What reading the target says of an act whose evidence was written before. */
export type Effect =
  /** `outcome`: the same as plain readings, for whoever sums up. */
  | { readonly seen: 'done'; readonly result: string; readonly outcome?: Evidence }
  /** It has not happened, and nothing of it is under way. */
  | { readonly seen: 'not-done'; readonly because: string }
  | { readonly seen: 'running'; readonly because: string }
  | { readonly seen: 'unclear'; readonly because: string };

/** One act on a target. `act` is called at most once for each time that `precondition` said go. */
export interface Step<K extends StepKind = StepKind> {
  readonly title: string;
  precondition(context: StepContext<K>): Promise<Precondition>;
  act(context: StepContext<K>, evidence: Evidence): Promise<void>;
  /**
   * Reads, never acts: proves the effect from the evidence, now or after a crash. `answered`: this process saw the act
   * end well, which alone proves nothing that can be read.
   */
  effect(context: StepContext<K>, evidence: Evidence, answered: boolean): Promise<Effect>;
  /** How long the effect may take to show after the act has answered, milliseconds. */
  readonly settlesWithinMs: number;
}
