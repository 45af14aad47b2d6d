import { keyOf } from '../objects/object.js';
import type { Pod } from '../objects/pod.js';
import { running, waiting } from '../objects/pod-status.js';
import { makeAlive } from './alive.js';
import { finish, makeLettingGo, release } from './ending.js';
import { aboutPod } from './recorder.js';
import { setUpNetwork } from './sandbox.js';
import { imageFailures } from './words.js';
import type { World } from './world.js';

/** What the nodes' kubelets do with the pods that they are given. A node that is not ready does nothing. */
export interface Kubelets {
  /** Takes on pods that are new on their node, and lets those go that were asked to. */
  look(): void;
  /** Tells it that a pod is gone, by whomever. */
  gone(pod: Pod): void;
}

export function makeKubelets(world: World): Kubelets {
  const { store, fates, now } = world;
  const { isAwake, current } = makeAlive(store);
  /** Pods that are taken care of, by uid. */
  const takenOn = new Set<string>();
  const letGo = makeLettingGo(world, isAwake);

  async function start(pod: Pod): Promise<void> {
    store.update('pods', keyOf(pod), (it) => waiting(it, { reason: 'ContainerCreating' }, now()));
    const outcome = await setUpNetwork(world, pod, () => current(pod));
    // A node that fell silent starts again with what it finds when it is back.
    if (outcome === 'left') return void takenOn.delete(pod.metadata.uid);
    if (outcome === 'gave up') return;
    world.timers.after(world.pace.startMs, () => run(pod));
  }

  function run(pod: Pod): void {
    const alive = current(pod);
    if (!alive) return void takenOn.delete(pod.metadata.uid);
    const { hang, runsForMs, endsAs = 'Succeeded' } = fates.of(pod.metadata.uid);
    if (hang === 'image') {
      withoutImage(world, alive);
      return;
    }
    store.update('pods', keyOf(pod), (it) => running(it, now()));
    if (runsForMs !== undefined) world.timers.after(runsForMs, () => end(pod, endsAs));
  }

  /** On a node that is silent, it is not seen to end before the node is back. */
  function end(pod: Pod, phase: 'Succeeded' | 'Failed'): void {
    if (current(pod)) {
      finish(world, pod, phase);
      return;
    }
    if (!isAwake(pod.spec.nodeName)) world.timers.after(world.pace.retryMs, () => end(pod, phase));
  }

  return {
    look() {
      for (const pod of store.all('pods')) {
        const { uid, deletionTimestamp } = pod.metadata;
        if (!isAwake(pod.spec.nodeName) || fates.of(uid).inert) continue;
        if (deletionTimestamp) letGo(pod);
        if (deletionTimestamp || takenOn.has(uid) || pod.status.phase !== 'Pending') continue;
        takenOn.add(uid);
        void start(pod);
      }
    },
    gone(pod) {
      takenOn.delete(pod.metadata.uid);
      fates.forget(pod.metadata.uid);
      void release(world, pod);
    },
  };
}

function withoutImage({ store, recorder, now }: World, pod: Pod): void {
  const message = `Back-off pulling image "${pod.spec.containers[0]?.image}"`;
  store.update('pods', keyOf(pod), (it) => waiting(it, { reason: 'ImagePullBackOff', message }, now()));
  for (const telling of imageFailures(pod)) recorder.tell(aboutPod(pod), telling);
}
