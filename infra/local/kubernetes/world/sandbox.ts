import { addressOf } from '../objects/node.js';
import { keyOf } from '../objects/object.js';
import type { Pod } from '../objects/pod.js';
import { withAddresses } from '../objects/pod-status.js';
import { aboutPod } from './recorder.js';
import { sandboxFailures } from './words.js';
import type { World } from './world.js';

/** `left`: the pod is not ours any more; `gave up`: it stays as it is until somebody deletes it. */
export type Outcome = 'ready' | 'left' | 'gave up';

/**
 * Gives the pod its address, through the plugin that writes it into the datastore. While that is refused the pod stays
 * in ContainerCreating; the kubelet tells of each failure, and tries again.
 */
export async function setUpNetwork(world: World, pod: Pod, current: () => Pod | undefined): Promise<Outcome> {
  const { fates, pace, recorder, timers } = world;
  for (;;) {
    const refusal = await attempt(world, pod);
    if (!current()) return 'left';
    if (refusal === undefined) return 'ready';
    for (const telling of sandboxFailures(pod, refusal, pace.sandboxWords))
      recorder.tell(aboutPod(pod), telling);
    if (fates.of(pod.metadata.uid).hang === 'wedged') return 'gave up';
    await new Promise<void>((resolve) => timers.after(pace.retryMs, resolve));
    if (!current()) return 'left';
    if (fates.of(pod.metadata.uid).hang === 'wedged') return 'gave up';
  }
}

/** What the plugin says when it fails. */
async function attempt({ store, ipam }: World, pod: Pod): Promise<string | undefined> {
  const { nodeName = '', hostNetwork } = pod.spec;
  const node = store.get('nodes', nodeName);
  const host = node ? addressOf(node) : '';
  try {
    const address = hostNetwork || !ipam ? host : await ipam.assign(identityOf(pod, nodeName));
    store.update('pods', keyOf(pod), (it) => {
      const same = it.metadata.uid === pod.metadata.uid;
      return same && !it.metadata.deletionTimestamp ? withAddresses(it, { address, host }) : it;
    });
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

function identityOf({ metadata: { namespace = '', name, uid } }: Pod, node: string) {
  return { namespace, name, uid, node };
}
