import { valueOf } from '../domain/fact.js';
import { membersOf } from '../domain/members.js';
import type { Operation } from '../domain/operation.js';
import type { PlannedStep } from '../domain/plan.js';
import { signed } from './approval.js';
import { collect } from './collect.js';
import { conclude } from './conclude.js';
import { advance, defragmentedBy, patiently, TakenOver, type ExecutorDeps, type Run } from './executor.js';
import { runStep } from './run-step.js';
import { BEAT_TTL_MS, begin } from './start.js';

const BEAT_EVERY_MS = 4000;

/**
 * Runs an approved operation, or goes on with one that was handed over. Called for every job there is, the doubled
 * and the hand-retried ones too: whoever finds no token does nothing.
 */
export async function execute(deps: ExecutorDeps, id: string): Promise<void> {
  const operation = await deps.operations.load(id);
  if (!operation?.token || (operation.state !== 'approved' && operation.state !== 'running')) return;
  const run = await begin(deps, operation);
  if (!run) return;
  const beating = keepBeating(deps, id);
  try {
    await steps(run);
  } catch (error) {
    if (!(error instanceof TakenOver)) throw error;
    deps.log.warn({ operation: id }, 'another process has taken this operation over');
  } finally {
    beating.stop();
  }
}

function keepBeating(deps: ExecutorDeps, id: string): { stop(): void } {
  const timer = setInterval(() => {
    deps.locks.beat(id, BEAT_TTL_MS).catch((error: unknown) => {
      deps.log.warn({ operation: id, err: error }, 'a sign of life could not be written');
    });
  }, BEAT_EVERY_MS);
  return {
    stop: () => {
      clearInterval(timer);
    },
  };
}

/** One step after the other; between them only cancel, the end of the process and the order of members are looked at. */
async function steps(run: Run): Promise<void> {
  for (;;) {
    const operation = await ordered(run);
    const index = operation.steps.findIndex((record) => record.state === 'planned');
    if (index < 0) return conclude(run, 'succeeded', { summary: 'Writes go through again.', next: [] });
    if (operation.cancelRequestedAt !== undefined) return cancelled(run, operation);
    if (run.deps.stopping()) return handOver(run);
    if (!(await runStep(run, operation, index))) return;
  }
}

/** Followers first, whoever leads by now; the move and the old leader after them. */
async function ordered(run: Run): Promise<Operation> {
  const operation = await patiently(run.deps, () => run.deps.operations.load(run.id));
  if (!operation || operation.fence !== run.fence || operation.state !== 'running')
    throw new TakenOver('taken over');
  const next = operation.steps.find((record) => record.state === 'planned')?.step;
  if (next?.kind !== 'defragment' || operation.plan.standstill !== null) return operation;
  const snapshot = await patiently(run.deps, () => collect(run.deps, run.cluster, ['status', 'members']));
  const leader = membersOf(snapshot).find((member) => member.role === 'leader')?.id;
  const status = valueOf(snapshot.facts.status);
  if (leader !== next.memberId || !status) return operation;
  const later = operation.steps.filter(
    ({ step, state }) => state === 'planned' && step.kind === 'defragment',
  );
  const replacement = later.find(({ step }) => step.kind === 'defragment' && step.memberId !== leader)?.step;
  if (!replacement) return operation;
  return advance(run, (current) => swapped(current, next, replacement));
}

/** The two steps change places; the plan's hash covers the members, not who comes first. */
function swapped(operation: Operation, one: PlannedStep, other: PlannedStep): Operation {
  // A swap whose answer was lost is tried again: the two must not change back.
  if (operation.steps.find((record) => record.state === 'planned')?.step.id !== one.id) return operation;
  const exchange = (step: PlannedStep): PlannedStep =>
    step.id === one.id ? other : step.id === other.id ? one : step;
  return {
    ...operation,
    steps: operation.steps.map((record) => ({ ...record, step: exchange(record.step) })),
  };
}

async function cancelled(run: Run, operation: Operation): Promise<void> {
  const done = operation.steps.filter((record) => record.state === 'done').map((record) => record.step.label);
  const left = operation.steps
    .filter((record) => record.state === 'planned')
    .map((record) => record.step.label);
  const by = operation.cancelledBy ? ` by <@${operation.cancelledBy.userId}>` : '';
  const next = [`Not done: ${left.join('; ')}.`, 'Propose the fix again to do the rest.'];
  await conclude(run, 'cancelled', { summary: `Stopped${by} after: ${done.join('; ') || 'nothing'}.`, next });
}

/** In one swap: the right to go on, once, for the next process. Its job is queued afterwards, or found by the sweep. */
async function handOver(run: Run): Promise<void> {
  const token = run.deps.ids.next();
  const operation = await advance(run, (current) => signed({ ...current, token }, run.deps.signer));
  await run.deps.jobs.run(run.id, operation.version);
  run.deps.log.info(
    { operation: run.id, done: defragmentedBy(operation) },
    'handed over to the next process',
  );
}
