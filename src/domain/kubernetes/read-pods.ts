import type { Clock } from '../ports.js';
import { TargetError } from '../errors.js';
import type { KubernetesReader } from './ports.js';
import type { ObjectRef, PodRecord } from './records.js';

/** Every pod of the namespaces of these, page by page; of those that nobody controls only the named ones. */
export async function readPods(
  kubernetes: Pick<KubernetesReader, 'pods'>,
  refs: readonly Pick<ObjectRef, 'namespace' | 'uid'>[],
  deadlineMs: number,
): Promise<readonly PodRecord[]> {
  const named = new Set(refs.map(({ uid }) => uid));
  const found = new Map<string, PodRecord>();
  for (const namespace of new Set(refs.map((ref) => ref.namespace)))
    for await (const page of kubernetes.pods({ namespace }, deadlineMs))
      for (const pod of page) if (pod.owner || named.has(pod.uid)) found.set(pod.uid, pod);
  return [...found.values()];
}

export interface Awaited {
  readonly namespaces: readonly string[];
  readonly mostMs: number;
  readonly clock: Clock;
  /** Whether this change is one that is waited for. */
  readonly matters: (pod: PodRecord) => boolean;
}

/**
 * Until one of these pods changes, or for so long. A watch that can't be had is no failure: whoever asked looks again after
 * a pause.
 */
export async function untilChange(
  kubernetes: Pick<KubernetesReader, 'watchPods'>,
  { namespaces, mostMs, clock, matters }: Awaited,
): Promise<void> {
  const namespace = namespaces.length === 1 ? (namespaces[0] ?? null) : null;
  const stop = new AbortController();
  try {
    for await (const { pod } of kubernetes.watchPods({ namespace }, mostMs, stop.signal))
      if (matters(pod)) return;
  } catch (error) {
    if (!(error instanceof TargetError)) throw error;
    await clock.pause(PAUSE_MS);
  } finally {
    stop.abort();
  }
}

const PAUSE_MS = 2000;
