import type { Actor } from '../domain/actor.js';
import type { Refusal } from '../domain/errors.js';
import { approvalsOf, isTerminal, type Operation, type Review } from '../domain/operation.js';
import type { ChangeResult, Signer } from '../domain/ports.js';
import { bare } from '../domain/sentence.js';
import { isOpenAt, nextOpening, windowText, type MaintenanceWindow } from '../domain/window.js';
import { signed } from './approval.js';

export interface ReviewRequest {
  readonly operationId: string;
  readonly actor: Actor;
  readonly verdict: Review['verdict'];
  readonly channel: string | null;
  readonly reason?: string | undefined;
  readonly standstillConfirmed?: boolean | undefined;
  /** Approves alone, by right of `policy.emergency`. */
  readonly emergency?: boolean | undefined;
}

/** A review request with all that the record needs to know. */
export type Submitted = ReviewRequest & {
  readonly now: number;
  readonly token: string;
  readonly viaGroup?: string | undefined;
  /** Whether this person may let it start outside the windows. */
  readonly outsideWindow: boolean;
  readonly outsideViaGroup?: string | undefined;
  /** Those of the configuration now. */
  readonly windows: readonly MaintenanceWindow[];
};

/** Pure: the record with this review in it, signed anew, or why it does not count. */
export function reviewed(operation: Operation, submitted: Submitted, signer: Signer): ChangeResult {
  const refused = cannotReview(operation, submitted);
  if (refused) return { ok: false, reason: refused };
  // One review a person: an emergency takes the place of what they said before.
  const others = operation.reviews.filter((review) => !isBy(review, submitted.actor));
  const next: Operation = { ...operation, reviews: [...others, entryOf(operation, submitted)] };
  const limit = { ok: true as const, notAfter: operation.approveBy };
  if (submitted.verdict === 'deny') return { ...limit, operation: denied(next, submitted) };
  if (!isEnough(next)) return { ...limit, operation: signed(next, signer) };
  const closed = outOfHours(next, submitted);
  if (closed) return { ok: false, reason: closed };
  const startBy = submitted.now + operation.policy.startWithinMs;
  return {
    ...limit,
    operation: signed({ ...next, state: 'approved', startBy, token: submitted.token }, signer),
  };
}

function entryOf(operation: Operation, submitted: Submitted): Review {
  const approves = submitted.verdict === 'approve';
  return {
    by: submitted.actor,
    verdict: submitted.verdict,
    planHash: operation.planHash,
    at: submitted.now,
    viaGroup: submitted.viaGroup,
    reason: submitted.reason,
    standstillConfirmed: submitted.standstillConfirmed,
    emergency: approves && submitted.emergency === true ? true : undefined,
    outsideWindow: approves && submitted.outsideWindow ? true : undefined,
    outsideViaGroup: approves && submitted.outsideWindow ? submitted.outsideViaGroup : undefined,
  };
}

function isEnough(operation: Operation): boolean {
  return approvalsOf(operation) >= operation.policy.approvals || isEmergency(operation);
}

/** Somebody approved it alone. */
export function isEmergency({ reviews }: Operation): boolean {
  return reviews.some(({ verdict, emergency }) => verdict === 'approve' && emergency === true);
}

/** An emergency is one at any hour. */
export function mayStartOutside(operation: Operation): boolean {
  return isEmergency(operation) || operation.reviews.some(({ outsideWindow }) => outsideWindow === true);
}

/** The last approval starts it: outside the windows only if somebody who may has said so, or one opens in time. */
function outOfHours(operation: Operation, { windows, now }: Submitted): string | null {
  if (isOpenAt(windows, now) || mayStartOutside(operation)) return null;
  const opens = nextOpening(windows, now);
  if (opens !== null && opens <= now + operation.policy.startWithinMs) return null;
  const hours = windows.map(windowText).join('; ');
  return `it would start now, outside the maintenance windows (${hours}), and nobody who approved may allow that`;
}

function cannotReview(operation: Operation, submitted: Submitted): string | null {
  if (operation.state !== 'pending') return stateSentence(operation);
  // Whoever approved as one of several may still take the emergency upon themselves.
  const again = operation.reviews.some((review) => isBy(review, submitted.actor));
  const alone = submitted.emergency === true && submitted.verdict === 'approve';
  if (again && !alone) return 'you have already reviewed this operation';
  if (submitted.now > operation.approveBy) return 'its time for approvals has passed';
  if (submitted.verdict === 'deny') return null;
  const own = selfApproval(operation, submitted);
  if (own) return own.reason;
  const noReason = (submitted.reason ?? '').trim() === '';
  if (submitted.emergency === true && noReason) return 'an emergency approval needs its reason';
  if (operation.plan.standstill !== null && submitted.standstillConfirmed !== true) {
    return `the approver has to confirm that ${operation.plan.standstill}`;
  }
  return null;
}

function isBy({ by }: Review, actor: Actor): boolean {
  return by.userId === actor.userId && by.teamId === actor.teamId;
}

/** How it stands now, for whoever presses an old button. */
export function stateSentence(operation: Operation): string {
  const { state, conclusion, startedAt } = operation;
  const said = conclusion === undefined ? '' : `: ${bare(conclusion.summary)}`;
  if (state === 'approved') return 'it is approved already, and about to start';
  if (state === 'running') return 'it is approved already, and runs';
  if (state === 'unknown') return 'it ran, and what happened is being read from the target';
  if (isTerminal(operation) && startedAt !== undefined) return `it has run already and ${state}${said}`;
  return `it is ${state}, not pending any more${said}`;
}

export function selfApproval(
  operation: Operation,
  request: Pick<ReviewRequest, 'actor' | 'verdict' | 'emergency'>,
): Refusal | null {
  const own =
    operation.proposer.userId === request.actor.userId && operation.proposer.teamId === request.actor.teamId;
  const allowed = operation.policy.selfApproval || request.verdict === 'deny' || request.emergency === true;
  if (!own || allowed) return null;
  return {
    ok: false,
    reason: 'Nobody approves their own proposal.',
    instead: ['Ask one of the approvers named on the card.'],
  };
}

function denied(operation: Operation, submitted: Submitted): Operation {
  const summary = `Denied by <@${submitted.actor.userId}>. Nothing was touched.`;
  return { ...operation, state: 'denied', conclusion: { at: submitted.now, summary, next: [] } };
}
