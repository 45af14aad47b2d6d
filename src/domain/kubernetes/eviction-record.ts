import type { Evidence } from '../operation.js';
import type { PodsOutcome } from './judged-pods.js';
import type { ObjectRef, Owner, PodRecord } from './records.js';
import { podName } from './still-hanging.js';

/**
 * What is written down of a pod before it is evicted. Replacements are told by their controller and by what was there
 * before them, both in the API server's own time: our clock may be another one.
 */
export interface EvictionRecord extends ObjectRef {
  readonly owner: Owner;
  /** The newest pod of this controller before the act was created then, milliseconds since the epoch. */
  readonly newestAt: number;
  /** Uids of this controller's pods of that very moment: creation times are whole seconds. */
  readonly newest: readonly string[];
}

/** Before the act: which pods it is about, by uid; when, by the clock of the process; and how the others stood. */
export function evidenceOf(
  records: readonly EvictionRecord[],
  { at, before }: { readonly at: number; readonly before: PodsOutcome },
): Evidence {
  const entries = records.map((one): [string, string] => [
    podName(one),
    [one.uid, one.owner.kind, one.owner.name, one.owner.uid, one.newestAt, one.newest.join(',')].join(' '),
  ]);
  return { at, ...before, ...Object.fromEntries(entries) };
}

/** How the others stood before the act. */
export function outcomeIn(evidence: Evidence): PodsOutcome {
  const count = (name: string): number => Number(evidence[name] ?? 0);
  const words = (name: string): string => String(evidence[name] ?? '');
  return {
    ...{ runs: count('runs'), runsWhich: words('runsWhich') },
    ...{ restarted: count('restarted'), restartedWhich: words('restartedWhich') },
    ...{ gone: count('gone'), left: count('left'), leftWhy: words('leftWhy') },
  };
}

export function recordsIn(evidence: Evidence): readonly EvictionRecord[] {
  return Object.entries(evidence).flatMap(([key, value]) => {
    const [namespace, name] = key.split('/');
    if (typeof value !== 'string' || namespace === undefined || name === undefined) return [];
    const [uid = '', kind = '', ownerName = '', ownerUid = '', newestAt = '0', newest = ''] =
      value.split(' ');
    const owner = { kind, name: ownerName, uid: ownerUid };
    const rest = { newestAt: Number(newestAt), newest: newest === '' ? [] : newest.split(',') };
    return [{ namespace, name, uid, owner, ...rest }];
  });
}

/** `siblings`: every pod of its namespace. */
export function recordOf(pod: PodRecord, owner: Owner, siblings: readonly PodRecord[]): EvictionRecord {
  const own = siblings.filter((one) => one.owner?.uid === owner.uid);
  const newestAt = Math.max(pod.createdAt, ...own.map(({ createdAt }) => createdAt));
  const newest = own.filter(({ createdAt }) => createdAt === newestAt).map(({ uid }) => uid);
  return { namespace: pod.namespace, name: pod.name, uid: pod.uid, owner, newestAt, newest };
}

/** The pods that this controller has made since. */
export function madeSince(
  { owner, newestAt, newest }: EvictionRecord,
  pods: readonly PodRecord[],
): readonly PodRecord[] {
  return pods.filter(
    (pod) => pod.owner?.uid === owner.uid && pod.createdAt >= newestAt && !newest.includes(pod.uid),
  );
}
