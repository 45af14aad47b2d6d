import { jobLabels, makeJob, type CronJob } from '../objects/job.js';
import { isOwnedBy, keyOf, stamp } from '../objects/object.js';
import type { PodTemplate } from '../objects/pod.js';
import type { Fate } from './fates.js';
import type { Plans } from './plans.js';
import type { World } from './world.js';

/** How a CronJob is played, whatever schedule it shows. */
export interface Playing {
  template: PodTemplate;
  podsPerRun: number;
  fate: Fate;
  /** Absent: it runs only when told to. */
  everyMs?: number | undefined;
  /** It is not run again while so many of its Jobs are at work, so that they don't pile up without end. */
  mostActive: number;
}

export interface Crons {
  play(cronJob: CronJob, playing: Playing): void;
  change(key: string, playing: Partial<Playing>): void;
  run(key: string): void;
  end(key: string): void;
}

export function makeCrons(world: World, plans: Plans): Crons {
  const { store, timers } = world;
  const playings = new Map<string, { playing: Playing; stop: () => void }>();

  function set(key: string, playing: Playing): void {
    playings.get(key)?.stop();
    const stop = playing.everyMs === undefined ? () => {} : timers.every(playing.everyMs, () => tick(key));
    playings.set(key, { playing, stop });
  }

  function tick(key: string): void {
    const cronJob = store.get('cronjobs', key);
    const playing = playings.get(key)?.playing;
    if (!cronJob || !playing || cronJob.spec.suspend) return;
    if ((cronJob.status.active ?? []).length < playing.mostActive) start(world, plans, { cronJob, playing });
  }

  return {
    play: (cronJob, playing) => set(keyOf(cronJob), playing),
    change(key, changes) {
      const known = playings.get(key);
      if (known) set(key, { ...known.playing, ...changes });
    },
    run(key) {
      const cronJob = store.get('cronjobs', key);
      const playing = playings.get(key)?.playing;
      if (cronJob && playing) start(world, plans, { cronJob, playing });
    },
    end(key) {
      playings.get(key)?.stop();
      playings.delete(key);
    },
  };
}

interface Start {
  cronJob: CronJob;
  playing: Playing;
}

function start({ store, now }: World, plans: Plans, { cronJob, playing }: Start): void {
  const { template, podsPerRun, fate } = playing;
  const { namespace = '' } = cronJob.metadata;
  const job = makeJob(cronJob, {
    name: nextName(store, cronJob, now()),
    createdAt: now(),
    pods: podsPerRun,
    template,
  });
  const labels = { ...template.labels, ...jobLabels(job.metadata.name, job.metadata.uid) };
  plans.set(job.metadata.uid, {
    template: { ...template, labels, restartPolicy: 'Never' },
    fate: () => fate,
  });
  store.put('jobs', job);
  store.update('cronjobs', `${namespace}/${cronJob.metadata.name}`, (it) => ({
    ...it,
    status: { ...it.status, lastScheduleTime: stamp(now()) },
  }));
}

/** After the minute that it was due, as the real ones; more than one a minute go on counting. */
function nextName(store: World['store'], { metadata: { name, uid } }: CronJob, now: number): string {
  const taken = store.all('jobs').filter((job) => isOwnedBy(job, uid));
  const last = Math.max(0, ...taken.map((job) => Number(job.metadata.name.split('-').at(-1))));
  return `${name}-${Math.max(Math.floor(now / 60_000), last + 1)}`;
}
