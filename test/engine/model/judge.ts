import type { Policy } from '../../../src/domain/actor.js';
import { TERMINAL, type Operation, type OperationState, type Review } from '../../../src/domain/operation.js';
import { isIn } from './people.js';

const ENDS: readonly OperationState[] = ['cancelled', 'expired', 'stale'];

/** Every change of state that there may be; a terminal state has none. */
const NEXT: Readonly<Partial<Record<OperationState, readonly OperationState[]>>> = {
  pending: ['approved', 'denied', 'superseded', ...ENDS],
  approved: ['running', ...ENDS],
  running: ['unknown', 'succeeded', 'failed', 'cancelled'],
  unknown: ['succeeded', 'failed'],
};

/** What holds at this moment outside the record, as the test itself set it. */
export interface Circumstances {
  readonly policy: Policy;
  readonly changes: boolean;
  readonly paused: boolean;
  readonly mayStartNow: boolean;
  readonly nospace: boolean;
  readonly safe: boolean;
  readonly slackAway: boolean;
  /** Clicks that somebody made, as "op1 U2 approve". */
  readonly clicks: ReadonlySet<string>;
}

/** What is wrong with one change of a record, told apart from the engine's own rules. */
export function wrongWith(before: Operation, after: Operation, now: Circumstances): readonly string[] {
  const what = `${after.id} ${before.state} → ${after.state}`;
  const wrong: string[] = [];
  const must = (holds: boolean, rule: string): void => {
    if (!holds) wrong.push(`${what}: ${rule}`);
  };
  if (TERMINAL.has(before.state)) must(isSame(before, after), 'what has ended has changed');
  else must(before.state === after.state || (NEXT[before.state] ?? []).includes(after.state), 'no such way');
  must(after.version === before.version + 1, 'its version did not count up by one');
  must(distinct(after.reviews), 'somebody has reviewed it twice');
  must(
    before.reviews.every((review) => stands(review, after)),
    'somebody’s review has changed',
  );
  must(!TERMINAL.has(after.state) || after.token === undefined, 'it has ended with a token');
  if (after.reviews.length > before.reviews.length || after.state === 'approved') {
    for (const review of after.reviews)
      must(isKnown(before, review) || counts(after, review, now), `${review.by.userId} should not count`);
  }
  if (before.state === 'pending' && after.state === 'approved')
    must(hasQuorum(after, after.policy), 'approved without a quorum');
  if (before.state === 'approved' && after.state === 'running') {
    must(hasQuorum(after, after.policy), 'started without a quorum');
    must(hasQuorum(after, strictest(after.policy, now.policy)), 'started without those who may approve now');
    must(now.changes && !now.paused && now.safe, 'started while it must not');
    must(
      now.mayStartNow || after.reviews.some((review) => mayAtNight(review, now.policy)),
      'started outside the windows',
    );
    must(
      now.nospace || !after.reviews.some(({ emergency }) => emergency === true),
      'an emergency that is none',
    );
  }
  if (after.state === 'succeeded')
    must(
      after.steps.every(({ state }) => state === 'done' || state === 'skipped'),
      'it says that all is done',
    );
  return wrong;
}

/** The watch for a re-raise goes on after the end. */
function isSame(before: Operation, after: Operation): boolean {
  const text = (operation: Operation): string =>
    JSON.stringify({ ...operation, watch: 0, version: 0, paused: 0 });
  return text(before) === text(after);
}

function distinct(reviews: readonly Review[]): boolean {
  return new Set(reviews.map(({ by }) => by.userId)).size === reviews.length;
}

/** Only whoever takes the emergency upon themselves takes back what they said before. */
function stands(review: Review, after: Operation): boolean {
  const alone = after.reviews.some(
    ({ by, emergency }) => by.userId === review.by.userId && emergency === true,
  );
  return alone || isKnown(after, review);
}

function isKnown({ reviews }: Operation, review: Review): boolean {
  return reviews.some((known) => JSON.stringify(known) === JSON.stringify(review));
}

/** Of a review that has just been added. */
function counts({ id, policy }: Operation, review: Review, now: Circumstances): boolean {
  const user = review.by.userId;
  const group = review.emergency === true ? 'emergency' : 'approvers';
  const may = isIn(policy[group], user) && isIn(now.policy[group], user);
  const allowed = review.verdict === 'deny' || (now.changes && !now.paused);
  return may && allowed && !now.slackAway && now.clicks.has(`${id} ${user} ${review.verdict}`);
}

/** As many people as the policy asks for, none of them the proposer; or one of those who may alone, with a reason. */
export function hasQuorum({ plan, reviews, proposer }: Operation, policy: Policy): boolean {
  const approving = reviews.filter(({ verdict }) => verdict === 'approve');
  const alone = approving.some(
    ({ by, emergency, reason = '' }) =>
      emergency === true && plan.runbook === 'fix' && reason !== '' && isIn(policy.emergency, by.userId),
  );
  const people = approving
    .filter(({ emergency }) => emergency !== true)
    .map(({ by }) => by.userId)
    .filter((user) => isIn(policy.approvers, user) && (policy.selfApproval || user !== proposer.userId));
  return alone || new Set(people).size >= policy.approvals;
}

function strictest(frozen: Policy, now: Policy): Policy {
  return { ...now, approvals: Math.max(frozen.approvals, now.approvals) };
}

function mayAtNight({ by, emergency }: Review, policy: Policy): boolean {
  return isIn(emergency === true ? policy.emergency : policy.outsideWindow, by.userId);
}
