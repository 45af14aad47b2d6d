import { isDeepStrictEqual } from 'node:util';
import { removePod } from '../api/remove.js';
import { isOwnedBy, keyOf, ownerOf } from '../objects/object.js';
import { isOver, isReady, type Pod } from '../objects/pod.js';
import type { Deployment, ReplicaSet } from '../objects/workload.js';
import { createPod } from './create.js';
import type { Plans } from './plans.js';
import type { World } from './world.js';

/** Keeps as many pods of each ReplicaSet as it asks for, and counts them for it and its Deployment. */
export function keepReplicas(world: World, plans: Plans): void {
  for (const deployment of world.store.all('deployments')) passOnScale(world, deployment);
  for (const set of world.store.all('replicasets')) keep(world, plans, set);
  for (const deployment of world.store.all('deployments')) count(world, deployment);
}

function passOnScale({ store }: World, deployment: Deployment): void {
  for (const set of store.all('replicasets')) {
    const { replicas = 1 } = deployment.spec;
    if (!isOwnedBy(set, deployment.metadata.uid) || set.spec.replicas === replicas) continue;
    store.update('replicasets', keyOf(set), (it) => ({ ...it, spec: { ...it.spec, replicas } }));
  }
}

function keep(world: World, plans: Plans, set: ReplicaSet): void {
  const { metadata, spec } = set;
  const plan = plans.get(metadata.uid);
  const mine = podsOf(world, metadata.uid);
  const alive = mine.filter((pod) => !pod.metadata.deletionTimestamp && !isOver(pod));
  const wanted = spec.replicas ?? 1;
  if (plan) {
    const { namespace = '', name } = metadata;
    const creating = {
      namespace,
      generateName: `${name}-`,
      owner: ownerOf('apps/v1', 'ReplicaSet', set),
      plan,
    };
    for (let missing = wanted - alive.length; missing > 0; missing--) createPod(world, creating);
    for (const pod of alive.slice(wanted)) removePod(world, pod);
  }
  const ready = alive.filter(isReady).length;
  const status = {
    replicas: wanted,
    ...some({ readyReplicas: ready, availableReplicas: ready }),
    observedGeneration: 1,
  };
  world.store.update('replicasets', keyOf(set), (it) => withStatus(it, status));
}

function count(world: World, deployment: Deployment): void {
  const set = world.store.all('replicasets').find((it) => isOwnedBy(it, deployment.metadata.uid));
  if (!set) return;
  const { replicas, readyReplicas = 0 } = set.status;
  const counts = { replicas, updatedReplicas: replicas, readyReplicas, availableReplicas: readyReplicas };
  const status = {
    observedGeneration: 1,
    ...some({ ...counts, unavailableReplicas: replicas - readyReplicas }),
  };
  world.store.update('deployments', keyOf(deployment), (it) => withStatus(it, status));
}

/** Zeros are left out, as the API does with optional counts. */
export function some(counts: Record<string, number>): Record<string, number> {
  return Object.fromEntries(Object.entries(counts).filter(([, value]) => value !== 0));
}

export function withStatus<T extends { status: object }>(object: T, status: T['status']): T {
  return isDeepStrictEqual(object.status, status) ? object : { ...object, status };
}

export function podsOf({ store }: World, owner: string): Pod[] {
  return store.all('pods').filter((pod) => isOwnedBy(pod, owner));
}
