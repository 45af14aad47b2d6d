import type { Cluster } from '../domain/cluster.js';
import type { Operation, Review } from '../domain/operation.js';

/**
 * Whether the approvals still count when the work starts: a reviewer who was taken out of the configuration meanwhile
 * no longer approves. Membership of a user group was read from Slack at the click; here only the group has to be there
 * still, because executors know no Slack.
 */
export function stillEntitled(operation: Operation, cluster: Cluster): string | null {
  const { approvers } = cluster.policy;
  const own = ({ by }: Review): boolean =>
    by.userId === operation.proposer.userId && by.teamId === operation.proposer.teamId;
  const counts = (review: Review): boolean =>
    review.verdict === 'approve' &&
    (cluster.policy.selfApproval || !own(review)) &&
    (review.viaGroup === undefined
      ? approvers.users.includes(review.by.userId)
      : approvers.groups.includes(review.viaGroup));
  const valid = operation.reviews.filter(counts).length;
  const needed = Math.max(operation.policy.approvals, cluster.policy.approvals);
  if (valid >= needed) return null;
  return `${String(valid)} of ${String(needed)} approvals still count: a reviewer has lost the right, or more are needed now`;
}
