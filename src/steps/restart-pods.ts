import { TargetError, type TargetErrorCode } from '../domain/errors.js';
import {
  evidenceOf,
  outcomeIn,
  recordOf,
  recordsIn,
  type EvictionRecord,
} from '../domain/kubernetes/eviction-record.js';
import { judged, outcomeOf, outcomeText, type Judged } from '../domain/kubernetes/judged-pods.js';
import type { KubernetesReader } from '../domain/kubernetes/ports.js';
import { podsIn } from '../domain/kubernetes/pods-moved.js';
import { readPods, untilChange } from '../domain/kubernetes/read-pods.js';
import { effectOfEvictions, type EvictionEffect } from '../domain/kubernetes/replacements.js';
import { runs } from '../domain/kubernetes/still-hanging.js';
import { refusesWrites } from '../domain/maintenance/takes-writes.js';
import type { Evidence } from '../domain/operation.js';
import { bare } from '../domain/sentence.js';
import type { Snapshot } from '../domain/snapshot.js';
import type { Effect, Precondition, Step, StepContext } from '../domain/step.js';

const READ_MS = 5000;
/** Shorter than the sign of life of a process lasts: when another one reads, none is under way any more. */
const EVICT_MS = 10_000;
const WATCH_MS = 15_000;
/** So long the controllers may take, and the kubelets after them. */
const SETTLES_WITHIN_MS = 2 * 60_000;
const WATCH_EFFECT_MS = 5000;
/** The API server may stand on the very etcd that was mended a moment ago, and come back some time after it. */
const API_IS_BACK_WITHIN_MS = 2 * 60_000;

const PASSING: ReadonlySet<TargetErrorCode> = new Set([
  ...(['unreachable', 'timeout', 'unavailable', 'too-many-requests'] as const),
]);

type Context = StepContext<'restart-pods'>;

/**
 * Restarts pods that hang although etcd takes writes again, by eviction, so that their controllers make new ones. Only
 * those of the plan, by uid, that still hang for the cause of the plan; each one once. The kubelets' own retries come first.
 */
const restartPods: Step<'restart-pods'> = {
  title: 'Restart pods that still hang',
  settlesWithinMs: SETTLES_WITHIN_MS,
  precondition,
  act,
  effect,
};

export default restartPods;

async function precondition(context: Context): Promise<Precondition> {
  try {
    return await judge(context);
  } catch (error) {
    if (error instanceof TargetError) return unanswered(context, error.code, error.message);
    throw error;
  }
}

async function judge(context: Context): Promise<Precondition> {
  const { act: planned, kubernetes, plan } = context;
  if (!kubernetes) return { go: 'stop', because: 'the configuration names no Kubernetes for this cluster' };
  const snapshot = await context.examine(['status', 'members', 'alarms', 'pods']);
  const blocked = refused(snapshot) ?? unread(context, snapshot);
  if (blocked) return blocked;
  // The first batch waits for the pods of all batches, and leaves them to their kubelets together.
  const waits = planned.patienceMs > context.waitedMs;
  const pods = waits ? podsIn(plan) : planned.pods;
  const records = await readPods(kubernetes, pods, READ_MS);
  const all = judged(planned.cause, pods, { records, snapshot });
  const open = all.filter(({ state: { kind } }) => kind === 'hangs' || kind === 'starts');
  if (waits && open.length > 0) return wait(context, kubernetes, { all, open });
  const own = all.filter(({ ref }) => planned.pods.some(({ uid }) => uid === ref.uid));
  const evictions = own.flatMap(({ state }) =>
    state.kind === 'hangs' ? [recordOf(state.pod, state.owner, records)] : [],
  );
  const before = outcomeOf(own);
  if (evictions.length === 0) return { go: 'skip', because: outcomeText(before), outcome: before };
  return { go: 'act', evidence: evidenceOf(evictions, { at: context.clock.now(), before }) };
}

function refused(snapshot: Snapshot): Precondition | null {
  const refusal = refusesWrites(snapshot);
  if (!refusal) return null;
  const go = refusal.passes === true ? 'wait' : 'stop';
  return { go, because: refusal.reason, next: refusal.instead ?? [] };
}

/** What can't be read is no reason to restart anything. */
function unread(context: Context, { facts: { pods } }: Snapshot): Precondition | null {
  if (!pods?.known) {
    const { code, reason } = pods ?? { code: 'not-read', reason: 'not asked' };
    return unanswered(context, code, `pods could not be read (${bare(reason)})`);
  }
  if (pods.value.withEvents) return null;
  const why = pods.value.blindBecause ?? 'not known';
  return { go: 'stop', because: `why pods hang could not be read (${why}), so none was restarted` };
}

