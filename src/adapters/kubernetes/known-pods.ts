import type { PodChange } from '../../domain/kubernetes/ports.js';
import type { PodRecord } from '../../domain/kubernetes/records.js';
import type { Client } from './client.js';
import type { Deadline } from './deadline.js';
import { at, text } from './json.js';
import { pagesOf, type Listing } from './pages.js';
import type { WatchEvent } from './watch-events.js';

export type PodListing = Listing<PodRecord>;

interface KnownPod {
  readonly pod: PodRecord;
  /** Another one means that it has changed. */
  readonly version: string;
}

/** By uid: what a watch has told so far. */
export type KnownPods = Map<string, KnownPod>;

interface Relisting {
  readonly listing: PodListing;
  readonly known: KnownPods;
  readonly deadline: Deadline;
}

/** Brings what is known up to date; answers the differences, and the place where a watch may begin. */
export async function relist(
  client: Client,
  { listing, known, deadline }: Relisting,
): Promise<{ readonly changes: readonly PodChange[]; readonly place: string }> {
  const found: KnownPods = new Map();
  let place = '';
  const versioned: Listing<KnownPod> = { ...listing, map: (item) => knownPod(item, listing) };
  for await (const { items, resourceVersion } of pagesOf(client, versioned, deadline)) {
    for (const one of items) found.set(one.pod.uid, one);
    place = resourceVersion;
  }
  const changes = differences(known, found);
  known.clear();
  for (const [uid, one] of found) known.set(uid, one);
  return { changes, place };
}

/** Null: nothing new. */
export function applyEvent(event: WatchEvent, listing: PodListing, known: KnownPods): PodChange | null {
  const one = event.type === 'bookmark' ? null : knownPod(event.object, listing);
  if (!one) return null;
  const { pod, version } = one;
  if (event.type === 'gone') {
    known.delete(pod.uid);
    return { pod, gone: true };
  }
  if (known.get(pod.uid)?.version === version) return null;
  known.set(pod.uid, one);
  return { pod, gone: false };
}

function knownPod(item: unknown, { map }: PodListing): KnownPod | null {
  const pod = map(item);
  return pod && { pod, version: text(at(item, 'metadata', 'resourceVersion')) ?? '' };
}

function differences(known: KnownPods, found: KnownPods): readonly PodChange[] {
  const changed = [...found.values()].filter(({ pod, version }) => known.get(pod.uid)?.version !== version);
  const gone = [...known.values()].filter(({ pod }) => !found.has(pod.uid));
  return [
    ...changed.map(({ pod }) => ({ pod, gone: false })),
    ...gone.map(({ pod }) => ({ pod, gone: true })),
  ];
}
