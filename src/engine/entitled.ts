import type { Group } from '../domain/actor.js';
import { policyFor, type Cluster } from '../domain/cluster.js';
import { approvalsOf, type Operation, type Review } from '../domain/operation.js';

/**
 * Whether the approvals still count when the work starts: a reviewer who was taken out of the configuration meanwhile
 * no longer approves. Membership of a user group was read from Slack at the click; here only the group has to be there
 * still, because executors know no Slack.
 */
export function stillEntitled(operation: Operation, cluster: Cluster): string | null {
  if (emergencyCounts(operation, cluster)) return null;
  const policy = policyFor(cluster, operation.plan.runbook);
  const counts = (review: Review): boolean =>
    review.verdict === 'approve' &&
    review.emergency !== true &&
    (policy.selfApproval || !isOwn(operation, review)) &&
    isAmong(policy.approvers, review);
  const valid = approvalsOf({ reviews: operation.reviews.filter(counts) });
  const needed = Math.max(operation.policy.approvals, policy.approvals);
  if (valid >= needed) return null;
  return `${String(valid)} of ${String(needed)} approvals still count: a reviewer has lost the right, or more are needed now`;
}

/** Somebody who may still approve alone has done so. Whether NOSPACE is still armed, the facts say. */
export function emergencyCounts(operation: Operation, cluster: Cluster): boolean {
  const { emergency } = policyFor(cluster, operation.plan.runbook);
  return (
    operation.plan.runbook === EMERGENCY_RUNBOOK &&
    operation.reviews.some((review) => review.emergency === true && isAmong(emergency, review))
  );
}

/** The only change that an emergency is for: a full cluster refuses every write. */
export const EMERGENCY_RUNBOOK = 'fix';

/** Somebody who may still say so has let it start outside the windows. */
export function outsideCounts(operation: Operation, cluster: Cluster): boolean {
  const { outsideWindow } = policyFor(cluster, operation.plan.runbook);
  return operation.reviews.some(
    (review) =>
      review.outsideWindow === true &&
      isAmong(outsideWindow, { ...review, viaGroup: review.outsideViaGroup }),
  );
}

function isOwn({ proposer }: Operation, { by }: Review): boolean {
  return by.userId === proposer.userId && by.teamId === proposer.teamId;
}

function isAmong({ users, groups }: Group, { by, viaGroup }: Review): boolean {
  return viaGroup === undefined ? users.includes(by.userId) : groups.includes(viaGroup);
}
