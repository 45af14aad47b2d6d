import { valueOf } from '../domain/fact.js';
import type { Operation, ReraiseWatch } from '../domain/operation.js';
import type { Snapshot } from '../domain/snapshot.js';
import { collect } from './collect.js';
import { WATCH_EVERY_MS } from './conclude.js';
import { show, type ExecutorDeps } from './executor.js';

/** One look at the alarms of a mended cluster, and the next one queued, until the watch is over. Reads only. */
export async function watchReraise(deps: ExecutorDeps, id: string): Promise<void> {
  const operation = await deps.operations.load(id);
  const cluster = operation ? deps.clusterOf(operation.plan.cluster) : undefined;
  if (
    !operation?.watch ||
    operation.watch.state === 'quiet' ||
    operation.watch.state === 'reraised' ||
    !cluster
  )
    return;
  const snapshot = await collect(deps, cluster, ['status', 'alarms']);
  const watch = looked(operation.watch, snapshot, await deps.operations.now());
  const swapped = await deps.operations.swap(id, (current: Operation) => ({
    ok: true,
    operation: { ...current, watch },
  }));
  if (watch.state === 'watching' || watch.state === 'blind') {
    if (watch.lastReadAt !== undefined && watch.until > watch.lastReadAt)
      await deps.jobs.watch(id, WATCH_EVERY_MS);
  }
  if (swapped.ok && watch.state !== operation.watch.state) await show(deps, swapped.operation);
}

/** Pure: what one reading makes of the watch. */
export function looked(watch: ReraiseWatch, snapshot: Snapshot, now: number): ReraiseWatch {
  const alarms = valueOf(snapshot.facts.alarms)?.alarms;
  const read = { ...watch, lastReadAt: now, note: undefined };
  if (!alarms) return { ...read, state: 'blind', note: 'alarms could not be read' };
  if (alarms.length > 0) {
    const note = `${alarms[0]?.kind ?? 'an alarm'} was raised again: something writes faster than etcd makes room. It is not disarmed again by itself.`;
    return { ...read, state: 'reraised', note };
  }
  return now >= watch.until ? { ...read, state: 'quiet' } : { ...read, state: 'watching' };
}
