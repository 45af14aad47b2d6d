import { causeOf, type Reason } from './causes.js';
import type { HangCause, HangingPod, HangingPods } from './facts.js';
import type { PodEvent, PodRecord } from './records.js';

/*
 * Which pods hang. A pod starts within seconds where nothing is in its way, so one that something is told against hangs
 * soon; one that nothing is told of may pull a large image, and is given longer.
 */

export const HANGS_AFTER_MS = 30_000;
export const SILENT_AFTER_MS = 120_000;

/** So many are listed of each cause, longest-hanging first; the others are only counted. */
export const MOST_HANGING_KEPT = 50;

/** Held back by whoever made it, until its gates are lifted. */
const GATED = /scheduling gates/i;

/** Since when it should have been running. */
export function waitsSince(pod: Pick<PodRecord, 'createdAt' | 'scheduledAt'>): number {
  return pod.scheduledAt ?? pod.createdAt;
}

/** Whether it is worth a look: pending for long enough, wanted, and not held back on purpose. */
export function mayHang(pod: PodRecord, now: number): boolean {
  if (pod.phase !== 'Pending' || pod.deletingSince !== null) return false;
  if (pod.unschedulable !== null && GATED.test(pod.unschedulable)) return false;
  return now - waitsSince(pod) >= HANGS_AFTER_MS;
}

export interface Setting {
  /** Milliseconds since the epoch. */
  readonly now: number;
  /** Names of nodes that are not ready. */
  readonly notReady: ReadonlySet<string>;
  /** Null: events were read; else why they could not be. */
  readonly blindBecause: string | null;
}

/** `told`: the events of each pod, by its uid. */
export function hangingPods(
  pods: readonly PodRecord[],
  told: ReadonlyMap<string, readonly PodEvent[]>,
  setting: Setting,
): HangingPods {
  const counts: Partial<Record<HangCause, number>> = {};
  const hanging: HangingPod[] = [];
  // In their order from the start, so that of ten thousand pods only those are kept that are listed.
  for (const pod of pods.toSorted(byAge)) {
    const one = hangingPod(pod, told.get(pod.uid) ?? [], setting);
    if (!one) continue;
    const count = (counts[one.cause] ?? 0) + 1;
    counts[one.cause] = count;
    if (count <= MOST_HANGING_KEPT) hanging.push(one);
  }
  const { blindBecause } = setting;
  return {
    hanging,
    counts,
    afterMs: HANGS_AFTER_MS,
    withEvents: blindBecause === null,
    ...(blindBecause !== null && { blindBecause }),
  };
}

/** Null: it does not hang (yet). */
export function hangingPod(
  pod: PodRecord,
  events: readonly PodEvent[],
  { now, notReady }: Pick<Setting, 'now' | 'notReady'>,
): HangingPod | null {
  if (!mayHang(pod, now)) return null;
  const reason = causeOf(pod, events, notReady);
  if (reason.cause === 'unknown' && now - waitsSince(pod) < SILENT_AFTER_MS) return null;
  return record(pod, reason);
}

function record(pod: PodRecord, { cause, confidence, words, saidAt }: Reason): HangingPod {
  const { namespace, name, uid, node, createdAt, labels, owner } = pod;
  const since = waitsSince(pod);
  return {
    namespace,
    name,
    uid,
    node,
    createdAt,
    labels,
    owner,
    since,
    cause,
    confidence,
    words,
    ...(saidAt !== null && { saidAt }),
  };
}

/** Longest-waiting first. */
function byAge(a: PodRecord, b: PodRecord): number {
  return waitsSince(a) - waitsSince(b) || compare(a.namespace, b.namespace) || compare(a.name, b.name);
}

function compare(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0;
}
