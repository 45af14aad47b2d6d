import { keyOf } from '../objects/object.js';
import { isOver, type Pod } from '../objects/pod.js';
import { terminating } from '../objects/pod-status.js';
import type { Store } from '../store.js';
import { conflict, notFound } from './status.js';

/** The parts of DeleteOptions that we know. */
export interface DeleteOptions {
  gracePeriodSeconds?: number;
  preconditions?: { uid?: string; resourceVersion?: string };
  dryRun?: string[];
}

export interface Remover {
  store: Store;
  now(): number;
}

export interface PodName {
  namespace: string;
  name: string;
}

export function findPod(store: Store, { namespace, name }: PodName): Pod {
  const pod = store.get('pods', `${namespace}/${name}`);
  if (!pod) throw notFound({ group: '', resource: 'pods', name });
  return pod;
}

export function checkPreconditions(pod: Pod, { preconditions }: DeleteOptions): void {
  const { uid, resourceVersion, name } = pod.metadata;
  const named = { group: '', resource: 'pods', name };
  if (preconditions?.uid !== undefined && preconditions.uid !== uid) {
    throw conflict(
      named,
      `Precondition failed: UID in precondition: ${preconditions.uid}, UID in object meta: ${uid}`,
    );
  }
  const revision = preconditions?.resourceVersion;
  if (revision !== undefined && revision !== resourceVersion) {
    throw conflict(
      named,
      `Precondition failed: ResourceVersion in precondition: ${revision}, in object meta: ${resourceVersion}`,
    );
  }
}

/**
 * A pod on a node is only asked to go: it is gone when its kubelet says so. Without a node, when it is over, or without
 * any grace, it is gone at once.
 */
export function removePod({ store, now }: Remover, pod: Pod, options: DeleteOptions = {}): Pod {
  checkPreconditions(pod, options);
  const key = keyOf(pod);
  if (options.dryRun?.includes('All')) return pod;
  const grace = options.gracePeriodSeconds ?? 30;
  if (!pod.spec.nodeName || isOver(pod) || grace === 0) {
    store.update('pods', key, (current) => terminating(current, now(), 0));
    return store.remove('pods', key) ?? pod;
  }
  if (pod.metadata.deletionTimestamp) return pod;
  return store.update('pods', key, (current) => terminating(current, now(), grace)) ?? pod;
}
