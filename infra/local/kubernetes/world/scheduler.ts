import { isNodeReady } from '../objects/node.js';
import { keyOf } from '../objects/object.js';
import { isOver, type Pod } from '../objects/pod.js';
import { scheduled, unschedulable } from '../objects/pod-status.js';
import { aboutPod } from './recorder.js';
import { assigned, noNode } from './words.js';
import type { World } from './world.js';

/** Gives each new pod the node with the fewest pods. Without one it waits, and says why. */
export function schedule(world: World): void {
  for (const pod of world.store.all('pods')) {
    if (world.fates.of(pod.metadata.uid).inert) continue;
    if (!pod.spec.nodeName && !pod.metadata.deletionTimestamp && !isOver(pod)) place(world, pod);
  }
}

function place(world: World, pod: Pod): void {
  const { store, recorder, fates, now } = world;
  const nodes = store.all('nodes').filter((node) => isNodeReady(node) && !node.spec.unschedulable);
  const refused = fates.of(pod.metadata.uid).hang === 'unschedulable';
  const chosen = refused
    ? undefined
    : leastUsed(
        world,
        nodes.map(({ metadata }) => metadata.name),
      );
  if (chosen === undefined) {
    const message = noNodeMessage(store.count('nodes'), refused);
    if (pod.status.conditions?.some((condition) => condition.message === message)) return;
    store.update('pods', keyOf(pod), (current) => unschedulable(current, message, now()));
    recorder.tell(aboutPod(pod), noNode(message));
    return;
  }
  store.update('pods', keyOf(pod), (current) => scheduled(current, chosen, now()));
  recorder.tell(aboutPod(pod), assigned(pod, chosen));
}

function leastUsed({ store }: World, nodes: string[]): string | undefined {
  const counts = new Map(nodes.map((name) => [name, 0]));
  for (const { spec, status } of store.all('pods')) {
    const count = spec.nodeName === undefined ? undefined : counts.get(spec.nodeName);
    if (count !== undefined && status.phase !== 'Succeeded') counts.set(spec.nodeName ?? '', count + 1);
  }
  return [...counts].sort(([, a], [, b]) => a - b)[0]?.[0];
}

function noNodeMessage(nodes: number, refused: boolean): string {
  if (nodes === 0) return 'no nodes available to schedule pods';
  const why = refused ? `${nodes} Insufficient memory` : `${nodes} node(s) were not ready or unschedulable`;
  return `0/${nodes} nodes are available: ${why}. preemption: 0/${nodes} nodes are available: ${nodes} Preemption is not helpful for scheduling.`;
}
