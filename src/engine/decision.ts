import type { Actor } from '../domain/actor.js';
import type { Refusal } from '../domain/errors.js';
import { approvalsOf, type Operation, type Review } from '../domain/operation.js';
import type { ChangeResult, Signer } from '../domain/ports.js';
import { signed } from './approval.js';

export interface ReviewRequest {
  readonly operationId: string;
  readonly actor: Actor;
  readonly verdict: Review['verdict'];
  readonly channel: string | null;
  readonly reason?: string | undefined;
  readonly standstillConfirmed?: boolean | undefined;
}

/** A review request with all that the record needs to know. */
export type Submitted = ReviewRequest & {
  readonly now: number;
  readonly token: string;
  readonly viaGroup?: string | undefined;
};

/** Pure: the record with this review in it, or why it does not count. */
export function reviewed(operation: Operation, submitted: Submitted, signer: Signer): ChangeResult {
  const refused = cannotReview(operation, submitted);
  if (refused) return { ok: false, reason: refused };
  const entry: Review = {
    by: submitted.actor,
    verdict: submitted.verdict,
    planHash: operation.planHash,
    at: submitted.now,
    viaGroup: submitted.viaGroup,
    reason: submitted.reason,
    standstillConfirmed: submitted.standstillConfirmed,
  };
  const next: Operation = { ...operation, reviews: [...operation.reviews, entry] };
  const limit = { ok: true as const, notAfter: operation.approveBy };
  if (submitted.verdict === 'deny') return { ...limit, operation: denied(next, submitted) };
  if (approvalsOf(next) < operation.policy.approvals) return { ...limit, operation: next };
  const startBy = submitted.now + operation.policy.startWithinMs;
  return {
    ...limit,
    operation: signed({ ...next, state: 'approved', startBy, token: submitted.token }, signer),
  };
}

function cannotReview(operation: Operation, submitted: Submitted): string | null {
  const by = submitted.actor;
  const mine = (other: Actor): boolean => other.userId === by.userId && other.teamId === by.teamId;
  if (operation.reviews.some((entry) => mine(entry.by))) return 'you have already reviewed this operation';
  if (operation.state !== 'pending') return `it is ${operation.state}, not pending`;
  if (submitted.now > operation.approveBy) return 'its time for approvals has passed';
  if (submitted.verdict === 'deny') return null;
  const own = selfApproval(operation, submitted);
  if (own) return own.reason;
  if (operation.plan.standstill !== null && submitted.standstillConfirmed !== true) {
    return `the approver has to confirm that ${operation.plan.standstill}`;
  }
  return null;
}

export function selfApproval(
  operation: Operation,
  request: Pick<ReviewRequest, 'actor' | 'verdict'>,
): Refusal | null {
  const own =
    operation.proposer.userId === request.actor.userId && operation.proposer.teamId === request.actor.teamId;
  if (!own || operation.policy.selfApproval || request.verdict === 'deny') return null;
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
