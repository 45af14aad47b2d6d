import type { Budget } from './objects/budget.js';
import type { KubeEvent } from './objects/event.js';
import type { CronJob, Job } from './objects/job.js';
import type { Node } from './objects/node.js';
import type { KubeObject } from './objects/object.js';
import type { Pod } from './objects/pod.js';
import type { DaemonSet, Deployment, ReplicaSet } from './objects/workload.js';

/** An object of a custom resource: whatever its maker put there. */
export interface CustomObject extends KubeObject {
  readonly spec: unknown;
}

/** What is kept of each resource that is served. */
export interface Kinds {
  pods: Pod;
  events: KubeEvent;
  nodes: Node;
  daemonsets: DaemonSet;
  deployments: Deployment;
  replicasets: ReplicaSet;
  cronjobs: CronJob;
  jobs: Job;
  poddisruptionbudgets: Budget;
  ippools: CustomObject;
  ipamblocks: CustomObject;
  blockaffinities: CustomObject;
  ipamhandles: CustomObject;
}

export type Resource = keyof Kinds;

export interface Kind {
  group: string;
  version: string;
  kind: string;
  namespaced: boolean;
  /** Served only where its definition is installed; its lists name kind and apiVersion at each item. */
  custom?: true;
}

const CORE = { group: '', version: 'v1' };
const APPS = { group: 'apps', version: 'v1', namespaced: true };
const BATCH = { group: 'batch', version: 'v1', namespaced: true };
const CALICO = { group: 'crd.projectcalico.org', version: 'v1', namespaced: false, custom: true } as const;

export const KINDS: Readonly<Record<Resource, Kind>> = {
  pods: { ...CORE, kind: 'Pod', namespaced: true },
  events: { ...CORE, kind: 'Event', namespaced: true },
  nodes: { ...CORE, kind: 'Node', namespaced: false },
  daemonsets: { ...APPS, kind: 'DaemonSet' },
  deployments: { ...APPS, kind: 'Deployment' },
  replicasets: { ...APPS, kind: 'ReplicaSet' },
  cronjobs: { ...BATCH, kind: 'CronJob' },
  jobs: { ...BATCH, kind: 'Job' },
  poddisruptionbudgets: { group: 'policy', version: 'v1', kind: 'PodDisruptionBudget', namespaced: true },
  ippools: { ...CALICO, kind: 'IPPool' },
  ipamblocks: { ...CALICO, kind: 'IPAMBlock' },
  blockaffinities: { ...CALICO, kind: 'BlockAffinity' },
  ipamhandles: { ...CALICO, kind: 'IPAMHandle' },
};

export const RESOURCES = Object.keys(KINDS) as Resource[];

export function isResource(word: string): word is Resource {
  return Object.hasOwn(KINDS, word);
}

export function apiVersionOf({ group, version }: Kind): string {
  return group ? `${group}/${version}` : version;
}
