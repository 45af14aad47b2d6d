import { valueOf } from '../domain/fact.js';
import { membersOf } from '../domain/members.js';
import type { Operation } from '../domain/operation.js';
import type { Pause } from '../domain/pause.js';
import type { PlannedStep } from '../domain/plan.js';
import { bare } from '../domain/sentence.js';
import { signed } from './approval.js';
import { collect } from './collect.js';
import { conclude } from './conclude.js';
import {
  advance,
  BEAT_TTL_MS,
  mine,
  note,
  patiently,
  TakenOver,
  type ExecutorDeps,
  type Run,
} from './executor.js';
import { runStep } from './run-step.js';
import { begin } from './start.js';
import { podFacts, successOf } from './success.js';

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
    deps.log.warn({ operation: id, reason: error.message }, 'another process has taken this operation over');
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
    if (isSetBack(operation)) throw new TakenOver('Redis was set back: the sweep reads what was done');
    const index = operation.steps.findIndex((record) => record.state === 'planned');
    if (index < 0) return succeeded(run, operation);
    if (operation.cancelRequestedAt !== undefined) return cancelled(run, operation);
    const pause = await patiently(run.deps, () => run.deps.pauses.holding(run.cluster.name));
    if (pause) return cancelled(run, operation, pause);
    if (run.deps.stopping()) return handOver(run);
    if (!(await runStep(run, operation, index))) return;
  }
}

async function succeeded(run: Run, operation: Operation): Promise<void> {
  const facts = podFacts(operation.plan);
  // Of a plan without pods nothing more is read.
  const now =
    facts.length === 0 ? null : await patiently(run.deps, () => collect(run.deps, run.cluster, facts));
  return conclude(run, 'succeeded', successOf(operation, now));
}

/** Between two steps none is at work: one that is called so has lost its end, with a primary that took it along. */
function isSetBack({ steps }: Operation): boolean {
  return steps.some(({ state }) => state === 'begun');
}

/** Followers first, whoever leads by now; the move and the old leader after them. */
async function ordered(run: Run): Promise<Operation> {
  const operation = await mine(run);
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

/** By a person on the card, or by a pause: after the step that was at work. */
async function cancelled(run: Run, operation: Operation, pause?: Pause): Promise<void> {
  const done = doneLabels(operation);
  const left = operation.steps
    .filter((record) => record.state === 'planned')
    .map((record) => record.step.label);
  const who = pause?.by ?? operation.cancelledBy;
  const by = who ? ` by <@${who.userId}>` : '';
  const why = pause ? ` (changes are paused: ${bare(pause.reason)})` : '';
  const again = pause
    ? 'Once changes are resumed, propose it again to do the rest.'
    : 'Propose it again to do the rest.';
  await conclude(run, 'cancelled', {
    summary: `Stopped${by} after: ${done.join('; ') || 'nothing'}${why}.`,
    next: [`Not done: ${left.join('; ')}.`, again],
  });
}

/** In one swap: the right to go on, once, for the next process. Its job is queued afterwards, or found by the sweep. */
async function handOver(run: Run): Promise<void> {
  const token = run.deps.ids.next();
  const operation = await advance(run, (current) => signed({ ...current, token }, run.deps.signer));
  await note(run, operation, { event: 'operation.handed-over', detail: { done: doneLabels(operation) } });
  await run.deps.jobs.run(run.id, operation.version);
  run.deps.log.info({ operation: run.id }, 'handed over to the next process');
}

function doneLabels({ steps }: Operation): readonly string[] {
  return steps.filter(({ state }) => state === 'done').map(({ step }) => step.label);
}
