import { createHash } from 'node:crypto';
import { removePod } from '../api/remove.js';
import { makeBudget, type NewBudget } from '../objects/budget.js';
import { isOwnedBy, keyOf } from '../objects/object.js';
import type { Container, PodTemplate } from '../objects/pod.js';
import {
  makeDaemonSet,
  makeDeployment,
  makeReplicaSet,
  type DaemonSet,
  type Deployment,
} from '../objects/workload.js';
import type { Fate } from '../world/fates.js';
import { firstOnes, type Plans } from '../world/plans.js';
import { podsOf } from '../world/replicas.js';
import type { World } from '../world/world.js';

export interface WorkloadOptions {
  namespace: string;
  name: string;
  /** Default: `app: <name>`. */
  labels?: Record<string, string>;
  image?: string;
  container?: Partial<Container>;
  hostNetwork?: boolean;
}

export interface DeploymentOptions extends WorkloadOptions {
  replicas?: number;
  /** What befalls its first pods, and how many of them (all by default); their replacements are as usual. */
  fate?: Fate;
  fateOf?: number;
}

export interface WorkloadControl {
  addDeployment(options: DeploymentOptions): Deployment;
  scale(namespace: string, name: string, replicas: number): void;
  removeDeployment(namespace: string, name: string): void;
  addDaemonSet(options: WorkloadOptions): DaemonSet;
  addBudget(budget: NewBudget): void;
  removeBudget(namespace: string, name: string): void;
}

export function makeWorkloadControl(world: World, plans: Plans): WorkloadControl {
  const { store, now } = world;
  return {
    addDeployment: (options) => addDeployment(world, plans, options),
    scale(namespace, name, replicas) {
      const key = `${namespace}/${name}`;
      store.update('deployments', key, (it) => ({ ...it, spec: { ...it.spec, replicas } }));
    },
    removeDeployment: (namespace, name) => removeDeployment(world, `${namespace}/${name}`),
    addDaemonSet(options) {
      const template = templateOf(options);
      const { namespace, name } = options;
      const set = makeDaemonSet({ namespace, name, createdAt: now(), template });
      plans.set(set.metadata.uid, { template, fate: () => ({}) });
      return store.put('daemonsets', set);
    },
    addBudget: (budget) => void store.put('poddisruptionbudgets', makeBudget(budget, now())),
    removeBudget: (namespace, name) => void store.remove('poddisruptionbudgets', `${namespace}/${name}`),
  };
}

function addDeployment({ store, now }: World, plans: Plans, options: DeploymentOptions): Deployment {
  const { namespace, name, replicas = 1, fate = {}, fateOf = Infinity } = options;
  const template = templateOf(options);
  const given = { namespace, name, createdAt: now(), template };
  const deployment = store.put('deployments', makeDeployment(given, replicas));
  const hash = createHash('sha256').update(name).digest('hex').slice(0, 9);
  const set = makeReplicaSet(deployment, given, hash);
  const labels = { ...template.labels, 'pod-template-hash': hash };
  plans.set(set.metadata.uid, { template: { ...template, labels }, fate: firstOnes(fateOf, fate) });
  store.put('replicasets', set);
  return deployment;
}

/** As its owner goes, what it owns is collected. */
function removeDeployment(world: World, key: string): void {
  const { store } = world;
  const deployment = store.remove('deployments', key);
  const sets = store
    .all('replicasets')
    .filter((set) => deployment && isOwnedBy(set, deployment.metadata.uid));
  for (const set of sets) {
    store.remove('replicasets', keyOf(set));
    for (const pod of podsOf(world, set.metadata.uid)) removePod(world, pod);
  }
}

export function templateOf({
  name,
  labels = { app: name },
  image,
  container,
  hostNetwork,
}: WorkloadOptions): PodTemplate {
  return {
    labels,
    container: { name, image: image ?? `example.com/${name}:1`, ...container },
    ...(hostNetwork ? { hostNetwork } : {}),
  };
}
