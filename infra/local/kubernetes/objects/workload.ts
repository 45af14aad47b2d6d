import { plainFields } from './managed.js';
import { makeMeta, ownerOf, stamp, type KubeObject } from './object.js';
import { templateSpec, type PodTemplate } from './pod.js';

interface Selector {
  matchLabels: Record<string, string>;
}

export interface Template {
  metadata: { labels: Record<string, string> };
  spec: object;
}

interface Workload<Status> extends KubeObject {
  readonly spec: { replicas?: number; selector: Selector; template: Template } & Record<string, unknown>;
  readonly status: Status & Record<string, unknown>;
}

export type Deployment = Workload<{ replicas?: number; readyReplicas?: number }>;
export type ReplicaSet = Workload<{ replicas: number; readyReplicas?: number }>;
export type DaemonSet = Workload<{ desiredNumberScheduled: number; numberReady: number }>;

export interface NewWorkload {
  namespace: string;
  name: string;
  createdAt: number;
  template: PodTemplate;
}

export function makeDeployment(given: NewWorkload, replicas: number): Deployment {
  return {
    metadata: metaOf(given, { 'deployment.kubernetes.io/revision': '1' }),
    spec: {
      replicas,
      ...selected(given.template),
      strategy: { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: '25%', maxSurge: '25%' } },
      ...{ revisionHistoryLimit: 10, progressDeadlineSeconds: 600 },
    },
    status: { observedGeneration: 1 },
  };
}

export function makeReplicaSet(deployment: Deployment, given: NewWorkload, hash: string): ReplicaSet {
  const labels = { ...given.template.labels, 'pod-template-hash': hash };
  const { namespace, createdAt, name } = given;
  return {
    metadata: makeMeta({
      ...{ namespace, createdAt, name: `${name}-${hash}`, labels, generation: 1 },
      owner: ownerOf('apps/v1', 'Deployment', deployment),
      managedFields: plainFields('apps/v1', stamp(createdAt)),
    }),
    spec: { replicas: deployment.spec.replicas ?? 1, ...selected({ ...given.template, labels }) },
    status: { replicas: 0 },
  };
}

export function makeDaemonSet(given: NewWorkload): DaemonSet {
  return {
    metadata: metaOf(given, { 'deprecated.daemonset.template.generation': '1' }),
    spec: {
      ...selected(given.template),
      updateStrategy: { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: 1, maxSurge: 0 } },
      revisionHistoryLimit: 10,
    },
    status: {
      ...{ currentNumberScheduled: 0, numberMisscheduled: 0, desiredNumberScheduled: 0, numberReady: 0 },
      observedGeneration: 1,
    },
  };
}

function metaOf({ namespace, name, createdAt, template }: NewWorkload, annotations: Record<string, string>) {
  const managedFields = plainFields('apps/v1', stamp(createdAt));
  return makeMeta({
    namespace,
    name,
    createdAt,
    labels: template.labels,
    annotations,
    generation: 1,
    managedFields,
  });
}

function selected(template: PodTemplate): { selector: Selector; template: Template } {
  const { labels } = template;
  return {
    selector: { matchLabels: labels },
    template: { metadata: { labels }, spec: templateSpec(template) },
  };
}
