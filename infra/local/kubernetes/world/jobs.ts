import { isOwnedBy, keyOf, ownerOf, stamp } from '../objects/object.js';
import { isOver, isReady, type Pod } from '../objects/pod.js';
import type { CronJob, Job, JobStatus } from '../objects/job.js';
import { createPod } from './create.js';
import type { Plans } from './plans.js';
import { podsOf, some, withStatus } from './replicas.js';
import type { World } from './world.js';

const FINISHED_KEPT = 3;

/** Starts each Job's pods, counts how they fare, and clears away Jobs that are done, as their CronJob's history says. */
export function runJobs(world: World, plans: Plans): void {
  for (const job of world.store.all('jobs')) if (!job.status.completionTime) run(world, plans, job);
  for (const cronJob of world.store.all('cronjobs')) look(world, plans, cronJob);
}

function run(world: World, plans: Plans, job: Job): void {
  const { metadata, spec, status } = job;
  const plan = plans.get(metadata.uid);
  const pods = podsOf(world, metadata.uid);
  const alive = pods.filter((pod) => !isOver(pod) && !pod.metadata.deletionTimestamp);
  const succeeded = ended(pods, 'Succeeded');
  const failed = ended(pods, 'Failed');
  const missing = Math.min(spec.parallelism, spec.completions - succeeded) - alive.length;
  if (plan) {
    const { namespace = '', name } = metadata;
    const creating = { namespace, generateName: `${name}-`, owner: ownerOf('batch/v1', 'Job', job), plan };
    for (let left = missing; left > 0; left--) createPod(world, creating);
  }
  const next: JobStatus = {
    ...some({ active: alive.length + Math.max(0, missing), succeeded, failed }),
    ...{ ready: alive.filter(isReady).length, terminating: 0, uncountedTerminatedPods: {} },
    ...(status.startTime ? { startTime: status.startTime } : {}),
    ...(succeeded >= spec.completions ? completed(world.now()) : {}),
  };
  world.store.update('jobs', keyOf(job), (it) => withStatus(it, next));
}

function ended(pods: Pod[], phase: 'Succeeded' | 'Failed'): number {
  return pods.filter(({ status }) => status.phase === phase).length;
}

function completed(now: number): JobStatus {
  const at = stamp(now);
  const condition = { type: 'Complete', status: 'True', lastProbeTime: at, lastTransitionTime: at };
  return { completionTime: at, conditions: [{ ...condition, reason: 'CompletionsReached' }] };
}

function look(world: World, plans: Plans, cronJob: CronJob): void {
  const { store } = world;
  const jobs = store.all('jobs').filter((job) => isOwnedBy(job, cronJob.metadata.uid));
  const finished = jobs
    .filter(({ status }) => status.completionTime)
    .sort((a, b) => Number(a.metadata.resourceVersion) - Number(b.metadata.resourceVersion));
  for (const job of finished.slice(0, -FINISHED_KEPT)) removeJob(world, plans, job);
  const active = jobs.filter(({ status }) => !status.completionTime).map(referenceTo);
  const last = finished.at(-1)?.status.completionTime;
  store.update('cronjobs', keyOf(cronJob), (it) => {
    const { active: _before, ...status } = it.status;
    const success = last ? { lastSuccessfulTime: last } : {};
    return withStatus(it, { ...status, ...(active.length > 0 ? { active } : {}), ...success });
  });
}

function referenceTo({ metadata: { namespace, name, uid, resourceVersion } }: Job): object {
  return { kind: 'Job', namespace, name, uid, apiVersion: 'batch/v1', resourceVersion };
}

export function removeJob(world: World, plans: Plans, job: Job): void {
  plans.delete(job.metadata.uid);
  world.store.remove('jobs', keyOf(job));
  for (const pod of podsOf(world, job.metadata.uid)) world.store.remove('pods', keyOf(pod));
}
