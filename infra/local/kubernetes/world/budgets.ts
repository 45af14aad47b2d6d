import { bySelector } from '../api/labels.js';
import { budgetStatus } from '../objects/budget.js';
import { keyOf } from '../objects/object.js';
import { isOver, isReady } from '../objects/pod.js';
import { withStatus } from './replicas.js';
import type { World } from './world.js';

/** How many pods each budget can spare. */
export function countBudgets({ store }: World): void {
  for (const budget of store.all('poddisruptionbudgets')) {
    const isMeant = bySelector(budget.spec.selector);
    const pods = store
      .all('pods')
      .filter(
        ({ metadata }) => metadata.namespace === budget.metadata.namespace && isMeant(metadata.labels ?? {}),
      )
      .filter((pod) => !isOver(pod) && !pod.metadata.deletionTimestamp);
    const status = budgetStatus(budget.spec, pods.length, pods.filter(isReady).length);
    store.update('poddisruptionbudgets', keyOf(budget), (it) => withStatus(it, status));
  }
}
