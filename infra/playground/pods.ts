import { startWriter, type Writer } from '../local/fill.js';

/** As fast as a handful of CronJobs gone wrong: a quota of 16 MiB lasts for about two minutes. */
const FLOOD = { writesPerSecond: 7, valueBytes: 16_384 };
/** What is left once they are mended: hours until anything is full. */
const CALM = { writesPerSecond: 2, valueBytes: 64 };
const LOOK_EVERY_MS = 500;

export type Mood = 'flooding' | 'refused' | 'calm';

/** Clients of calico-etcd: short-lived pods that come and go, and leave a revision behind each time. */
export interface Pods {
  mood(): Mood;
  stop(): Promise<void>;
}

/**
 * They fill etcd until it refuses them, keep on trying, and calm down as soon as a write goes through again: by then
 * somebody has mended etcd, and in the real story the CronJobs as well.
 */
export function startPods(endpoints: string[], onMood: (mood: Mood) => void): Pods {
  let writer: Writer = startWriter(endpoints, FLOOD);
  let mood: Mood = 'flooding';
  let written = 0;
  const turn = (next: Mood): void => {
    mood = next;
    onMood(next);
  };
  const look = async (): Promise<void> => {
    const { writes, lastError = '' } = writer.stats();
    const full = lastError.includes('database space exceeded');
    if (mood === 'flooding' && full && writes === written) turn('refused');
    else if (mood === 'refused' && writes > written) {
      turn('calm');
      const before = writer;
      writer = startWriter(endpoints, CALM);
      await before.stop();
    }
    written = writes;
  };
  const timer = setInterval(() => void look(), LOOK_EVERY_MS);
  return {
    mood: () => mood,
    async stop() {
      clearInterval(timer);
      await writer.stop();
    },
  };
}
