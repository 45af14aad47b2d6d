import { isTerminal, type Operation } from '../domain/operation.js';
import type { ChangeResult } from '../domain/ports.js';
import { show, type ExecutorDeps } from './executor.js';
import { finish, WATCH_EVERY_MS } from './conclude.js';
import { showPause } from './pause.js';
import { reconcile, takeOver } from './reconcile.js';

/**
 * Looks after every open operation: what nobody decided in time expires, a start that got lost is queued again (its
 * token makes it run once), a run whose process died is taken over and reconciled by reading.
 */
export async function sweep(deps: ExecutorDeps): Promise<void> {
  for (const operation of await deps.operations.open()) {
    try {
      await tend(deps, operation);
    } catch (error) {
      // One cluster that can't be read must not keep the others from being looked after.
      deps.log.error({ operation: operation.id, err: error }, 'an operation could not be looked after');
    }
  }
}

async function tend(deps: ExecutorDeps, operation: Operation): Promise<void> {
  if (isTerminal(operation)) return tendWatch(deps, operation);
  if (operation.state === 'unknown') return reconcile(deps, operation);
  if (operation.state === 'running') return tendRunning(deps, operation);
  const now = await deps.operations.now();
  const limit =
    operation.state === 'pending' ? operation.approveBy : (operation.startBy ?? operation.approveBy);
  if (now > limit) return expire(deps, operation);
  await showPause(deps, operation);
  if (operation.state === 'pending') await remind(deps, operation);
  // Another job than the click's own, which may have died before it consumed the token; queued once for this version.
  if (operation.state === 'approved') await deps.jobs.run(operation.id, operation.version);
}

/** A watch whose next look got lost with a process goes on. */
async function tendWatch(deps: ExecutorDeps, { id, watch, conclusion }: Operation): Promise<void> {
  const last = watch?.lastReadAt ?? conclusion?.at ?? 0;
  if ((await deps.operations.now()) - last > 3 * WATCH_EVERY_MS) await deps.jobs.watch(id, 0);
}

async function tendRunning(deps: ExecutorDeps, operation: Operation): Promise<void> {
  if (operation.token !== undefined) return deps.jobs.run(operation.id, operation.version);
  if (!(await deps.locks.alive(operation.id))) await takeOver(deps, operation);
}

/** Twice: as a third and as a tenth of the time for approvals is left. */
const REMIND_AT: readonly number[] = [1 / 3, 1 / 10];
const LEAST_BETWEEN = 1 / 8;

async function remind(deps: ExecutorDeps, operation: Operation): Promise<void> {
  const swapped = await deps.operations.swap(operation.id, (current, now): ChangeResult => {
    const left = (current.approveBy - now) / (current.approveBy - current.createdAt);
    const sent = current.remindedAt ?? [];
    const due = REMIND_AT.filter((share) => left <= share).length;
    // Where nobody swept for a while, two that are due at once are one.
    const again = now - (sent.at(-1) ?? 0) < (current.approveBy - current.createdAt) * LEAST_BETWEEN;
    if (current.state !== 'pending' || due <= sent.length || again) return { ok: false, reason: 'not yet' };
    return { ok: true, operation: { ...current, remindedAt: [...sent, now] } };
  });
  if (swapped.ok) await show(deps, swapped.operation);
}

async function expire(deps: ExecutorDeps, operation: Operation): Promise<void> {
  const swapped = await deps.operations.swap(operation.id, (current, now): ChangeResult => {
    if (current.state !== operation.state) return { ok: false, reason: current.state };
    const waited =
      current.state === 'pending'
        ? 'Nobody approved it in time'
        : `It was approved, but could not start in time${current.waits === undefined ? '' : ` (${current.waits})`}`;
    const conclusion = { at: now, summary: `${waited}. Nothing was touched.`, next: ['Propose it again.'] };
    return { ok: true, operation: { ...current, state: 'expired', token: undefined, conclusion } };
  });
  if (swapped.ok) await finish(deps, swapped.operation);
  else await show(deps, operation);
}