/** One that does not answer now may do so in a moment. One that says no will say it again. */
function unanswered(
  { act: { patienceMs }, waitedMs, cluster }: Context,
  code: TargetErrorCode,
  because: string,
): Precondition {
  if (PASSING.has(code) && waitedMs < patienceMs + API_IS_BACK_WITHIN_MS) return { go: 'wait', because };
  const again = `Once pods can be read, \`/etcd restart-pods ${cluster.name}\` proposes those that still hang.`;
  return { go: 'stop', because, next: [again] };
}

interface Seen {
  readonly all: readonly Judged[];
  readonly open: readonly Judged[];
}

async function wait(context: Context, kubernetes: KubernetesReader, seen: Seen): Promise<Precondition> {
  const uids = new Set(seen.open.map(({ ref }) => ref.uid));
  await untilChange(kubernetes, {
    namespaces: [...new Set(seen.open.map(({ ref }) => ref.namespace))],
    mostMs: Math.min(WATCH_MS, context.act.patienceMs - context.waitedMs),
    clock: context.clock,
    matters: (pod) => uids.has(pod.uid),
  });
  const run = seen.all.filter(({ state }) => state.kind === 'runs').length;
  return {
    go: 'wait',
    because: `the kubelets try again by themselves: ${String(run)} of ${String(seen.all.length)} run by now`,
  };
}

/** One after the other. One that has come to life in the last moment is let live. */
async function act(context: Context, evidence: Evidence): Promise<void> {
  const operator = context.kubernetesOperator();
  if (!operator) throw new Error(`${context.cluster.name} has no Kubernetes`);
  for (const record of recordsIn(evidence)) {
    mustBeApproved(context, record);
    if (await isAlive(context.kubernetes ?? operator, record)) continue;
    // `protected` and `gone` are no failures: reading shows what came of each.
    await operator.evict({ namespace: record.namespace, name: record.name, uid: record.uid }, EVICT_MS);
  }
}

/** Whatever a record of Redis says: only a pod that people have approved. */
function mustBeApproved({ act: { pods }, cluster }: Context, { uid, namespace, name }: EvictionRecord): void {
  const approved = pods.some((pod) => pod.uid === uid && pod.namespace === namespace && pod.name === name);
  if (!approved) throw new TargetError('failed', cluster.name, `${namespace}/${name} is not in the plan`);
}

async function isAlive(kubernetes: KubernetesReader, record: EvictionRecord): Promise<boolean> {
  const fieldSelector = `metadata.name=${record.name}`;
  for await (const page of kubernetes.pods({ namespace: record.namespace, fieldSelector }, READ_MS))
    for (const pod of page)
      if (pod.uid === record.uid) return runs(pod) || pod.phase !== 'Pending' || pod.addresses.length > 0;
  return false;
}

async function effect(context: Context, evidence: Evidence, answered: boolean): Promise<Effect> {
  const { kubernetes, act: planned, clock } = context;
  if (!kubernetes) return { seen: 'unclear', because: 'the configuration names no Kubernetes any more' };
  const evictions = recordsIn(evidence);
  const pods = await readPods(kubernetes, planned.pods, READ_MS);
  const before = outcomeIn(evidence);
  const seen = await effectOfEvictions(kubernetes, { before, evictions, pods, answered });
  if (seen.kind === 'done') return { seen: 'done', result: seen.result, outcome: seen.outcome };
  const late = clock.now() - Number(evidence['at']) >= SETTLES_WITHIN_MS;
  if (seen.kind === 'not-done' || late) return { seen: 'not-done', because: seen.because };
  if (answered) await untilReplaced(context, kubernetes, seen);
  return { seen: 'running', because: seen.because };
}

/** Instead of asking again and again. */
async function untilReplaced(
  { act: { pods }, clock }: Context,
  kubernetes: KubernetesReader,
  { owners }: Extract<EvictionEffect, { kind: 'coming' }>,
): Promise<void> {
  await untilChange(kubernetes, {
    namespaces: [...new Set(pods.map(({ namespace }) => namespace))],
    mostMs: WATCH_EFFECT_MS,
    clock,
    matters: ({ owner }) => owner !== null && owners.has(owner.uid),
  });
}
