import { keyOf } from '../objects/object.js';
import type { Pod } from '../objects/pod.js';
import { over, terminating } from '../objects/pod-status.js';
import type { World } from './world.js';

/** It has done its work, and gives its address back. */
export function finish(world: World, pod: Pod, phase: 'Succeeded' | 'Failed'): void {
  world.store.update('pods', keyOf(pod), (it) => over(it, phase, world.now()));
  void release(world, pod);
}

/** Until the datastore takes it: an address that can't be given back stays taken. */
export async function release(world: World, pod: Pod): Promise<void> {
  try {
    await world.ipam?.release(pod.metadata.uid);
  } catch {
    world.timers.after(world.pace.retryMs, () => void release(world, pod));
  }
}

/** A pod that was asked to go is gone a little later, if its node is awake by then. */
export function makeLettingGo(
  world: World,
  isAwake: (node: string | undefined) => boolean,
): (pod: Pod) => void {
  const { store, timers, pace, now } = world;
  const leaving = new Set<string>();

  function end({ metadata: { uid }, spec }: Pod, key: string): void {
    leaving.delete(uid);
    if (!isAwake(spec.nodeName) || store.get('pods', key)?.metadata.uid !== uid) return;
    store.update('pods', key, (it) => terminating(it, now(), 0));
    store.remove('pods', key);
  }

  return (pod) => {
    if (leaving.has(pod.metadata.uid)) return;
    leaving.add(pod.metadata.uid);
    timers.after(pace.terminationMs, () => end(pod, keyOf(pod)));
  };
}
