import type { HangCause, HangingPod } from './facts.js';
import type { ObjectRef, Owner, PodRecord } from './records.js';

/** How a pod that a plan names stands by now. */
export type PodState =
  /** With an address, or it has done its work. */
  | { readonly kind: 'runs' }
  /** There is no pod of this uid any more, or it is on its way out. */
  | { readonly kind: 'gone' }
  /** Still for the cause that the plan names, and its controller would make another one. */
  | { readonly kind: 'hangs'; readonly pod: PodRecord; readonly owner: Owner }
  /** It may run in a moment: nothing is told against it. */
  | { readonly kind: 'starts' }
  | { readonly kind: 'left'; readonly because: string };

/** `pod`: the record of exactly this uid; `hanging`: the fresh judgement of it, where it hangs. */
export function stateOf(
  cause: HangCause,
  pod: PodRecord | undefined,
  hanging: HangingPod | undefined,
): PodState {
  if (!pod || pod.deletingSince !== null) return { kind: 'gone' };
  if (runs(pod)) return { kind: 'runs' };
  if (pod.phase === 'Failed') return { kind: 'left', because: 'it has failed meanwhile' };
  if (!hanging || pod.phase !== 'Pending' || pod.addresses.length > 0) return { kind: 'starts' };
  if (hanging.cause !== cause)
    return { kind: 'left', because: `it hangs for another reason now (${CAUSE_WORDS[hanging.cause]})` };
  const because = notRecreated(pod.owner);
  if (because !== null || !pod.owner) return { kind: 'left', because: because ?? '' };
  return { kind: 'hangs', pod, owner: pod.owner };
}

/** Its containers run and it can be reached, or it came to a good end. */
export function runs({ phase, addresses }: PodRecord): boolean {
  return phase === 'Succeeded' || (phase === 'Running' && addresses.length > 0);
}

/** Why nobody would make another one; null: its controller does. */
export function notRecreated(owner: Owner | null): string | null {
  if (owner === null) return 'it has no controller that would make a new one';
  return owner.kind === 'Node' ? 'it is a static pod of its node' : null;
}

export const CAUSE_WORDS: Readonly<Record<HangCause, string>> = {
  'address-refused': 'its address is refused by the datastore',
  'pool-exhausted': 'no address is left in the pools',
  network: 'its network can’t be set up',
  image: 'its image can’t be had',
  volume: 'a volume can’t be had',
  config: 'its configuration is wrong',
  scheduling: 'no node takes it',
  node: 'its node is not well',
  unknown: 'nobody says why',
};

/** `shop/web-1`, as people type it. */
export function podName({ namespace, name }: Pick<ObjectRef, 'namespace' | 'name'>): string {
  return `${namespace}/${name}`;
}

const MOST_NAMED = 5;

/** `shop/web-1, shop/web-2 and 3 more`. */
export function podNames(pods: readonly Pick<ObjectRef, 'namespace' | 'name'>[]): string {
  const named = pods.slice(0, MOST_NAMED).map(podName).join(', ');
  return pods.length > MOST_NAMED ? `${named} and ${String(pods.length - MOST_NAMED)} more` : named;
}

/** `1 pod`, `12 pods`. */
export function podCount(count: number): string {
  return `${String(count)} ${count === 1 ? 'pod' : 'pods'}`;
}
