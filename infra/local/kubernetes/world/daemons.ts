import { keyOf, ownerOf } from '../objects/object.js';
import { isReady } from '../objects/pod.js';
import type { DaemonSet } from '../objects/workload.js';
import { createPod } from './create.js';
import type { Plans } from './plans.js';
import { podsOf, some, withStatus } from './replicas.js';
import type { World } from './world.js';

/** One pod of each DaemonSet on each node. */
export function keepDaemons(world: World, plans: Plans): void {
  for (const set of world.store.all('daemonsets')) keep(world, plans, set);
}

function keep(world: World, plans: Plans, set: DaemonSet): void {
  const { uid, namespace = '', name } = set.metadata;
  const plan = plans.get(uid);
  const alive = podsOf(world, uid).filter((pod) => !pod.metadata.deletionTimestamp);
  const served = new Set(alive.map(({ spec }) => spec.nodeName));
  const nodes = world.store.all('nodes').map((node) => node.metadata.name);
  if (plan) {
    const creating = {
      namespace,
      generateName: `${name}-`,
      owner: ownerOf('apps/v1', 'DaemonSet', set),
      plan,
    };
    for (const node of nodes) if (!served.has(node)) createPod(world, { ...creating, node });
  }
  const ready = alive.filter(isReady).length;
  const status = {
    ...{ currentNumberScheduled: nodes.length, numberMisscheduled: 0, desiredNumberScheduled: nodes.length },
    ...{ numberReady: ready, observedGeneration: 1, updatedNumberScheduled: nodes.length },
    ...some({ numberAvailable: ready, numberUnavailable: nodes.length - ready }),
  };
  world.store.update('daemonsets', keyOf(set), (it) => withStatus(it, status));
}
