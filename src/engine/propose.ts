import type { Cluster } from '../domain/cluster.js';
import type { Question } from '../domain/answer.js';
import { no, yes, type Verdict } from '../domain/errors.js';
import { gaugeOf } from '../domain/maintenance/gauge.js';
import type { Operation } from '../domain/operation.js';
import type { Plan } from '../domain/plan.js';
import type { Audit, Ids, Locks, OperationStore, Outbox } from '../domain/ports.js';
import type { Runbook } from '../domain/runbook.js';
import type { Snapshot } from '../domain/snapshot.js';
import { hashOf } from './approval.js';
import { entryOf, type Catalogue } from './catalogue.js';
import { collect, type CollectDeps } from './collect.js';

export interface ProposeDeps extends CollectDeps {
  readonly runbooks: Catalogue<Runbook>;
  readonly operations: OperationStore;
  readonly locks: Locks;
  readonly outbox: Outbox;
  readonly ids: Ids;
  readonly audit: Audit;
}

/** Fresh facts → runbook → plan → a pending operation with its card; or the reason why there is none. */
export async function propose(
  deps: ProposeDeps,
  cluster: Cluster,
  question: Question,
): Promise<Verdict<Operation>> {
  const runbook = entryOf(deps.runbooks, question.verb);
  const snapshot = await collect(deps, cluster, runbook.needs);
  const planned = runbook.plan(snapshot, { backup: cluster.backup, etcdctlFlags: cluster.etcdctlFlags });
  if (!planned.ok) return planned;
  const busy = await busyWith(deps, cluster, snapshot);
  if (busy) return busy;
  const operation = await pending(deps, cluster, { question, plan: planned.value, snapshot });
  await supersedeOthers(deps, operation);
  await deps.operations.create(operation);
  await deps.outbox.put({ kind: 'operation', id: operation.id, version: operation.version });
  await deps.audit.record({
    at: operation.createdAt,
    event: 'operation.proposed',
    who: question.asker.userId,
    cluster: cluster.name,
    operation: operation.id,
    planHash: operation.planHash,
    detail: { runbook: planned.value.runbook, before: operation.before },
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

interface Draft {
  readonly question: Question;
  readonly plan: Plan;
  readonly snapshot: Snapshot;
}

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
    policy: cluster.policy,
    settleMs: cluster.settleMs,
    reraiseWatchMs: cluster.reraiseWatchMs,
    createdAt,
    approveBy: createdAt + cluster.policy.approveWithinMs,
    reviews: [],
    fence: 0,
    steps: draft.plan.steps.map((step) => ({ step, state: 'planned' })),
    absorbed: [],
    before: gaugeOf(draft.snapshot),
  };
}

/** A newer plan for the same cluster takes the place of one that still waits: its reviews are void. */
async function supersedeOthers(deps: ProposeDeps, operation: Operation): Promise<void> {
  const waiting = (await deps.operations.open()).filter(
    (other) => other.plan.cluster === operation.plan.cluster && other.state === 'pending',
  );
  for (const other of waiting) {
    const swapped = await deps.operations.swap(other.id, (current, now) => {
      if (current.state !== 'pending') return { ok: false, reason: 'it is no longer pending' };
      const conclusion = { at: now, summary: 'A newer plan for this cluster took its place.', next: [] };
      return { ok: true, operation: { ...current, state: 'superseded', conclusion } };
    });
    if (swapped.ok)
      await deps.outbox.put({ kind: 'operation', id: other.id, version: swapped.operation.version });
  }
}
