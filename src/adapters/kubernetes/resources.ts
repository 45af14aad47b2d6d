import type { CalicoResource, PathAccess, ResourceAccess } from '../../domain/kubernetes/ports.js';

/* Every kind of object that is read or acted on, and so every right that it takes: one place for all of them. */

export interface Resource {
  /** Empty: the core group. */
  readonly group: string;
  readonly version: string;
  readonly resource: string;
}

function resource(group: string, version: string, name: string): Resource {
  return { group, version, resource: name };
}

export const PODS = resource('', 'v1', 'pods');
export const EVENTS = resource('', 'v1', 'events');
export const NODES = resource('', 'v1', 'nodes');
export const WORKLOADS = {
  DaemonSet: resource('apps', 'v1', 'daemonsets'),
  Deployment: resource('apps', 'v1', 'deployments'),
} as const;
export const CRON_JOBS = resource('batch', 'v1', 'cronjobs');
export const JOBS = resource('batch', 'v1', 'jobs');
/** Who makes new pods for those that go, by the kind that a pod names as its owner. */
export const CONTROLLERS = {
  ReplicaSet: resource('apps', 'v1', 'replicasets'),
  StatefulSet: resource('apps', 'v1', 'statefulsets'),
  DaemonSet: WORKLOADS.DaemonSet,
  Job: JOBS,
} as const;
export const BUDGETS = resource('policy', 'v1', 'poddisruptionbudgets');

export function calico(name: CalicoResource): Resource {
  return resource('crd.projectcalico.org', 'v1', name);
}

const CALICO = (
  ['ippools', 'ipreservations', 'ipamconfigs', 'ipamblocks', 'blockaffinities', 'ipamhandles'] as const
).map(calico);

/** Null: in every namespace. */
export function pathOf({ group, version, resource: name }: Resource, namespace: string | null): string {
  const root = group === '' ? `/api/${version}` : `/apis/${group}/${version}`;
  const place = namespace === null ? '' : `/namespaces/${encodeURIComponent(namespace)}`;
  return `${root}${place}/${name}`;
}

export function toList({ group, resource: name }: Resource): ResourceAccess {
  return { verb: 'list', group, resource: name };
}

export const TO_WATCH_PODS: ResourceAccess = { verb: 'watch', group: '', resource: 'pods' };

export const TO_EVICT: ResourceAccess = {
  verb: 'create',
  group: '',
  resource: 'pods',
  subresource: 'eviction',
};

/** What a reader needs; infra/kubernetes gives exactly this. */
export const READER_RIGHTS: readonly ResourceAccess[] = [
  ...[PODS, EVENTS, NODES, WORKLOADS.DaemonSet, WORKLOADS.Deployment, CRON_JOBS, JOBS, BUDGETS].map(toList),
  ...[CONTROLLERS.ReplicaSet, CONTROLLERS.StatefulSet].map(toList),
  TO_WATCH_PODS,
];

/** Only where Calico keeps its data in Kubernetes' own objects. */
export const CALICO_RIGHTS: readonly ResourceAccess[] = CALICO.map(toList);

/** How much the API server stores of each resource; without it that alone is unknown. */
export const TO_READ_METRICS: PathAccess = { verb: 'get', path: '/metrics' };

/** What the executor needs beside all that a reader needs. */
export const EXECUTOR_RIGHTS: readonly ResourceAccess[] = [TO_EVICT];
