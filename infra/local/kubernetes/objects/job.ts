import { plainFields } from './managed.js';
import { makeMeta, ownerOf, stamp, type KubeObject } from './object.js';
import { templateSpec, type PodTemplate } from './pod.js';

export interface CronJob extends KubeObject {
  readonly spec: { schedule: string; suspend: boolean; timeZone?: string } & Record<string, unknown>;
  readonly status: { active?: object[]; lastScheduleTime?: string; lastSuccessfulTime?: string };
}

export interface JobStatus {
  active?: number;
  ready?: number;
  terminating?: number;
  succeeded?: number;
  failed?: number;
  startTime?: string;
  completionTime?: string;
  conditions?: object[];
  uncountedTerminatedPods?: object;
}

export interface Job extends KubeObject {
  readonly spec: { parallelism: number; completions: number } & Record<string, unknown>;
  readonly status: JobStatus;
}

export interface NewCronJob {
  namespace: string;
  name: string;
  createdAt: number;
  schedule: string;
  timeZone?: string;
  suspend: boolean;
  podsPerRun: number;
  template: PodTemplate;
}

export function makeCronJob(given: NewCronJob): CronJob {
  const { namespace, name, createdAt, schedule, timeZone, suspend, podsPerRun, template } = given;
  const { labels } = template;
  const wide = podsPerRun === 1 ? {} : { parallelism: podsPerRun, completions: podsPerRun };
  const managedFields = plainFields('batch/v1', stamp(createdAt));
  return {
    metadata: makeMeta({ namespace, name, createdAt, annotations: {}, generation: 1, managedFields }),
    spec: {
      ...{ schedule, ...(timeZone ? { timeZone } : {}), concurrencyPolicy: 'Allow', suspend },
      jobTemplate: {
        metadata: {},
        spec: { ...wide, template: { metadata: { labels }, spec: templateSpec(template) } },
      },
      ...{ successfulJobsHistoryLimit: 3, failedJobsHistoryLimit: 1 },
    },
    status: {},
  };
}

export interface NewJob {
  name: string;
  createdAt: number;
  pods: number;
  template: PodTemplate;
}

export function makeJob(cronJob: CronJob, { name, createdAt, pods, template }: NewJob): Job {
  const { namespace = '' } = cronJob.metadata;
  const metadata = makeMeta({
    ...{ namespace, name, createdAt, labels: template.labels, generation: 1 },
    annotations: { 'batch.kubernetes.io/cronjob-scheduled-timestamp': stamp(createdAt) },
    owner: ownerOf('batch/v1', 'CronJob', cronJob),
    managedFields: plainFields('batch/v1', stamp(createdAt)),
  });
  const selector = { 'batch.kubernetes.io/controller-uid': metadata.uid };
  const labels = { ...template.labels, ...jobLabels(name, metadata.uid) };
  return {
    metadata,
    spec: {
      ...{ parallelism: pods, completions: pods, backoffLimit: 6, selector: { matchLabels: selector } },
      ...{ manualSelector: false, template: { metadata: { labels }, spec: templateSpec(template) } },
      ...{ completionMode: 'NonIndexed', suspend: false, podReplacementPolicy: 'TerminatingOrFailed' },
    },
    status: { active: 0, ready: 0, startTime: stamp(createdAt), uncountedTerminatedPods: {} },
  };
}

export function jobLabels(name: string, uid: string): Record<string, string> {
  return {
    'batch.kubernetes.io/controller-uid': uid,
    'batch.kubernetes.io/job-name': name,
    'controller-uid': uid,
    'job-name': name,
  };
}
