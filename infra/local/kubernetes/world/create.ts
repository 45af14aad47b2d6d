import { suffix, type OwnerReference } from '../objects/object.js';
import { makePod, type Pod } from '../objects/pod.js';
import { scheduled } from '../objects/pod-status.js';
import type { Fate } from './fates.js';
import type { Plan } from './plans.js';
import type { World } from './world.js';

export interface Creating {
  namespace: string;
  /** Before the random end of the name. */
  generateName: string;
  owner: OwnerReference;
  plan: Plan;
  node?: string;
}

/** A controller's new pod. */
export function createPod(world: World, { namespace, generateName, owner, plan, node }: Creating): Pod {
  const { template } = plan;
  const name = `${generateName}${suffix()}`;
  const createdAt = world.now();
  const pod = makePod({ namespace, generateName, name, createdAt, template, owner });
  return bear(world, node === undefined ? pod : scheduled(pod, node, createdAt), plan.fate());
}

/** Its fate must be known before anybody sees it. */
export function bear(world: World, pod: Pod, fate: Fate): Pod {
  world.fates.set(pod.metadata.uid, fate);
  return world.store.put('pods', pod);
}
