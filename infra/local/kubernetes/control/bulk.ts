import { makeEvent } from '../objects/event.js';
import { suffix } from '../objects/object.js';
import { makePod, type Pod } from '../objects/pod.js';
import { running, scheduled, waiting, withAddresses } from '../objects/pod-status.js';
import { toAddress } from '../calico/addresses.js';
import { aboutPod } from '../world/recorder.js';
import { sandboxFailures } from '../world/words.js';
import type { World } from '../world/world.js';

export interface BulkOptions {
  pods: number;
  events: number;
  /** How many of the pods hang, each with events that say why; the other events are of all kinds. */
  hanging?: number;
  namespaces?: number;
  /** How long ago all of it was made. */
  ageMs?: number;
}

const REFUSAL = 'etcdserver: mvcc: database space exceeded';
const CHATTER = ['Scheduled', 'Pulled', 'Created', 'Started', 'Killing', 'Unhealthy', 'BackOff'];
const FIRST_ADDRESS = 10 * 2 ** 24 + 128 * 2 ** 16;

/** Pods and events in the size of a large cluster, only there to be listed: no kubelet cares for them. */
export function addBulk(world: World, options: BulkOptions): void {
  const pods = Array.from({ length: options.pods }, (_, index) => bulkPod(world, options, index));
  for (const pod of pods) world.fates.set(pod.metadata.uid, { inert: true });
  world.store.seed('pods', pods);
  world.store.seed('events', bulkEvents(world, options, pods));
}

function bulkPod(
  { now }: World,
  { hanging = 0, namespaces = 20, ageMs = 1_800_000 }: BulkOptions,
  index: number,
): Pod {
  const at = now() - ageMs;
  const app = `service-${index % 500}`;
  const made = makePod({
    namespace: `team-${index % namespaces}`,
    name: `${app}-${suffix(9)}-${index}`,
    createdAt: at,
    template: { labels: { app }, container: { name: app, image: `example.com/${app}:1` } },
    owner: {
      ...{ apiVersion: 'apps/v1', kind: 'ReplicaSet', name: app, uid: `bulk-${index % 500}` },
      ...{ controller: true, blockOwnerDeletion: true },
    },
  });
  const placed = scheduled(made, `bulk-node-${index % 100}`, at);
  if (index < hanging) return waiting(placed, { reason: 'ContainerCreating' }, at);
  return running(
    withAddresses(placed, { address: toAddress(FIRST_ADDRESS + index), host: '192.168.1.1' }),
    at,
  );
}

function* bulkEvents({ now }: World, { events, hanging = 0, ageMs = 1_800_000 }: BulkOptions, pods: Pod[]) {
  const firstAt = now() - ageMs;
  const failing = pods.slice(0, hanging);
  let made = 0;
  for (const pod of failing) {
    for (const telling of sandboxFailures(pod, REFUSAL, 'both')) {
      if (made++ < events)
        yield makeEvent({ about: aboutPod(pod), ...telling, firstAt, lastAt: now(), count: 120 });
    }
  }
  for (; made < events && pods.length > 0; made++) {
    const pod = pods[made % pods.length];
    const reason = CHATTER[made % CHATTER.length] ?? '';
    const source = { component: 'kubelet', host: pod?.spec.nodeName ?? '' };
    const message = `${reason} container ${pod?.spec.containers[0]?.name} (${made})`;
    if (pod)
      yield makeEvent({
        about: aboutPod(pod),
        reason,
        message,
        type: 'Normal',
        source,
        firstAt,
        lastAt: now(),
        count: 1,
      });
  }
}
