import type { Cluster } from '../domain/cluster.js';
import { no, type Verdict } from '../domain/errors.js';
import type { Operation } from '../domain/operation.js';
import type { Pauses } from '../domain/ports.js';
import { accessTo, authorise, type AuthoriseDeps, type Granted } from './authorise.js';
import { selfApproval, type ReviewRequest, type Submitted } from './decision.js';
import { EMERGENCY_RUNBOOK } from './entitled.js';
import { pauseText } from './hold.js';

export type MayReview = Pick<ReviewRequest, 'actor' | 'channel' | 'verdict' | 'emergency'> & {
  readonly operation: Operation;
};

/**
 * Whether this person may review this operation at all; asked again when the review comes. By the policy that was frozen
 * and by the one of now: who has lost the right must not be counted on.
 */
export async function mayReview(
  deps: AuthoriseDeps,
  cluster: Cluster,
  request: MayReview,
): Promise<Verdict<Granted>> {
  const { operation, actor, channel } = request;
  const own = selfApproval(operation, request);
  if (own) return own;
  // Nobody denies by a right to approve.
  const right = request.emergency === true && request.verdict === 'approve' ? 'emergency' : 'review';
  if (right === 'emergency' && !isFullClusterFix(operation))
    return no('An emergency approval is only for a `fix` of a cluster whose NOSPACE alarm is armed.', [
      'Everything else takes the approvals that the card names.',
    ]);
  const then = await authorise(deps, accessTo(cluster, { actor, right, channel, policy: operation.policy }));
  if (!then.ok) return then;
  return authorise(deps, accessTo(cluster, { actor, right, channel, runbook: operation.plan.runbook }));
}

/** What an emergency approval is for, by the facts that the proposal stands on. */
export function isFullClusterFix({ plan, before }: Operation): boolean {
  return (
    plan.runbook === EMERGENCY_RUNBOOK && (before?.alarms ?? []).some((one) => one.startsWith('NOSPACE'))
  );
}

/** Changes that are off or paused can be denied, but not approved. */
export async function heldNow(
  { pauses }: { readonly pauses: Pauses },
  cluster: Cluster,
  { verdict }: ReviewRequest,
): Promise<Verdict<never> | null> {
  if (verdict === 'deny') return null;
  if (!cluster.changes)
    return no(`Changes are off for ${cluster.name} (\`changes: off\`), so nothing can be approved.`, [
      'The card and its Details have the lines to do it by hand.',
    ]);
  const pause = await pauses.holding(cluster.name);
  return pause ? no(sentence(pauseText(pause)), ['`/etcd resume` lets changes go on.']) : null;
}

/** Whether this person may let it start outside the windows; nobody is asked where there are none. */
export async function mayOutside(
  deps: AuthoriseDeps,
  cluster: Cluster,
  { request: { actor, channel, verdict }, operation }: { request: ReviewRequest; operation: Operation },
): Promise<Pick<Submitted, 'outsideWindow' | 'outsideViaGroup'>> {
  if (verdict === 'deny' || cluster.windows.length === 0) return { outsideWindow: false };
  const { runbook } = operation.plan;
  const frozen = { actor, channel, right: 'outside-window' as const, policy: operation.policy };
  const then = await authorise(deps, accessTo(cluster, frozen));
  const now = await authorise(deps, accessTo(cluster, { actor, channel, right: 'outside-window', runbook }));
  return then.ok && now.ok
    ? { outsideWindow: true, outsideViaGroup: now.value.viaGroup }
    : { outsideWindow: false };
}

export function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}${text.endsWith('.') ? '' : '.'}`;
}
