import { keyOf } from '../objects/object.js';
import type { Pod } from '../objects/pod.js';
import { over } from '../objects/pod-status.js';
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
