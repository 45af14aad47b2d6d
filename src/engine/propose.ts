import type { Policy } from '../domain/actor.js';
import { policyFor, type Cluster } from '../domain/cluster.js';
import type { Question } from '../domain/answer.js';
import { no, yes, type Verdict } from '../domain/errors.js';
import { gaugeOf } from '../domain/maintenance/gauge.js';
import { lastBackupOf, paceOf } from '../domain/maintenance/history.js';
import type { Operation } from '../domain/operation.js';
import type { Plan } from '../domain/plan.js';
import type { Audit, Ids, Locks, OperationStore, Outbox, Pauses, Signer } from '../domain/ports.js';
import type { Runbook } from '../domain/runbook.js';
import type { Snapshot } from '../domain/snapshot.js';
import { hashOf, signed } from './approval.js';
import { entryOf, type Catalogue } from './catalogue.js';
import { collect, type CollectDeps } from './collect.js';
import { orLater } from './later.js';
import { withPast, type PastDeps } from './past.js';

/** So many earlier operations of the cluster tell how fast it is, and when it was backed up. */
const EARLIER = 100;

export interface ProposeDeps extends CollectDeps, PastDeps {
  readonly runbooks: Catalogue<Runbook>;
  readonly operations: OperationStore;
  readonly locks: Locks;
  readonly pauses: Pauses;
  readonly outbox: Outbox;
  readonly ids: Ids;
  readonly signer: Signer;
  readonly audit: Audit;
}

/** A plan on the facts of now, and all that it was made of; nothing is written down yet. */
export interface Planned {
  readonly plan: Plan;
  readonly snapshot: Snapshot;
  readonly policy: Policy;
}

/** Fresh facts → runbook → plan; or the reason why there is none. */
export async function planNow(
  deps: ProposeDeps,
  cluster: Cluster,
  question: Question,
): Promise<Verdict<Planned>> {
  const runbook = entryOf(deps.runbooks, question.verb);
  const [snapshot, revisions, earlier] = await Promise.all([
    factsFor(deps, cluster, runbook),
    deps.samples.revisions(cluster.name),
    deps.operations.recent(EARLIER, cluster.name),
  ]);
  const planned = runbook.plan(snapshot, {
    backup: cluster.backup,
    etcdctlFlags: cluster.etcdctlFlags,
    kubernetes: cluster.kubernetes,
    options: question.options,
    now: deps.clock.now(),
    revisions,
    pace: paceOf(earlier),
    lastBackupAt: lastBackupOf(earlier),
  });
  if (!planned.ok) return planned;
  return yes({ plan: planned.value, snapshot, policy: policyFor(cluster, question.verb) });
}

/** What only words use is read where this process can read it. */
async function factsFor(
  deps: ProposeDeps,
  cluster: Cluster,
  { needs, uses = [] }: Runbook,
): Promise<Snapshot> {
  const wanted = [...needs, ...uses.filter((name) => deps.collectors.has(name))];
  return withPast(deps, cluster, await collect(deps, cluster, wanted));
}

/** A plan becomes a pending operation with its card. */
export async function propose(
  deps: ProposeDeps,
  cluster: Cluster,
  question: Question,
): Promise<Verdict<Operation>> {
  const planned = await planNow(deps, cluster, question);
  if (!planned.ok) return planned;
  const busy = await busyWith(deps, cluster, planned.value.snapshot);
  if (busy) return busy;
  const operation = await pending(deps, cluster, { question, ...planned.value });
  const same = await makeRoom(deps, operation);
  if (same) return same;
  await deps.operations.create(signed(operation, deps.signer));
  await orLater(deps.outbox.put({ kind: 'operation', id: operation.id, version: operation.version }));
  await deps.audit.record({
    at: operation.createdAt,
    event: 'operation.proposed',
    who: question.asker.userId,
    why: operation.reason,
    cluster: cluster.name,
    operation: operation.id,
    planHash: operation.planHash,
    detail: { runbook: operation.plan.runbook, title: operation.plan.title, before: operation.before },
  });
  return yes(operation);
}

async function busyWith(
  deps: ProposeDeps,
  cluster: Cluster,
  snapshot: Snapshot,
): Promise<Verdict<never> | null> {
  const holder = await deps.locks.holder(cluster.name, snapshot.pinnedId ?? '');
  if (holder === null) return null;
  return no(`An operation is at work on ${cluster.name} already; one at a time.`, [
    'Its card shows how far it is: `/etcd operations` finds it.',
  ]);
}

type Draft = Planned & { readonly question: Question };

async function pending(deps: ProposeDeps, cluster: Cluster, draft: Draft): Promise<Operation> {
  const createdAt = await deps.operations.now();
  const reason = draft.question.options['reason'];
  return {
    id: deps.ids.next(),
    version: 1,
    state: 'pending',
    plan: draft.plan,
    planHash: hashOf(draft.plan),
    proposer: draft.question.asker,
    reason: typeof reason === 'string' ? reason : undefined,
    place: draft.question.place,
    policy: draft.policy,
    settleMs: cluster.settleMs,
    reraiseWatchMs: cluster.reraiseWatchMs,
    windows: cluster.windows,
    observeOnly: !cluster.changes,
    createdAt,
    approveBy: createdAt + draft.policy.approveWithinMs,
    paused: (await deps.pauses.holding(cluster.name)) ?? undefined,
    reviews: [],
    fence: 0,
    steps: draft.plan.steps.map((step) => ({ step, state: 'planned' })),
    absorbed: [],
    before: gaugeOf(draft.snapshot),
  };
}

/**
 * A newer plan of the same kind for the same cluster takes the place of one that still waits, whose reviews are void. The
 * very same plan does not: its reviews stand, so it is left to go on.
 */
async function makeRoom(deps: ProposeDeps, operation: Operation): Promise<Verdict<never> | null> {
  const { cluster, runbook } = operation.plan;
  const waiting = (await deps.operations.open()).filter(
    ({ plan, state }) => plan.cluster === cluster && plan.runbook === runbook && state === 'pending',
  );
  const same = waiting.find(({ planHash, approveBy }) => isSame({ planHash, approveBy }, operation));
  if (same) return waitsAlready(same.proposer);
  for (const other of waiting) await supersede(deps, other);
  return null;
}

function waitsAlready({ userId }: Operation['proposer']): Verdict<never> {
  const refusal = no(`The very same plan waits for approval already, proposed by <@${userId}>.`, [
    'Its card stands in this cluster’s channel; `/etcd operations` lists it.',
    'To propose it anew, cancel that one first.',
  ]);
  return { ...refusal, people: [userId] };
}

function isSame(other: Pick<Operation, 'planHash' | 'approveBy'>, operation: Operation): boolean {
  return other.planHash === operation.planHash && other.approveBy > operation.createdAt;
}

async function supersede(deps: ProposeDeps, other: Operation): Promise<void> {
  const swapped = await deps.operations.swap(other.id, (current, now) => {
    if (current.state !== 'pending') return { ok: false, reason: 'it is no longer pending' };
    const summary = 'A newer plan for this cluster took its place; what was said of this one is void.';
    const conclusion = { at: now, summary, next: [] };
    return { ok: true, operation: { ...current, state: 'superseded', conclusion } };
  });
  if (!swapped.ok) return;
  const { id, plan, planHash, version } = swapped.operation;
  await orLater(deps.outbox.put({ kind: 'operation', id, version }));
  const at = deps.clock.now();
  await deps.audit.record({
    at,
    event: 'operation.superseded',
    cluster: plan.cluster,
    operation: id,
    planHash,
  });
}
