import { gaugeOf, stateSentence } from '../domain/maintenance/gauge.js';
import type { Conclusion, Operation, OperationState } from '../domain/operation.js';
import { collect } from './collect.js';
import { advance, show, type ExecutorDeps, type Run } from './executor.js';

/** The watch reads this often, milliseconds. */
export const WATCH_EVERY_MS = 10_000;

type Ending = Pick<Conclusion, 'summary' | 'next'>;

/** The end of a run: reads what state the cluster is in now, writes it down, lets the cluster go. */
export async function conclude(run: Run, state: OperationState, ending: Ending): Promise<void> {
  const after = gaugeOf(await collect(run.deps, run.cluster, ['status', 'members', 'metrics', 'alarms']));
  const operation = await advance(run, (current, now) => {
    const watch =
      state === 'succeeded' ? { until: now + current.reraiseWatchMs, state: 'watching' as const } : undefined;
    const conclusion = { ...ending, at: now, clusterNow: stateSentence(after) };
    return { ...current, state, after, conclusion, ...(watch ? { watch } : {}) };
  });
  await finish(run.deps, operation);
  if (operation.watch) await run.deps.jobs.watch(run.id, Math.min(WATCH_EVERY_MS, operation.reraiseWatchMs));
}

/** After a terminal state: the lock goes, the card is shown, the trail is written. */
export async function finish(deps: ExecutorDeps, operation: Operation): Promise<void> {
  const { cluster, clusterId } = operation.plan;
  await deps.locks.release(cluster, clusterId, operation.id);
  await show(deps, operation);
  await deps.audit.record({
    at: deps.clock.now(),
    event: `operation.${operation.state}`,
    cluster,
    operation: operation.id,
    planHash: operation.planHash,
    detail: { summary: operation.conclusion?.summary, after: operation.after },
  });
}
