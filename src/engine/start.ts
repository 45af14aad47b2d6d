import { TargetError } from '../domain/errors.js';
import { valueOf } from '../domain/fact.js';
import { gaugeOf } from '../domain/maintenance/gauge.js';
import { patientLook } from '../domain/maintenance/target.js';
import type { Cluster } from '../domain/cluster.js';
import type { Operation } from '../domain/operation.js';
import { bare } from '../domain/sentence.js';
import type { ChangeResult } from '../domain/ports.js';
import type { Snapshot } from '../domain/snapshot.js';
import { isGenuine } from './approval.js';
import { collect } from './collect.js';
import { conclude, finish } from './conclude.js';
import { isEmergency } from './decision.js';
import { driftOf, stalled, type Drift } from './drift.js';
import { podFacts } from './success.js';
import { emergencyCounts, stillEntitled } from './entitled.js';
import { BEAT_TTL_MS, note, patiently, show, type ExecutorDeps, type Run } from './executor.js';
import { holdOf } from './hold.js';

const FACTS = ['status', 'members', 'metrics', 'alarms'] as const;

/**
 * Checks everything that has to hold before the first act, then consumes the token. Nothing was touched until then. In
 * this order: what the record itself says, what keeps it from starting now, the lock, the facts, the swap that takes the
 * token out of the record, and the token's mark on this machine's own disk.
 */
export async function begin(deps: ExecutorDeps, operation: Operation): Promise<Run | null> {
  const cluster = deps.clusterOf(operation.plan.cluster);
  if (!cluster) return refuse(deps, operation, 'its cluster is not in the configuration any more');
  if (!isGenuine(operation, deps.signer))
    return refuse(deps, operation, 'its approval does not carry our signature');
  if (operation.state === 'approved' && !(await mayStart(deps, cluster, operation))) return null;
  const fence = await deps.locks.acquire(cluster.name, operation.plan.clusterId, operation.id);
  if (fence === null) return refuse(deps, operation, 'another operation is at work on this cluster');
  const names = [...FACTS, ...podFacts(operation.plan)];
  const snapshot = await patientLook(() => collect(deps, cluster, names));
  const drift = driftOf(operation, snapshot);
  const stale = drift.stale ?? noEmergency(operation, cluster, snapshot);
  if (stale) return refuse(deps, operation, stale);
  return consume({ deps, cluster, id: operation.id, fence }, operation, { snapshot, drift });
}

/** Rights, switches and hours: a right that was lost or a closed window ends it, a pause keeps it waiting. */
async function mayStart(deps: ExecutorDeps, cluster: Cluster, operation: Operation): Promise<boolean> {
  const lost = stillEntitled(operation, cluster);
  if (lost) {
    await refuse(deps, operation, lost);
    return false;
  }
  const now = await deps.operations.now();
  const hold = await holdOf(deps.pauses, cluster, { operation, now });
  if (hold?.kind === 'refuse') await refuse(deps, operation, hold.because);
  if (hold?.kind === 'wait') await waits(deps, operation, hold.because);
  // What is too late expires by the sweep, and must not hold the cluster until then.
  return hold === null && now <= (operation.startBy ?? now);
}

/** The sweep tries again until its start-by time has passed; the card says what it waits for. */
async function waits(deps: ExecutorDeps, operation: Operation, because: string): Promise<void> {
  if (operation.waits === because) return;
  const swapped = await deps.operations.swap(operation.id, (current) =>
    current.state === 'approved'
      ? { ok: true, operation: { ...current, waits: because } }
      : { ok: false, reason: current.state },
  );
  if (swapped.ok) await show(deps, swapped.operation);
}

/** Approved alone because every write was refused: where that is over, the usual approvals are needed again. */
function noEmergency(operation: Operation, cluster: Cluster, snapshot: Snapshot): string | null {
  if (operation.state !== 'approved' || !isEmergency(operation) || !emergencyCounts(operation, cluster))
    return null;
  const alarms = valueOf(snapshot.facts.alarms)?.alarms ?? [];
  if (alarms.some(({ kind }) => kind === 'NOSPACE')) return null;
  return 'it was approved alone in an emergency, and NOSPACE is not armed any more';
}

interface Facts {
  readonly snapshot: Snapshot;
  readonly drift: Drift;
}

async function consume(run: Run, operation: Operation, { snapshot, drift }: Facts): Promise<Run | null> {
  const { deps, fence } = run;
  await deps.locks.beat(operation.id, BEAT_TTL_MS);
  const consumed = await deps.operations.swap(operation.id, (current, now) =>
    consumedBy(current, {
      token: operation.token,
      fence,
      now,
      absorbed: drift.absorbed,
      before: gaugeOf(snapshot),
    }),
  );
  if (!consumed.ok) return lateOrGone(deps, operation, consumed.reason);
  if (!(await patiently(deps, () => deps.operations.replicated()))) return nothingBegun(run, UNREPLICATED);
  const unspent = await unspentOf(deps, operation);
  if (unspent !== null) return nothingBegun(run, unspent);
  await show(deps, consumed.operation);
  await note(run, consumed.operation, {
    event: 'operation.started',
    detail: { before: consumed.operation.before },
  });
  return run;
}

interface Consumption {
  readonly token: string | undefined;
  readonly fence: number;
  readonly now: number;
  readonly absorbed: readonly string[];
  readonly before: Operation['before'];
}

/** Pure: the one-use token becomes the right to act, once. A start has a time limit; going on has none. */
function consumedBy(operation: Operation, consumption: Consumption): ChangeResult {
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
    waits: undefined,
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
  const next = ['`/etcd diagnose` shows the state now; propose it again to do the rest.'];
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

interface NotBegun {
  readonly summary: string;
  readonly next: readonly string[];
}

/** The token is consumed, but only the primary knows: it could be forgotten with it. */
const UNREPLICATED: NotBegun = {
  summary: 'No Redis replica acknowledged the start, so nothing was begun.',
  next: ['Mend the replication of Redis, then propose again.'],
};

/** Redis was set back, or somebody wrote an old record back: this machine knows better. */
const USED: NotBegun = {
  summary:
    'This approval was used before, and Redis has lost what came of it. Nothing was done a second time.',
  next: ['`/etcd diagnose` shows the state now; propose again what is still needed.'],
};

/** Marks the token on this machine's own disk; answers why it may not be used. */
async function unspentOf(deps: ExecutorDeps, { token = '' }: Operation): Promise<NotBegun | null> {
  try {
    return (await deps.spent.spend(token)) ? null : USED;
  } catch (error) {
    if (!(error instanceof TargetError)) throw error;
    const next = ['Make `stateDirectory` writable for the executor, then propose again.'];
    return { summary: `Nothing was begun: ${bare(error.message)}.`, next };
  }
}

/** Said openly, with the state that the cluster is in. */
async function nothingBegun(run: Run, ending: NotBegun): Promise<null> {
  await conclude(run, 'failed', ending);
  return null;
}
