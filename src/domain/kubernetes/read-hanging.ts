import { TargetError } from '../errors.js';
import {
  explainsItself,
  heard,
  isAbout,
  REASONS_WITH_NODE,
  REASONS_WITHOUT_NODE,
  SANDBOX_FAILED,
  tellingEvent,
  type Heard,
} from './causes.js';
import type { HangingPods } from './facts.js';
import { hangingPods, mayHang, type Setting } from './hanging.js';
import type { KubernetesReader, PodQuery } from './ports.js';
import type { PodEvent, PodRecord } from './records.js';

/** What the reading takes besides the API. */
export interface HangingQuery extends Pick<Setting, 'now' | 'notReady'> {
  readonly deadlineMs: number;
  /** Absent: every namespace. */
  readonly pods?: Omit<PodQuery, 'fieldSelector'>;
}

type Told = Map<string, Heard[]>;
type Api = Pick<KubernetesReader, 'pods' | 'podEvents'>;

/**
 * Reads which pods hang, and why. Each page is reduced at once: of ten thousand pods only those stay that may hang, of
 * their events one of each reason. Events are asked for only when something hangs that does not say why itself, and
 * where they can't be read the pods are still told.
 */
export async function readHanging(kubernetes: Api, query: HangingQuery): Promise<HangingPods> {
  const begun = performance.now();
  const left = (): number => Math.max(1, query.deadlineMs - (performance.now() - begun));
  const suspects = await suspectsOf(kubernetes, query, left());
  const told: Told = new Map();
  const blindBecause = await explained(kubernetes, { suspects, told, left });
  const { now, notReady } = query;
  const events = new Map([...told].map(([uid, all]) => [uid, all.map(({ event }) => event)]));
  return hangingPods(suspects, events, { now, notReady, blindBecause });
}

async function suspectsOf(
  kubernetes: Api,
  { pods = { namespace: null }, now }: HangingQuery,
  deadlineMs: number,
): Promise<readonly PodRecord[]> {
  const suspects: PodRecord[] = [];
  for await (const page of kubernetes.pods({ ...pods, fieldSelector: 'status.phase=Pending' }, deadlineMs))
    suspects.push(...page.filter((pod) => mayHang(pod, now)));
  return suspects;
}

interface Asking {
  readonly suspects: readonly PodRecord[];
  readonly told: Told;
  readonly left: () => number;
}

/** Null: all that was needed was read; else why not. */
async function explained(kubernetes: Api, { suspects, told, left }: Asking): Promise<string | null> {
  try {
    const silent = suspects.filter((pod) => !explainsItself(pod));
    await listen(kubernetes, { suspects: silent.filter(hasNode), told, left }, [SANDBOX_FAILED]);
    const rest = silent.filter((pod) => !told.has(pod.uid));
    const reasons = [
      ...(rest.some(hasNode) ? REASONS_WITH_NODE : []),
      ...(rest.every(hasNode) ? [] : REASONS_WITHOUT_NODE),
    ];
    await listen(kubernetes, { suspects: rest, told, left }, reasons);
    return null;
  } catch (error) {
    if (!(error instanceof TargetError)) throw error;
    return error.message;
  }
}

function hasNode({ node }: PodRecord): boolean {
  return node !== null;
}

/** Keeps the most telling event of each reason of those pods. */
async function listen(
  kubernetes: Api,
  { suspects, told, left }: Asking,
  reasons: readonly string[],
): Promise<void> {
  if (suspects.length === 0 || reasons.length === 0) return;
  const byName = new Map(suspects.map((pod) => [keyOf(pod.namespace, pod.name), pod]));
  const namespaces = new Set(suspects.map(({ namespace }) => namespace));
  const namespace = namespaces.size === 1 ? ([...namespaces][0] ?? null) : null;
  for await (const page of kubernetes.podEvents({ namespace, reasons }, left())) {
    for (const event of page) {
      const pod = byName.get(keyOf(event.namespace, event.pod));
      if (pod && isAbout(event, pod)) keep(told, pod.uid, event);
    }
  }
}

function keep(told: Told, uid: string, event: PodEvent): void {
  const kept = told.get(uid);
  if (!kept) {
    told.set(uid, [heard(event)]);
    return;
  }
  const index = kept.findIndex((one) => one.event.reason === event.reason);
  const before = kept[index];
  if (before) kept[index] = tellingEvent(before, heard(event));
  else kept.push(heard(event));
}

function keyOf(namespace: string, name: string): string {
  return `${namespace}/${name}`;
}
