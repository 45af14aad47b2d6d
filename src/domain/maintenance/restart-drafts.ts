import type { HangCause, HangingPod, HangingPods } from '../kubernetes/facts.js';
import type { ObjectRef } from '../kubernetes/records.js';
import { notRecreated, podCount, podName, podNames } from '../kubernetes/still-hanging.js';
import type { Draft } from './drafts.js';

/** The one cause that a restart mends: etcd refused the address, and takes writes again. */
export const MENDED_CAUSE: HangCause = 'address-refused';

const MOST_AT_ONCE = 5;
const MOST_IN_PLAN = 50;

/** Which pods a plan restarts, and which it leaves alone and why. */
export interface Restarts {
  readonly drafts: readonly Draft[];
  readonly pods: readonly HangingPod[];
  /** A sentence each, for the approver. */
  readonly notes: readonly string[];
}

export interface Restarting {
  /** So long the kubelets are left to try again by themselves. */
  readonly patienceMs: number;
  /** Which of those that hang for the cause; absent: all of them. */
  readonly wanted?: (pod: HangingPod) => boolean;
}

/** The longest-hanging come first. */
export function restartsOf(pods: HangingPods, { patienceMs, wanted = () => true }: Restarting): Restarts {
  const hanging = pods.hanging.filter((pod) => pod.cause === MENDED_CAUSE && wanted(pod));
  const able = hanging.filter(({ owner }) => notRecreated(owner) === null);
  const taken = able.slice(0, MOST_IN_PLAN);
  const listed = pods.hanging.filter(({ cause }) => cause === MENDED_CAUSE).length;
  const unlisted = hanging.length === listed ? (pods.counts[MENDED_CAUSE] ?? listed) - listed : 0;
  const more = able.length - taken.length + unlisted;
  return {
    drafts: batches(taken, patienceMs),
    pods: taken,
    notes: [...leftNotes(hanging), ...moreNotes(more), ...(taken.length === 0 ? [] : riskNotes(taken))],
  };
}

function batches(pods: readonly HangingPod[], patienceMs: number): readonly Draft[] {
  const count = Math.ceil(pods.length / MOST_AT_ONCE);
  return Array.from({ length: count }, (_, index): Draft => {
    const some = pods.slice(index * MOST_AT_ONCE, (index + 1) * MOST_AT_ONCE);
    const which = count === 1 ? '' : ` (${String(index + 1)} of ${String(count)})`;
    return {
      kind: 'restart-pods',
      cause: MENDED_CAUSE,
      pods: some.map(refOf),
      // The first one waits for the pods of all.
      patienceMs: index === 0 ? patienceMs : 0,
      label: `Restart ${podCount(some.length)} that still ${some.length === 1 ? 'hangs' : 'hang'}${which}`,
    };
  });
}

/** No more than what the hash is to cover, always in the same order. */
function refOf({ namespace, name, uid }: HangingPod): ObjectRef {
  return { namespace, name, uid };
}

function leftNotes(hanging: readonly HangingPod[]): readonly string[] {
  const reasons = new Map<string, HangingPod[]>();
  for (const pod of hanging) {
    const because = notRecreated(pod.owner);
    if (because !== null) reasons.set(because, [...(reasons.get(because) ?? []), pod]);
  }
  return [...reasons].map(([because, pods]) => `Left alone: ${podNames(pods)}; ${because}.`);
}

function moreNotes(more: number): readonly string[] {
  if (more <= 0) return [];
  const hang = more === 1 ? 'hangs' : 'hang';
  return [`${podCount(more).replace(' ', ' more ')} ${hang}, which this plan does not touch: propose again.`];
}

function riskNotes(pods: readonly HangingPod[]): readonly string[] {
  const jobs = pods.filter(({ owner }) => owner?.kind === 'Job');
  return [
    'Restarted pods are new ones, mostly with new names; they never ran, so nothing of them is lost.',
    'Disruption budgets are respected: a pod that the API server refuses to evict is left, and named.',
    ...(jobs.length === 0
      ? []
      : [
          `A Job counts an evicted pod as a failed try, and makes no other once its backoffLimit is used up: ${podNames(jobs)}.`,
        ]),
  ];
}

/** `shop/web-1 shop/web-2`, as they are typed after the command. */
export function namedPods(typed: string | boolean | undefined): ReadonlySet<string> | null {
  const words = typeof typed === 'string' ? typed.split(/[\s,]+/).filter((word) => word !== '') : [];
  return words.length === 0 ? null : new Set(words);
}

export function isNamed(names: ReadonlySet<string> | null): (pod: HangingPod) => boolean {
  return (pod) => names === null || names.has(podName(pod));
}
