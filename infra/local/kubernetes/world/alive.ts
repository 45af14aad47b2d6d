import { isNodeReady } from '../objects/node.js';
import { keyOf } from '../objects/object.js';
import { isOver, type Pod } from '../objects/pod.js';
import type { Store } from '../store.js';

export interface Alive {
  /** Whether the node's kubelet does anything. */
  isAwake(node: string | undefined): boolean;
  /** The pod as it is now; undefined: over, gone or going, or its node fell silent. */
  current(pod: Pod): Pod | undefined;
}

export function makeAlive(store: Store): Alive {
  function isAwake(name: string | undefined): boolean {
    const node = name === undefined ? undefined : store.get('nodes', name);
    return node !== undefined && isNodeReady(node);
  }

  return {
    isAwake,
    current(before) {
      const pod = store.get('pods', keyOf(before));
      if (pod?.metadata.uid !== before.metadata.uid || pod.metadata.deletionTimestamp || isOver(pod))
        return undefined;
      return isAwake(pod.spec.nodeName) ? pod : undefined;
    },
  };
}
