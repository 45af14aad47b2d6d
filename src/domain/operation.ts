import type { Actor, Place, Policy } from './actor.js';
import type { Pause } from './pause.js';
import type { Plan, PlannedStep } from './plan.js';
import type { MaintenanceWindow } from './window.js';

/**
 * The life of an operation (terminal states never change):
 *
 * pending ─enough approvals→ approved ─token consumed once→ running → succeeded | failed | cancelled
 *   │ one deny→ denied          │ start-by passed→ expired    └ the end of an act was not seen→ unknown
 *   │ approve-by→ expired       │ drift before the first act→ stale     └ target read→ succeeded | failed
 *   │ cancel→ cancelled         └ cancel→ cancelled                       (or it waits for a person)
 *   └ plan changed→ superseded
 */
export type OperationState =
  | 'pending'
  | 'approved'
  | 'running'
  | 'unknown'
  | 'succeeded'
  | 'failed'
  | 'cancelled'
  | 'denied'
  | 'expired'
  | 'stale'
  | 'superseded';

export const TERMINAL: ReadonlySet<OperationState> = new Set<OperationState>([
  'succeeded',
  'failed',
  'cancelled',
  'denied',
  'expired',
  'stale',
  'superseded',
]);

/** One person's decision on one plan. */
export interface Review {
  readonly by: Actor;
  readonly verdict: 'approve' | 'deny';
  /** The plan that was reviewed. */
  readonly planHash: string;
  readonly at: number;
  /** The user group that gave the right, where it was not given by name. */
  readonly viaGroup?: string | undefined;
  readonly reason?: string | undefined;
  /** The standstill sentence was confirmed word by word in a modal. */
  readonly standstillConfirmed?: boolean | undefined;
  /** Approved alone, by somebody whom `policy.emergency` names. */
  readonly emergency?: boolean | undefined;
  /** By somebody who may let it start outside the maintenance windows. */
  readonly outsideWindow?: boolean | undefined;
  /** The user group that gave that right, where it was not given by name. */
  readonly outsideViaGroup?: string | undefined;
}

export type StepState = 'planned' | 'begun' | 'done' | 'skipped' | 'failed' | 'unclear';

/** A step's journal: what was known before the act, what was seen after it. */
export interface StepRecord {
  readonly step: PlannedStep;
  readonly state: StepState;
  readonly begunAt?: number | undefined;
  readonly endedAt?: number | undefined;
  /** What will prove the effect: sizes, revisions and counters before the act. */
  readonly evidence?: Evidence | undefined;
  /** What was found afterwards, as plain readings, where a step says so. */
  readonly outcome?: Evidence | undefined;
  /** It could have begun then, and waits for something that passes by itself. */
  readonly waitsSince?: number | undefined;
  /** For a person: what was found after the act, or why it was skipped or failed, or what it waits for. */
  readonly result?: string | undefined;
}

/** Plain readings, by name; written before an act, compared after it. */
export type Evidence = Readonly<Record<string, string | number | boolean | null>>;

/** Sizes and alarms at one moment, for before and after. */
export interface Gauge {
  readonly at: number;
  readonly members: readonly {
    readonly id: string;
    readonly name: string;
    readonly sizeBytes: number | null;
    readonly inUseBytes: number | null;
    readonly quotaBytes: number | null;
  }[];
  /** Lines such as "NOSPACE on m1"; null: could not be read. */
  readonly alarms: readonly string[] | null;
  /** Who led, by name. */
  readonly leader?: string | undefined;
  readonly revision: number | null;
}

/** How it ended, for the person who reads the card. */
export interface Conclusion {
  readonly at: number;
  /** One sentence: what happened. */
  readonly summary: string;
  /** One sentence: the state the cluster is in now. */
  readonly clusterNow?: string | undefined;
  /** What to do next, a line each. */
  readonly next: readonly string[];
}

/** The watch for a re-raised alarm after a success: reads only, without lock. */
export interface ReraiseWatch {
  readonly until: number;
  readonly state: 'watching' | 'quiet' | 'reraised' | 'blind';
  readonly lastReadAt?: number | undefined;
  readonly note?: string | undefined;
}

/** A plan on its way through approval and execution. One record; every change is a compare-and-swap on `version`. */
export interface Operation {
  readonly id: string;
  readonly version: number;
  readonly state: OperationState;
  readonly plan: Plan;
  readonly planHash: string;
  readonly proposer: Actor;
  readonly reason?: string | undefined;
  readonly place: Place;
  /** Frozen when the operation was created. */
  readonly policy: Policy;
  readonly settleMs: number;
  readonly reraiseWatchMs: number;
  /** The cluster's windows when it was proposed, for the card; those of the configuration bind. */
  readonly windows: readonly MaintenanceWindow[];
  /** The cluster was observed only (`changes: off`) when this was proposed. */
  readonly observeOnly: boolean;
  readonly createdAt: number;
  readonly approveBy: number;
  readonly startBy?: number | undefined;
  readonly startedAt?: number | undefined;
  readonly reviews: readonly Review[];
  /** The one-use right to start or to go on; removed by whoever consumes it. */
  readonly token?: string | undefined;
  /** Keyed signature over the plan's hash, the reviews and the token. */
  readonly signature?: string | undefined;
  /** The executor at work: a number that grows with every takeover. */
  readonly fence: number;
  readonly steps: readonly StepRecord[];
  readonly cancelledBy?: Actor | undefined;
  readonly cancelRequestedAt?: number | undefined;
  /** Changes are paused for its cluster, shown on the card. */
  readonly paused?: Pause | undefined;
  /** Why an approved operation has not started yet; it starts when this is over, if that is in time. */
  readonly waits?: string | undefined;
  /** When approvers were reminded, milliseconds since the epoch. */
  readonly remindedAt?: readonly number[] | undefined;
  /** Drift that does not matter, said on the card. */
  readonly absorbed: readonly string[];
  readonly before?: Gauge | undefined;
  readonly after?: Gauge | undefined;
  readonly conclusion?: Conclusion | undefined;
  readonly watch?: ReraiseWatch | undefined;
  /** Set once an `unknown` operation could not be reconciled by reading. */
  readonly waitsForPerson?: string | undefined;
}

export function isTerminal(operation: Operation): boolean {
  return TERMINAL.has(operation.state);
}

/** Not ended, or ended well and still watched for a re-raised alarm. */
export function isOpen(operation: Operation): boolean {
  const { watch } = operation;
  if (!isTerminal(operation)) return true;
  if (watch?.state !== 'watching' && watch?.state !== 'blind') return false;
  return (watch.lastReadAt ?? 0) < watch.until;
}

/** How many people have approved; somebody who is in the list twice counts once. */
export function approvalsOf({ reviews }: Pick<Operation, 'reviews'>): number {
  const approvals = reviews.filter((review) => review.verdict === 'approve');
  return new Set(approvals.map(({ by }) => `${by.teamId} ${by.userId}`)).size;
}
