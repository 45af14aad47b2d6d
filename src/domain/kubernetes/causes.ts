import type { HangCause } from './facts.js';
import type { PodEvent, PodRecord } from './records.js';
import { sandboxVerdict, type Verdict } from './sandbox.js';

/* Why a pod hangs: its own state first, then the newest thing that was told of it, then the state of its node. */

export const SANDBOX_FAILED = 'FailedCreatePodSandBox';

export interface Reason extends Verdict {
  /** The kubelet's or scheduler's own words, shortened; null: none. */
  readonly words: string | null;
  /** When they were said last; null: they are not from an event. */
  readonly saidAt: number | null;
}

/** What a waiting container's reason says by itself. */
const WAITING: Readonly<Record<string, HangCause>> = {
  ErrImagePull: 'image',
  ImagePullBackOff: 'image',
  InvalidImageName: 'image',
  ErrImageNeverPull: 'image',
  ImageInspectError: 'image',
  RegistryUnavailable: 'image',
  SignatureValidationFailed: 'image',
  CreateContainerConfigError: 'config',
  CreateContainerError: 'config',
};

/** What an event's reason says by itself. The words of a failed sandbox have to be read. */
const TOLD: Readonly<Record<string, HangCause>> = {
  FailedScheduling: 'scheduling',
  FailedMount: 'volume',
  FailedAttachVolume: 'volume',
  FailedMapVolume: 'volume',
  NetworkNotReady: 'network',
};

/** Events that a pod with a node, and one without, may have to be explained by; the sandbox's are asked for first. */
export const REASONS_WITH_NODE: readonly string[] = [
  'FailedMount',
  'FailedAttachVolume',
  'FailedMapVolume',
  'NetworkNotReady',
];
export const REASONS_WITHOUT_NODE: readonly string[] = ['FailedScheduling'];

/** Only a pod that has none yet, and needs one of its own, can hang for an address. */
const FOR_ADDRESS: ReadonlySet<HangCause> = new Set(['address-refused', 'pool-exhausted']);

/** `notReady`: names of the nodes whose kubelet is not well. Events of other pods are passed over. */
export function causeOf(
  pod: PodRecord,
  events: readonly PodEvent[],
  notReady: ReadonlySet<string> = new Set(),
): Reason {
  const own = ownState(pod);
  if (own) return own;
  const told = events
    .filter((event) => isAbout(event, pod))
    .sort((a, b) => b.lastAt - a.lastAt)
    .map((event) => reasonOf(event, pod));
  const newest = told.find(({ cause }) => cause !== 'unknown') ?? told[0];
  if (newest && newest.cause !== 'unknown' && newest.confidence === 'certain') return newest;
  if (pod.node !== null && notReady.has(pod.node))
    return { cause: 'node', confidence: 'certain', words: newest?.words ?? null, saidAt: null };
  if (newest) return newest;
  if (pod.node === null) return { cause: 'scheduling', confidence: 'likely', words: null, saidAt: null };
  return { cause: 'unknown', confidence: 'likely', words: waitingWords(pod), saidAt: null };
}

/** Whether the pod's own state says all that there is to say, so that no event is needed. */
export function explainsItself(pod: PodRecord): boolean {
  return ownState(pod) !== null;
}

function ownState(pod: PodRecord): Reason | null {
  if (pod.node === null) return pod.unschedulable === null ? null : certain('scheduling', pod.unschedulable);
  for (const { reason, message } of pod.waiting) {
    const cause = Object.hasOwn(WAITING, reason) ? WAITING[reason] : undefined;
    if (cause) return certain(cause, message === null ? reason : `${reason}: ${message}`);
  }
  return null;
}

function certain(cause: HangCause, words: string): Reason {
  return { cause, confidence: 'certain', words: shortened(words), saidAt: null };
}

/** `ContainerCreating` says nothing that the pod's phase has not said. */
function waitingWords(pod: PodRecord): string | null {
  const waiting = pod.waiting.find(({ reason }) => !/^(ContainerCreating|PodInitializing)?$/.test(reason));
  if (!waiting) return null;
  return shortened(waiting.message === null ? waiting.reason : `${waiting.reason}: ${waiting.message}`);
}

/** An older pod of the same name (of a StatefulSet) has another uid, and its events live on for an hour. */
export function isAbout(event: PodEvent, pod: PodRecord): boolean {
  if (event.namespace !== pod.namespace || event.pod !== pod.name) return false;
  return event.podUid === '' ? event.lastAt >= pod.createdAt : event.podUid === pod.uid;
}

function reasonOf(event: PodEvent, pod: PodRecord): Reason {
  const said = { words: shortened(event.message), saidAt: event.lastAt };
  const verdict = verdictOf(event);
  const hasNoNeed = pod.hostNetwork || pod.addresses.length > 0;
  if (FOR_ADDRESS.has(verdict.cause) && hasNoNeed) return { cause: 'unknown', confidence: 'likely', ...said };
  return { ...verdict, ...said };
}

function verdictOf({ reason, message }: PodEvent): Verdict {
  if (reason === SANDBOX_FAILED) return sandboxVerdict(message);
  const cause = Object.hasOwn(TOLD, reason) ? TOLD[reason] : undefined;
  return cause ? { cause, confidence: 'certain' } : { cause: 'unknown', confidence: 'likely' };
}

/** An event with what it means, so that it is read only once. */
export interface Heard {
  readonly event: PodEvent;
  readonly verdict: Verdict;
}

export function heard(event: PodEvent): Heard {
  return { event, verdict: verdictOf(event) };
}

/** Of two events of one pod and one reason the newer one; or, where both mean the same, the one that says it for certain. */
export function tellingEvent(one: Heard, other: Heard): Heard {
  const [newer, older] = one.event.lastAt >= other.event.lastAt ? [one, other] : [other, one];
  const same = newer.verdict.cause === older.verdict.cause;
  const surer = newer.verdict.confidence === 'likely' && older.verdict.confidence === 'certain';
  return same && surer ? { ...older, event: { ...older.event, lastAt: newer.event.lastAt } } : newer;
}

const MOST = 280;
const HEAD = 120;

/** What matters of a long message stands at both ends; ids of sandboxes only differ. */
export function shortened(message: string): string {
  const told = message
    .replace(/\s+/g, ' ')
    .replace(/\b([0-9a-f]{12})[0-9a-f]{20,}\b/g, '$1…')
    .trim();
  if (told.length <= MOST) return told;
  return `${told.slice(0, HEAD)} … ${told.slice(told.length - (MOST - HEAD - 3))}`;
}
