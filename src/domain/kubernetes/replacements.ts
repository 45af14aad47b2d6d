import { TargetError } from '../errors.js';
import { madeSince, type EvictionRecord } from './eviction-record.js';
import { outcomeText, type PodsOutcome } from './judged-pods.js';
import type { KubernetesReader } from './ports.js';
import type { Owner, PodRecord } from './records.js';
import { podName, podNames, runs } from './still-hanging.js';

/** What reading shows of evictions. `coming`: each is gone, and replacements are awaited of these controllers. */
export type EvictionEffect =
  | { readonly kind: 'done'; readonly result: string; readonly outcome: PodsOutcome }
  | { readonly kind: 'not-done'; readonly because: string }
  | { readonly kind: 'coming'; readonly because: string; readonly owners: ReadonlySet<string> };

export interface Evictions {
  /** Of the pods of the batch that were not to be evicted. */
  readonly before: PodsOutcome;
  /** Those that were to be evicted. */
  readonly evictions: readonly EvictionRecord[];
  /** Every controlled pod of their namespaces, now. */
  readonly pods: readonly PodRecord[];
  /** The API server was seen to answer each eviction. */
  readonly answered: boolean;
}

const READ_MS = 5000;

/**
 * By what is there now, never by what was answered: every uid is gone or on its way out, and its controller has made
 * another one, which runs; or wants none any more.
 */
export async function effectOfEvictions(
  kubernetes: Pick<KubernetesReader, 'wantedBy'>,
  given: Evictions,
): Promise<EvictionEffect> {
  const { evictions, pods, answered } = given;
  const now = (uid: string): PodRecord | undefined => pods.find((pod) => pod.uid === uid);
  const evicted = evictions.filter(({ uid }) => isGone(now(uid)));
  const alive = evictions.filter((one) => !evicted.includes(one));
  const stays = alive.filter(({ uid }) => !isUp(now(uid)));
  if (stays.length > 0 && !answered) return { kind: 'not-done', because: partly(evicted, stays) };
  const short = shortOf(evicted, pods);
  const wanted = await Promise.all(short.map((one) => wantsMore(kubernetes, one, pods)));
  const missing = short.filter((_, index) => wanted[index]);
  if (missing.length > 0)
    return {
      kind: 'coming',
      because: missingText(evicted.length, missing),
      owners: new Set(missing.map(({ owner }) => owner.uid)),
    };
  const unwanted = short.reduce((sum, one) => sum + one.short, 0);
  const up = alive.filter((one) => !stays.includes(one));
  const outcome = outcomeAfter(given.before, { evicted, unwanted, up, stays });
  return { kind: 'done', result: outcomeText(outcome), outcome };
}

function isGone(pod: PodRecord | undefined): boolean {
  return pod === undefined || pod.deletingSince !== null;
}

function isUp(pod: PodRecord | undefined): boolean {
  return pod !== undefined && (runs(pod) || pod.addresses.length > 0);
}

function partly(evicted: readonly EvictionRecord[], stays: readonly EvictionRecord[]): string {
  const all = evicted.length + stays.length;
  const done = evicted.length === 0 ? '' : `; restarted before: ${podNames(evicted)}`;
  return `${String(stays.length)} of ${String(all)} pods were not evicted: ${podNames(stays)}${done}`;
}

/** A controller whose pods are not all replaced. */
interface Missing {
  readonly owner: Owner;
  readonly evicted: readonly EvictionRecord[];
  /** So many replacements do not run yet. */
  readonly short: number;
  /** Those that were made and have no address yet. */
  readonly starting: readonly PodRecord[];
}

function shortOf(evicted: readonly EvictionRecord[], pods: readonly PodRecord[]): readonly Missing[] {
  return [...new Set(evicted.map(({ owner }) => owner.uid))].flatMap((uid) => {
    const own = evicted.filter(({ owner }) => owner.uid === uid);
    const [first] = own;
    if (!first) return [];
    const made = madeSince(first, pods).filter(({ deletingSince }) => deletingSince === null);
    const short = own.length - made.filter(runs).length;
    const starting = made.filter((pod) => !runs(pod));
    return short <= 0 ? [] : [{ owner: first.owner, evicted: own, short, starting }];
  });
}

/** False: it is gone, or was scaled down meanwhile, so that all the pods that it still wants run. */
async function wantsMore(
  kubernetes: Pick<KubernetesReader, 'wantedBy'>,
  { owner, evicted: [first] }: Missing,
  pods: readonly PodRecord[],
): Promise<boolean> {
  if (!first) return true;
  try {
    const wanted = await kubernetes.wantedBy(first.namespace, owner, READ_MS);
    const own = pods.filter((pod) => pod.owner?.uid === owner.uid && pod.deletingSince === null);
    // Those that have done their work are none that it still wants.
    return wanted !== null && wanted > own.filter((pod) => pod.phase === 'Running' && runs(pod)).length;
  } catch (error) {
    if (error instanceof TargetError) return true;
    throw error;
  }
}

/** `2 of 5 replacements have no address yet: shop/web-x; none was made by ReplicaSet shop/api`. */
function missingText(count: number, missing: readonly Missing[]): string {
  const short = missing.reduce((sum, one) => sum + one.short, 0);
  const starting = missing.flatMap((one) => one.starting);
  const unmade = missing.filter((one) => one.starting.length < one.short);
  const have = count === 1 ? 'replacement has' : 'replacements have';
  const named = starting.length === 0 ? '' : `: ${starting.map(podName).join(', ')}`;
  const none = unmade.map(
    ({ owner, evicted, short: wants, starting: some }) =>
      `${owner.kind} ${evicted[0]?.namespace ?? ''}/${owner.name} has not made ${String(wants - some.length)} of them`,
  );
  return [`${String(short)} of ${String(count)} ${have} no address yet${named}`, ...none].join('; ');
}

interface Ends {
  readonly evicted: readonly EvictionRecord[];
  /** So many of them whose controllers want no others. */
  readonly unwanted: number;
  /** Came up by themselves in the last moment. */
  readonly up: readonly EvictionRecord[];
  readonly stays: readonly EvictionRecord[];
}

const PROTECTED = 'the API server refused to evict it, for a disruption budget would be broken';

/** Together with what had been found before the act. */
function outcomeAfter(before: PodsOutcome, { evicted, unwanted, up, stays }: Ends): PodsOutcome {
  const listed = (words: readonly string[], mark: string): string =>
    words.filter((word) => word !== '').join(mark);
  return {
    runs: before.runs + up.length,
    runsWhich: listed([before.runsWhich, ...up.map(podName)], ', '),
    restarted: evicted.length - unwanted,
    restartedWhich: evicted.map(podName).join(', '),
    gone: before.gone + unwanted,
    left: before.left + stays.length,
    leftWhy: listed([before.leftWhy, ...stays.map((one) => `${podName(one)}: ${PROTECTED}`)], '; '),
  };
}
