import { gaugeOf } from '../domain/maintenance/gauge.js';
import type { Operation } from '../domain/operation.js';
import { bare } from '../domain/sentence.js';
import type { ChangeResult } from '../domain/ports.js';
import { isGenuine } from './approval.js';
import { collect } from './collect.js';
import { conclude, finish } from './conclude.js';
import { driftOf, stalled } from './drift.js';
import { stillEntitled } from './entitled.js';
import { show, type ExecutorDeps, type Run } from './executor.js';

/** A sign of life three times within its time to live: one that was lost is no death. */
export const BEAT_TTL_MS = 15_000;

/** Checks everything that has to hold before the first act, then consumes the token. Nothing was touched until then. */
export async function begin(deps: ExecutorDeps, operation: Operation): Promise<Run | null> {
  const cluster = deps.clusterOf(operation.plan.cluster);
  if (!cluster) return refuse(deps, operation, 'its cluster is not in the configuration any more');
  if (!isGenuine(operation, deps.signer))
    return refuse(deps, operation, 'its approval does not carry our signature');
  const lost = operation.state === 'approved' ? stillEntitled(operation, cluster) : null;
  if (lost) return refuse(deps, operation, lost);
  const { name } = cluster;
  const fence = await deps.locks.acquire(name, operation.plan.clusterId, operation.id);
  if (fence === null) return refuse(deps, operation, 'another operation is at work on this cluster');
  const snapshot = await collect(deps, cluster, ['status', 'members', 'metrics', 'alarms']);
  const drift = driftOf(operation.plan, operation.before, snapshot);
  if (operation.state === 'approved' && drift.stale) return refuse(deps, operation, drift.stale);
  await deps.locks.beat(operation.id, BEAT_TTL_MS);
  const consumed = await deps.operations.swap(operation.id, (current, now) =>
    consume(current, {
      token: operation.token,
      fence,
      now,
      absorbed: drift.absorbed,
      before: gaugeOf(snapshot),
    }),
  );
  if (!consumed.ok) return lateOrGone(deps, operation, consumed.reason);
  if (!(await deps.operations.replicated())) return unreplicated({ deps, cluster, id: operation.id, fence });
  await show(deps, consumed.operation);
  const { id, planHash } = operation;
  await deps.audit.record({
    at: deps.clock.now(),
    event: 'operation.started',
    cluster: name,
    operation: id,
    planHash,
  });
  return { deps, cluster, id, fence };
}

interface Consumption {
  readonly token: string | undefined;
  readonly fence: number;
  readonly now: number;
  readonly absorbed: readonly string[];
  readonly before: Operation['before'];
}

/** Pure: the one-use token becomes the right to act, once. A start has a time limit; going on has none. */
function consume(operation: Operation, consumption: Consumption): ChangeResult {
  const { token, fence, now, absorbed, before } = consumption;
  if (operation.token === undefined || operation.token !== token) return { ok: false, reason: 'no token' };
  if (operation.state === 'running')
    return { ok: true, operation: { ...operation, token: undefined, fence } };
  if (operation.state !== 'approved') return { ok: false, reason: operation.state };
  if (operation.startBy !== undefined && now > operation.startBy) return { ok: false, reason: 'late' };
  const started: Operation = {
    ...operation,
    state: 'running',
    token: undefined,
    fence,
    startedAt: now,
    absorbed,
    before,
  };
  return { ok: true, operation: started, notAfter: operation.startBy };
}

/** Before the first act everything that does not fit makes it stale, with the reason, and the cluster untouched. */
async function refuse(deps: ExecutorDeps, operation: Operation, reason: string): Promise<null> {
  const swapped = await deps.operations.swap(operation.id, (current, now) => {
    if (current.token === undefined || current.token !== operation.token)
      return { ok: false, reason: 'no token' };
    const ended =
      current.state === 'approved' ? stalled(current, reason, now) : stopped(current, reason, now);
    return { ok: true, operation: ended };
  });
  if (swapped.ok) await finish(deps, swapped.operation);
  else deps.log.warn({ operation: operation.id, reason }, 'an operation was not continued');
  return null;
}

/** It was handed over between two steps and can't go on: no act is under way. */
function stopped(operation: Operation, reason: string, now: number): Operation {
  const next = ['`/etcd diagnose` shows the state now; propose the fix again to do the rest.'];
  const conclusion = {
    at: now,
    summary: `Handed over between two steps, but not continued: ${bare(reason)}.`,
    next,
  };
  return { ...operation, state: 'failed', token: undefined, conclusion };
}

/** Another job was faster, or its time has passed: the sweep writes that down. */
function lateOrGone(deps: ExecutorDeps, operation: Operation, reason: string): null {
  deps.log.warn({ operation: operation.id, reason }, 'an approved operation did not start here');
  return null;
}

/** The token is consumed, but only the primary knows: nothing was begun, so it ends here, said openly. */
async function unreplicated(run: Run): Promise<null> {
  await conclude(run, 'failed', {
    summary: 'No Redis replica acknowledged the start, so nothing was begun.',
    next: ['Mend the replication of Redis, then propose again.'],
  });
  return null;
}
