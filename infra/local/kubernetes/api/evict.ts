import type { Budget } from '../objects/budget.js';
import { keyOf } from '../objects/object.js';
import { isOver, isReady, type Pod } from '../objects/pod.js';
import { evicting } from '../objects/pod-status.js';
import type { Store } from '../store.js';
import { bySelector } from './labels.js';
import {
  checkPreconditions,
  findPod,
  removePod,
  type DeleteOptions,
  type PodName,
  type Remover,
} from './remove.js';
import { badRequest, Refused, success } from './status.js';

export interface Evicting extends Remover {
  /** Unlike the real server, which lets pending pods go whatever their budget says. */
  guardPending: boolean;
}

/** policy/v1: deletes a pod unless a budget would be broken. */
export function evict(
  body: Record<string, unknown>,
  named: PodName,
  { store, now, guardPending }: Evicting,
): object {
  const pod = findPod(store, named);
  const metadata = body['metadata'] as { name?: string } | undefined;
  if (metadata?.name && metadata.name !== named.name) {
    throw badRequest('name in URL does not match name in Eviction object');
  }
  const options = (body['deleteOptions'] ?? {}) as DeleteOptions;
  checkPreconditions(pod, options);
  const dry = options.dryRun?.includes('All') ?? false;
  if (!isBeyondBudgets(pod, guardPending)) askBudget(store, pod, dry);
  if (dry) return success(201);
  const marked = store.update('pods', keyOf(pod), (current) => evicting(current, now())) ?? pod;
  const { preconditions: _checked, ...rest } = options;
  removePod({ store, now }, marked, rest);
  return success(201);
}

function isBeyondBudgets(pod: Pod, guardPending: boolean): boolean {
  if (isOver(pod) || pod.metadata.deletionTimestamp) return true;
  return pod.status.phase === 'Pending' && !guardPending;
}

function askBudget(store: Store, pod: Pod, dry: boolean): void {
  const { namespace, labels = {} } = pod.metadata;
  const budgets = store
    .all('poddisruptionbudgets')
    .filter((budget) => budget.metadata.namespace === namespace && bySelector(budget.spec.selector)(labels));
  if (budgets.length > 1) {
    const message =
      'This pod has more than one PodDisruptionBudget, which the eviction subresource does not support.';
    throw new Refused({ code: 500, reason: 'InternalError', message });
  }
  const [budget] = budgets;
  if (!budget || mayGoUnready(pod, budget)) return;
  const { disruptionsAllowed, desiredHealthy, currentHealthy } = budget.status;
  if (disruptionsAllowed === 0) throw wouldBreak(budget, desiredHealthy, currentHealthy);
  if (dry) return;
  // At once, so that a second eviction does not pass before the pod's end has been counted.
  const status = { ...budget.status, disruptionsAllowed: disruptionsAllowed - 1 };
  store.update('poddisruptionbudgets', keyOf(budget), (current) => ({ ...current, status }));
}

/** A pod that is not ready keeps nothing up: it may go where enough others are, or where the budget says so. */
function mayGoUnready(pod: Pod, { spec, status }: Budget): boolean {
  if (isReady(pod)) return false;
  if (spec.unhealthyPodEvictionPolicy === 'AlwaysAllow') return true;
  return status.desiredHealthy > 0 && status.currentHealthy >= status.desiredHealthy;
}

function wouldBreak({ metadata }: Budget, needs: number, has: number): Refused {
  const message = `The disruption budget ${metadata.name} needs ${needs} healthy pods and has ${has} currently`;
  return new Refused({
    ...{ code: 429, reason: 'TooManyRequests' },
    message: "Cannot evict pod as it would violate the pod's disruption budget.",
    details: { causes: [{ reason: 'DisruptionBudget', message }] },
  });
}
