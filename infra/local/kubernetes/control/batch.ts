import { makeCronJob, type CronJob } from '../objects/job.js';
import type { Container, PodTemplate } from '../objects/pod.js';
import { makeCrons } from '../world/crons.js';
import type { Fate } from '../world/fates.js';
import { removeJob } from '../world/jobs.js';
import type { Plans } from '../world/plans.js';
import { isOwnedBy } from '../objects/object.js';
import type { World } from '../world/world.js';

export interface CronJobOptions {
  namespace: string;
  name: string;
  /** Only shown: how fast it really goes is `everyMs`. */
  schedule: string;
  timeZone?: string;
  suspended?: boolean;
  podsPerRun?: number;
  /** How long each pod runs. */
  runsForMs?: number;
  /** Absent: it runs only by `runCronJob`. */
  everyMs?: number;
  /** No new run while so many are at work. */
  mostActive?: number;
  fate?: Fate;
  image?: string;
  container?: Partial<Container>;
}

export type CronJobChange = Pick<CronJobOptions, 'everyMs' | 'runsForMs' | 'podsPerRun' | 'mostActive'>;

export interface BatchControl {
  addCronJob(options: CronJobOptions): CronJob;
  changeCronJob(namespace: string, name: string, change: CronJobChange): void;
  suspendCronJob(namespace: string, name: string, on?: boolean): void;
  /** One run, now. */
  runCronJob(namespace: string, name: string): void;
  removeCronJob(namespace: string, name: string): void;
}

export function makeBatchControl(world: World, plans: Plans): BatchControl {
  const { store, now } = world;
  const crons = makeCrons(world, plans);
  return {
    addCronJob(options) {
      const { namespace, name, schedule, timeZone, suspended = false, podsPerRun = 1 } = options;
      const { everyMs, mostActive = 10, runsForMs = 1_000, fate = {} } = options;
      const template = templateOf(options);
      const given = { namespace, name, createdAt: now(), schedule, suspend: suspended, podsPerRun, template };
      const cronJob = store.put('cronjobs', makeCronJob({ ...given, ...(timeZone ? { timeZone } : {}) }));
      crons.play(cronJob, { template, podsPerRun, everyMs, mostActive, fate: { runsForMs, ...fate } });
      return cronJob;
    },
    changeCronJob(namespace, name, { runsForMs, ...change }) {
      crons.change(`${namespace}/${name}`, {
        ...change,
        ...(runsForMs === undefined ? {} : { fate: { runsForMs } }),
      });
    },
    suspendCronJob(namespace, name, on = true) {
      const key = `${namespace}/${name}`;
      store.update('cronjobs', key, (it) => ({ ...it, spec: { ...it.spec, suspend: on } }));
    },
    runCronJob: (namespace, name) => crons.run(`${namespace}/${name}`),
    removeCronJob(namespace, name) {
      const key = `${namespace}/${name}`;
      crons.end(key);
      const cronJob = store.remove('cronjobs', key);
      const jobs = store.all('jobs').filter((job) => cronJob && isOwnedBy(job, cronJob.metadata.uid));
      for (const job of jobs) removeJob(world, plans, job);
    },
  };
}

function templateOf({ name, image = `example.com/${name}:1`, container }: CronJobOptions): PodTemplate {
  return { labels: { app: name }, container: { name, image, ...container }, restartPolicy: 'Never' };
}
