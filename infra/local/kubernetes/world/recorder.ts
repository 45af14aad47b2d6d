import { makeEvent, type InvolvedObject, type Telling } from '../objects/event.js';
import { keyOf, stamp, type KubeObject } from '../objects/object.js';
import type { Store } from '../store.js';

export interface Recorder {
  /** The same words about the same object are one event, which counts and tells when it was last. */
  tell(about: InvolvedObject, telling: Telling): void;
  /** Older ones are dropped, as Kubernetes does after an hour. */
  sweep(): void;
}

const KEPT_MS = 3_600_000;
// A hurried simulation starts more pods in a minute than others in an hour.
const MOST_KEPT = 5_000;

export function makeRecorder(store: Store, now: () => number): Recorder {
  /** Keys of our own events by what they say, oldest first. */
  const keys = new Map<string, string>();

  function forget(words: string): void {
    const key = keys.get(words);
    keys.delete(words);
    if (key) store.remove('events', key);
  }

  return {
    tell(about, telling) {
      const words = [about.uid, telling.reason, telling.message].join('\n');
      const at = stamp(now());
      const known = keys.get(words);
      const again =
        known &&
        store.update('events', known, (event) => ({ ...event, count: event.count + 1, lastTimestamp: at }));
      if (again) return;
      const event = makeEvent({ about, ...telling, firstAt: now(), lastAt: now(), count: 1 });
      keys.set(words, keyOf(store.put('events', event)));
      const [oldest] = keys.keys();
      if (keys.size > MOST_KEPT && oldest) forget(oldest);
    },
    sweep() {
      const before = stamp(now() - KEPT_MS);
      for (const [words, key] of keys) {
        const event = store.get('events', key);
        if (!event || event.lastTimestamp < before) forget(words);
      }
    },
  };
}

export function aboutPod({ metadata: { namespace = '', name, uid } }: KubeObject): InvolvedObject {
  return { kind: 'Pod', namespace, name, uid, apiVersion: 'v1' };
}
