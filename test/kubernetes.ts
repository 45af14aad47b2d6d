import type { Eviction, KubernetesOperator, PodQuery } from '../src/domain/kubernetes/ports.js';
import type { ObjectRef, PodEvent, PodRecord } from '../src/domain/kubernetes/records.js';
import { event, pod, SPACE_WORDS } from './kubernetes-facts.js';

/* A Kubernetes API in a few lines: pods, what is told of them, and controllers that replace what is evicted. Plain data. */

export interface KubernetesState {
  readonly pods: readonly SimulatedPod[];
  /** How many pods were made since. */
  readonly made: number;
  /** Controllers, by uid, that make no other pod. */
  readonly retired: readonly string[];
  /** Replacements get no address. */
  readonly starved?: boolean;
}

export interface SimulatedPod extends PodRecord {
  /** What its newest event says; null: nothing is told. */
  readonly words: string | null;
  /** A disruption budget protects it. */
  readonly guarded?: boolean;
}

/** Hangs for its address, with a ReplicaSet of its own. */
export function wedged(name: string, changes: Partial<SimulatedPod> = {}): SimulatedPod {
  const owner = { kind: 'ReplicaSet', name: `${name}-rs`, uid: `uid-of-${name}-rs` };
  return { ...pod({ name, uid: `uid-of-${name}`, owner }), words: SPACE_WORDS, ...changes };
}

export function refOf({ namespace, name, uid }: ObjectRef): ObjectRef {
  return { namespace, name, uid };
}

export function kubernetesOf(...pods: readonly SimulatedPod[]): KubernetesState {
  return { pods, made: 0, retired: [] };
}

/** It has come up by itself. */
export function up(state: KubernetesState, name: string): KubernetesState {
  const ready = { phase: 'Running', addresses: ['10.1.0.9'], waiting: [], ready: true } as const;
  return { ...state, pods: state.pods.map((one) => (one.name === name ? { ...one, ...ready } : one)) };
}

export function without(state: KubernetesState, name: string): KubernetesState {
  return { ...state, pods: state.pods.filter((one) => one.name !== name) };
}

/** What an eviction does, and what is answered. Only the pod of this uid; its controller makes another one at once. */
export function afterEviction(
  state: KubernetesState,
  ref: ObjectRef,
  now: number,
): { readonly answer: Eviction; readonly state: KubernetesState } {
  const found = state.pods.find(({ uid }) => uid === ref.uid);
  if (!found) return { answer: { kind: 'gone' }, state };
  if (found.guarded) return { answer: { kind: 'protected', because: 'the budget web' }, state };
  const others = state.pods.filter((one) => one !== found);
  if (!found.owner || state.retired.includes(found.owner.uid))
    return { answer: { kind: 'evicted' }, state: { ...state, pods: others } };
  const made = state.made + 1;
  const name = `${found.name}-r${String(made)}`;
  const next = { ...found, name, uid: `uid-of-${name}`, createdAt: now, scheduledAt: now, words: null };
  const grown = { ...state, made, pods: [...others, next] };
  return { answer: { kind: 'evicted' }, state: state.starved === true ? grown : up(grown, name) };
}

export interface KubernetesBack {
  read(): Promise<KubernetesState>;
  /** One eviction as it reaches the API. */
  evict(ref: ObjectRef): Promise<Eviction>;
  /** Told of each reading before it is made. */
  asked?(what: 'pods' | 'events' | 'nodes' | 'watch'): Promise<void>;
  now(): number;
}

export function apiOver(back: KubernetesBack): KubernetesOperator {
  const told = async (what: 'pods' | 'events' | 'nodes' | 'watch'): Promise<void> => back.asked?.(what);
  const none = (): never => {
    throw new Error('not asked for in this test');
  };
  return {
    target: 'kubernetes:6443',
    async *pods(query) {
      await told('pods');
      yield (await back.read()).pods.filter((one) => matches(one, query)).map(plain);
    },
    async *podEvents() {
      await told('events');
      yield (await back.read()).pods.flatMap((one) => eventOf(one, back.now()));
    },
    async *nodes() {
      await told('nodes');
      yield [];
    },
    async *watchPods() {
      await told('watch');
    },
    wantedBy: async (_namespace, owner) => ((await back.read()).retired.includes(owner.uid) ? null : 1000),
    evict: (ref) => back.evict(ref),
    version: none,
    workloads: none,
    cronJobs: none,
    jobs: none,
    budgets: none,
    etcdPods: none,
    storage: none,
    calico: none,
    mayI: none,
  };
}

function matches(one: PodRecord, { namespace, fieldSelector = '' }: PodQuery): boolean {
  if (namespace !== null && one.namespace !== namespace) return false;
  const [field = '', value = ''] = fieldSelector.split('=');
  if (field === 'status.phase') return one.phase === value;
  return field === 'metadata.name' ? one.name === value : true;
}

function plain({ words: _words, guarded: _guarded, ...record }: SimulatedPod): PodRecord {
  return record;
}

function eventOf(one: SimulatedPod, now: number): readonly PodEvent[] {
  if (one.words === null) return [];
  const { namespace, name, uid } = one;
  return [event(one.words, { namespace, pod: name, podUid: uid, lastAt: now })];
}
