import { playgroundScene, type LocalKubernetes } from '../local/kubernetes/index.js';

/** A kubelet tries again each second: refused lately means refused still. */
const LATELY_MS = 1500;
const QUIET_MS = 4000;
const LOOK_EVERY_MS = 500;

/** `flooding`: they come and go; `refused`: new ones hang without an address; `calm`: they run, and come seldom. */
export type Mood = 'flooding' | 'refused' | 'calm';

export interface Pods {
  mood(): Mood;
  stop(): void;
}

export interface PodsOptions {
  readonly endpoints: string[];
  readonly quotaBytes: number;
  onMood(mood: Mood): void;
}

/**
 * Short-lived pods of three CronJobs come and go, and leave revisions in Calico's etcd each time, until it refuses them.
 * Then new pods hang, a rollout of the shop among them, of which one kubelet gives up. They calm down once addresses are
 * given again: by then somebody has mended etcd, and in the real story the CronJobs as well.
 */
export function startPods(kubernetes: LocalKubernetes, { endpoints, quotaBytes, onMood }: PodsOptions): Pods {
  const scene = playgroundScene(kubernetes, { endpoints, quotaBytes });
  let mood: Mood = 'flooding';
  const turn = (next: Mood, then: () => void): void => {
    mood = next;
    then();
    onMood(next);
  };
  const timer = setInterval(() => {
    const quietMs = Date.now() - lastRefusal(kubernetes);
    if (mood === 'flooding' && quietMs < LATELY_MS) turn('refused', () => scene.rollWeb());
    else if (mood === 'refused' && quietMs > QUIET_MS) turn('calm', () => scene.calm());
  }, LOOK_EVERY_MS);
  return {
    mood: () => mood,
    stop: () => clearInterval(timer),
  };
}

/** When a pod was told last that it gets no address, milliseconds since the epoch. */
function lastRefusal({ store }: LocalKubernetes): number {
  const times = store
    .all('events')
    .filter(({ reason }) => reason === 'FailedCreatePodSandBox')
    .map(({ lastTimestamp }) => Date.parse(lastTimestamp));
  return Math.max(0, ...times.filter((time) => !Number.isNaN(time)));
}
