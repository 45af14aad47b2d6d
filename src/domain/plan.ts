/** Everything that the bot can do to production: one entry for each file in `steps`. */
export type StepKind = 'backup' | 'compact' | 'defragment' | 'move-leader' | 'disarm' | 'write-probe';

/** One act on a target. Parameters are fixed when the plan is made; they are what people approve. */
export type PlannedAct =
  | { readonly kind: 'backup'; readonly directory: string; readonly keep: number }
  | { readonly kind: 'compact'; readonly revision: number }
  | { readonly kind: 'defragment'; readonly memberId: string }
  /** Leadership goes to a caught-up voting member that is done, away from the member that comes next. */
  | { readonly kind: 'move-leader' }
  | { readonly kind: 'disarm'; readonly alarm: 'NOSPACE'; readonly belowShare: number }
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
    readonly pauses: readonly MemberPause[];
  };
  readonly risks: readonly string[];
  /** Set where everybody stands still: the sentence that the approver must confirm. */
  readonly standstill: string | null;
  /** False: none is configured, and the approver approves without one. */
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
  const acts = plan.steps.map(({ label: _label, id: _id, ...act }) =>
    act.kind === 'defragment' ? { kind: act.kind } : act,
  );
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
