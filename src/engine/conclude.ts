import { gaugeOf, stateSentence } from '../domain/maintenance/gauge.js';
import type { Conclusion, Operation, OperationState, StepState } from '../domain/operation.js';
import { collect } from './collect.js';
import { advance, patiently, show, type ExecutorDeps, type Run } from './executor.js';

/** The watch reads this often, milliseconds. */
export const WATCH_EVERY_MS = 10_000;

const ENDED_WELL: ReadonlySet<StepState> = new Set<StepState>(['done', 'skipped']);

type Ending = Pick<Conclusion, 'summary' | 'next'>;

/** The end of a run: reads what state the cluster is in now and writes it down, which lets the cluster go. */
export async function conclude(run: Run, state: OperationState, ending: Ending): Promise<void> {
  const facts = ['status', 'members', 'metrics', 'alarms'] as const;
  const after = gaugeOf(await patiently(run.deps, () => collect(run.deps, run.cluster, facts)));
  const operation = await advance(run, (current, now) => {
    // A success shows before and after in numbers; anything else needs a sentence on what is left.
    const clusterNow = state === 'succeeded' ? undefined : stateSentence(after);
    const conclusion = { ...ending, at: now, clusterNow };
    return { ...current, state, after, conclusion, ...watchAfter(state, current, now) };
  });
  await finish(run.deps, operation);
}

/**
 * A cluster whose alarm was disarmed is watched, whether that success was seen at once or read afterwards; also where only
 * pods were still to be restarted.
 */
export function watchAfter(
  state: OperationState,
  { reraiseWatchMs, steps }: Operation,
  now: number,
): Pick<Operation, 'watch'> {
  const disarmed = steps.some((record) => record.step.kind === 'disarm' && record.state === 'done');
  const mended =
    state === 'succeeded' ||
    steps.every((record) => record.step.kind === 'restart-pods' || ENDED_WELL.has(record.state));
  return mended && disarmed ? { watch: { until: now + reraiseWatchMs, state: 'watching' } } : {};
}

/** After a terminal state, which let the cluster's lock go in the same swap: the card is shown, the trail written, the watch begun. */
export async function finish(deps: ExecutorDeps, operation: Operation): Promise<void> {
  const { cluster } = operation.plan;
  await show(deps, operation);
  await deps.audit.record({
    at: deps.clock.now(),
    event: `operation.${operation.state}`,
    cluster,
    operation: operation.id,
    planHash: operation.planHash,
    detail: { summary: operation.conclusion?.summary, before: operation.before, after: operation.after },
  });
  if (operation.watch)
    await deps.jobs.watch(operation.id, Math.min(WATCH_EVERY_MS, operation.reraiseWatchMs));
}
