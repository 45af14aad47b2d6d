import { gaugeOf, stateSentence } from '../domain/maintenance/gauge.js';
import type { Conclusion, Operation, StepRecord } from '../domain/operation.js';
import { bare } from '../domain/sentence.js';
import type { Effect } from '../domain/step.js';
import { effectOf } from './ask-step.js';
import { entryOf } from './catalogue.js';
import { collect } from './collect.js';
import { finish, watchAfter } from './conclude.js';
import { contextOf, note, show, withStep, type ExecutorDeps, type Run } from './executor.js';

/** So long the target is read before a person is asked, milliseconds. */
const PATIENCE_MS = 15 * 60_000;

/** A running operation whose process gives no sign of life any more: its end was not seen. Takes it over by a new fence. */
export async function takeOver(deps: ExecutorDeps, operation: Operation): Promise<void> {
  const { cluster, clusterId } = operation.plan;
  const fence = await deps.locks.acquire(cluster, clusterId, operation.id);
  const swapped = await deps.operations.swap(operation.id, (current) => {
    const same =
      current.state === 'running' && current.fence === operation.fence && current.token === undefined;
    return same
      ? { ok: true, operation: { ...current, state: 'unknown', fence: fence ?? current.fence + 1 } }
      : { ok: false, reason: current.state };
  });
  if (!swapped.ok) return;
  deps.log.warn({ operation: operation.id }, 'the process at work has died: reading the target');
  await note({ deps, id: operation.id }, operation, { event: 'operation.taken-over', detail: { fence } });
  await show(deps, swapped.operation);
}

/** Reads the target and says how an `unknown` operation stands. Never repeats an act. */
export async function reconcile(deps: ExecutorDeps, operation: Operation): Promise<void> {
  const cluster = deps.clusterOf(operation.plan.cluster);
  if (!cluster) return waitForPerson(deps, operation, 'its cluster is not in the configuration any more');
  const index = operation.steps.findIndex((record) => record.state === 'begun' || record.state === 'unclear');
  const record = operation.steps[index];
  if (!record) return close(deps, operation, { index, effect: null });
  const run: Run = { deps, cluster, id: operation.id, fence: operation.fence };
  const effect = await effectNow(run, operation, { record, index });
  if (effect.seen === 'done' || effect.seen === 'not-done') return close(deps, operation, { index, effect });
  // Both by the clock of Redis: the process that began it had another one.
  const since = (await deps.operations.now()) - (record.begunAt ?? 0);
  if (since > PATIENCE_MS) await waitForPerson(deps, operation, effect.because);
}

interface Open {
  readonly record: StepRecord;
  readonly index: number;
}

async function effectNow(run: Run, operation: Operation, { record, index }: Open): Promise<Effect> {
  if (record.step.kind === 'gate') return { seen: 'not-done', because: 'the gate was not passed' };
  const step = entryOf(run.deps.steps, record.step.kind);
  const begun = { evidence: record.evidence ?? {}, answered: false };
  try {
    return await effectOf(step, contextOf(run, operation, index), begun);
  } catch (error) {
    // A bug must not keep the cluster locked for ever: in the end a person is asked to look.
    run.deps.log.error({ operation: run.id, err: error }, 'the effect of a step could not be read');
    return {
      seen: 'unclear',
      because: 'something went wrong on my side while reading it; the log says more',
    };
  }
}

interface Reading {
  readonly index: number;
  readonly effect: Effect | null;
}

/** All is known: the step gets its end, the operation gets its own, and the cluster is let go. */
async function close(deps: ExecutorDeps, operation: Operation, { index, effect }: Reading): Promise<void> {
  const cluster = deps.clusterOf(operation.plan.cluster);
  if (!cluster) return;
  const after = gaugeOf(await collect(deps, cluster, ['status', 'members', 'metrics', 'alarms']));
  const swapped = await deps.operations.swap(operation.id, (current, now) => {
    if (current.state !== 'unknown' || current.version !== operation.version)
      return { ok: false, reason: current.state };
    const marked = effect ? withStep(current, index, ending(effect, now)) : current;
    const whole = marked.steps.every((record) => record.state === 'done' || record.state === 'skipped');
    const conclusion: Conclusion = {
      at: now,
      ...sentences(marked, lostBy(current), effect),
      clusterNow: stateSentence(after),
    };
    const state = whole ? 'succeeded' : 'failed';
    const watch = watchAfter(state, current, now);
    return { ok: true, operation: { ...marked, state, after, conclusion, ...watch } };
  });
  if (swapped.ok) await finish(deps, swapped.operation);
}

/** Either the process died between two journal entries, or it lived and saw no end. */
function lostBy({ steps }: Operation): string {
  const unclear = steps.some((record) => record.state === 'unclear');
  return unclear ? 'The end of an act was not seen.' : 'The process at work ended in the middle.';
}

function ending(effect: Effect, now: number): Partial<StepRecord> {
  if (effect.seen === 'done')
    return {
      ...{ state: 'done', endedAt: now, outcome: effect.outcome },
      result: `${effect.result} (read afterwards)`,
    };
  return { state: 'failed', endedAt: now, result: effect.because };
}

function sentences(
  operation: Operation,
  lost: string,
  effect: Effect | null,
): Pick<Conclusion, 'summary' | 'next'> {
  const left = operation.steps
    .filter((record) => record.state === 'planned')
    .map((record) => record.step.label);
  const seen =
    effect === null
      ? 'No act was under way.'
      : effect.seen === 'done'
        ? `Reading shows: ${bare(effect.result)}.`
        : `Reading shows: ${bare(effect.because)}.`;
  const next = left.length > 0 ? [`Not begun: ${left.join('; ')}.`, 'Propose it again to do the rest.'] : [];
  return { summary: `${lost} ${seen} Nothing was repeated.`, next };
}

/** The lock stays: as long as nobody knows, nothing else may start on this cluster. */
async function waitForPerson(deps: ExecutorDeps, operation: Operation, because: string): Promise<void> {
  if (operation.waitsForPerson === because) return;
  const swapped = await deps.operations.swap(operation.id, (current) =>
    current.state === 'unknown'
      ? { ok: true, operation: { ...current, waitsForPerson: because } }
      : { ok: false, reason: current.state },
  );
  if (swapped.ok) await show(deps, swapped.operation);
}
