import type { HangCause } from './kubernetes/facts.js';
import type { ObjectRef } from './kubernetes/records.js';

/** Everything that the bot can do to production: one entry for each file in `steps`. */
export type StepKind =
  'backup' | 'compact' | 'defragment' | 'move-leader' | 'disarm' | 'restart-pods' | 'write-probe';

/** One act on a target. Parameters are fixed when the plan is made; they are what people approve. */
export type PlannedAct =
  | { readonly kind: 'backup'; readonly directory: string; readonly keep: number }
  | { readonly kind: 'compact'; readonly revision: number }
  /** `evenIfCompact`: also where there is next to nothing to give back; else such a member is left out. */
  | { readonly kind: 'defragment'; readonly memberId: string; readonly evenIfCompact?: true }
  /**
   * Leadership goes to this member; null: to the most caught-up voting member that has not still to be defragmented,
   * chosen when the step begins.
   */
  | { readonly kind: 'move-leader'; readonly to: string | null }
  | { readonly kind: 'disarm'; readonly alarm: 'NOSPACE'; readonly belowShare: number }
  /**
   * Evicts those of these pods that still hang for the cause. `patienceMs`: so long they are left to their kubelets' own
   * retries first.
   */
  | {
      readonly kind: 'restart-pods';
      readonly cause: HangCause;
      readonly pods: readonly ObjectRef[];
      readonly patienceMs: number;
    }
  | { readonly kind: 'write-probe' };

/** A condition between steps: the rest is not done unless it holds. */
export interface PlannedGate {
  readonly kind: 'gate';
  /** The member defragmented just before has a physical size under this share of its quota. */
  readonly condition: 'below-quota-share';
  readonly share: number;
}

export type PlannedStep = (PlannedAct | PlannedGate) & {
  /** Unique in its plan. */
  readonly id: string;
  /** One line for a person: "Defragment m2 (follower)". */
  readonly label: string;
};

export interface ByteRange {
  readonly lowBytes: number;
  readonly highBytes: number;
  /** What the range rests on, one sentence. */
  readonly basis: string;
}

export interface MemberPause {
  readonly memberId: string;
  readonly name: string;
  readonly pauseMs: number;
}

/** What one member is expected to give back. */
export interface MemberBytes {
  readonly memberId: string;
  readonly name: string;
  readonly lowBytes: number;
  readonly highBytes: number;
}

/**
 * Readings by which the start can see that an act of the plan has happened since it was made: by us before our memory was
 * set back, or by somebody else. Not part of the hash, but signed with the approval.
 */
export interface Baseline {
  readonly term: number;
  readonly leaderId: string;
  readonly members: readonly {
    readonly id: string;
    /** Finished defragmentations of this process; null: its metrics could not be read. */
    readonly defragmentations: number | null;
    readonly processStartedAt: number | null;
  }[];
}

/** Ordered steps with targets, parameters and gates, expected effect and risks. Plain data. */
export interface Plan {
  /** Id of the runbook that made it. */
  readonly runbook: string;
  /** One line: what it does to which cluster. */
  readonly title: string;
  readonly cluster: string;
  readonly clusterId: string;
  /** Every member when the plan was made, with the names that people know them by. */
  readonly members: readonly { readonly id: string; readonly name: string }[];
  readonly steps: readonly PlannedStep[];
  readonly expected: {
    readonly bytesBack: ByteRange;
    readonly bytesByMember: readonly MemberBytes[];
    readonly pauses: readonly MemberPause[];
    /** What the pauses rest on, one sentence; null: nobody stands still. */
    readonly pauseBasis: string | null;
  };
  /** Which revision it reaches and how old that is, one sentence; null: it compacts nothing. */
  readonly reaches: string | null;
  /** When this cluster was backed up last, as far as we know, one sentence. */
  readonly lastBackup: string;
  /** What is done when a step fails, one sentence. */
  readonly onFailure: string;
  /** How to keep the trouble from coming back, a sentence each; advice, never applied. */
  readonly prevention: readonly string[];
  readonly baseline: Baseline;
  readonly risks: readonly string[];
  /** Set where everybody stands still: the sentence that the approver must confirm. */
  readonly standstill: string | null;
  /** False: what it does is for good, no backup is configured, and the approver approves without one. */
  readonly backup: boolean;
  /** The same acts for a person with a terminal. */
  readonly byHand: readonly string[];
  /** The oldest fact that it rests on, milliseconds since the epoch. */
  readonly factsAt: number;
}

/**
 * What the hash of a plan covers: cluster, acts in their order, member ids, fixed parameters and gates; no sizes,
 * no texts. Which member comes first is left out: it is resolved at run time, by who leads then.
 */
export function substanceOf(plan: Plan): string {
  const acts = plan.steps.map(({ label: _label, id: _id, ...act }) => {
    if (act.kind !== 'defragment') return act;
    const { memberId: _memberId, ...rest } = act;
    return rest;
  });
  const defragmented = plan.steps.flatMap((step) => (step.kind === 'defragment' ? [step.memberId] : []));
  return JSON.stringify([
    plan.cluster,
    plan.clusterId,
    plan.runbook,
    plan.members.map((member) => member.id).sort(),
    acts.map((act) => Object.entries(act).sort(([a], [b]) => (a < b ? -1 : 1))),
    defragmented.sort(),
    plan.standstill !== null,
  ]);
}
