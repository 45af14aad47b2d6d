import type { Telling } from '../objects/event.js';
import type { OwnerReference } from '../objects/object.js';
import { makePod, type Pod, type PodTemplate } from '../objects/pod.js';
import { probed, scheduled } from '../objects/pod-status.js';
import { bear } from '../world/create.js';
import type { Fate } from '../world/fates.js';
import { aboutPod } from '../world/recorder.js';
import type { World } from '../world/world.js';
import { templateOf, type WorkloadOptions } from './workloads.js';

export interface PodOptions extends WorkloadOptions {
  /** Absent: the scheduler chooses. */
  node?: string;
  annotations?: Record<string, string>;
  owner?: OwnerReference;
  fate?: Fate;
}

export interface PodControl {
  /** Without a controller, unless an owner is given: nobody replaces it. */
  addPod(options: PodOptions): Pod;
  pod(namespace: string, name: string): Pod | undefined;
  /** All of a namespace, or of all. */
  pods(namespace?: string): readonly Pod[];
  /** As its probe would say. */
  setReady(namespace: string, name: string, ready: boolean): void;
  /** Its kubelet never tries again to set it up. */
  wedge(namespace: string, name: string): void;
  /** Any event about a pod. */
  addPodEvent(
    namespace: string,
    name: string,
    telling: Partial<Telling> & Pick<Telling, 'reason' | 'message'>,
  ): void;
  /** Asks the pod to go, as kubectl does. */
  deletePod(namespace: string, name: string): void;
}

export function makePodControl(world: World, remove: (pod: Pod) => void): PodControl {
  const { store, fates, recorder, now } = world;
  const find = (namespace: string, name: string): Pod | undefined =>
    store.get('pods', `${namespace}/${name}`);
  return {
    addPod: (options) => addPod(world, options),
    pod: find,
    pods: (namespace) =>
      store.all('pods').filter(({ metadata }) => namespace === undefined || metadata.namespace === namespace),
    setReady: (namespace, name, ready) =>
      void store.update('pods', `${namespace}/${name}`, (pod) => probed(pod, ready, now())),
    wedge(namespace, name) {
      const pod = find(namespace, name);
      if (pod) fates.set(pod.metadata.uid, { hang: 'wedged' });
    },
    addPodEvent(namespace, name, { type = 'Warning', source = { component: 'kubelet' }, ...said }) {
      const pod = find(namespace, name);
      if (pod) recorder.tell(aboutPod(pod), { type, source, ...said });
    },
    deletePod(namespace, name) {
      const pod = find(namespace, name);
      if (pod) remove(pod);
    },
  };
}

function addPod(world: World, options: PodOptions): Pod {
  const { namespace, name, node, annotations, owner, fate = {} } = options;
  const template: PodTemplate = { ...templateOf(options), ...(annotations ? { annotations } : {}) };
  const createdAt = world.now();
  const pod = makePod({ namespace, name, createdAt, template, ...(owner ? { owner } : {}) });
  return bear(world, node ? scheduled(pod, node, createdAt) : pod, fate);
}
