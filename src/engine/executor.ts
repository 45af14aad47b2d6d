import type {
  BackupStore,
  Clock,
  Jobs,
  Locks,
  Log,
  OperationStore,
  Outbox,
  Audit,
  Signer,
  SpentTokens,
  Pauses,
  AuditEvent,
  Ids,
  ChangeResult,
  Swapped,
} from '../domain/ports.js';
import type { Cluster } from '../domain/cluster.js';
import { TargetError } from '../domain/errors.js';
import { isTerminal, type Operation, type StepRecord } from '../domain/operation.js';
import type { Step, StepContext } from '../domain/step.js';
import type { Catalogue } from './catalogue.js';
import { collect, type CollectDeps } from './collect.js';

/** What executing needs; the process's role decides whether it has the operating credential. */
export interface ExecutorDeps extends CollectDeps {
  readonly steps: Catalogue<Step>;
  readonly operations: OperationStore;
  readonly locks: Locks;
  readonly outbox: Outbox;
  readonly jobs: Jobs;
  readonly signer: Signer;
  readonly ids: Ids;
  readonly audit: Audit;
  readonly pauses: Pauses;
  readonly spent: SpentTokens;
  readonly backups: BackupStore;
  readonly clock: Clock;
  readonly log: Log;
  clusterOf(name: string): Cluster | undefined;
  /** True once the process was told to end: the current step is finished, the rest is handed over. */
  stopping(): boolean;
}

/** One run of one operation by this process: `fence` makes a run that was taken over write nothing more. */
export interface Run {
  readonly deps: ExecutorDeps;
  readonly cluster: Cluster;
  readonly id: string;
  readonly fence: number;
}

/** A sign of life three times within its time to live: one that was lost is no death. */
export const BEAT_TTL_MS = 15_000;

/** Somebody else runs this operation now: this process stops without a word. */
export class TakenOver extends Error {}

const PATIENCE_MS = 60_000;
const RETRY_EVERY_MS = 500;

/** Redis may be away for a moment in the middle of a run: waited for, because the fence guards whatever comes after. */
export async function patiently<T>(
  { clock }: Pick<ExecutorDeps, 'clock'>,
  ask: () => Promise<T>,
): Promise<T> {
  const begun = clock.now();
  for (;;) {
    try {
      return await ask();
    } catch (error) {
      const away = error instanceof TargetError && error.target === 'redis' && error.retryable;
      if (!away || clock.now() - begun > PATIENCE_MS) throw error;
      await clock.pause(RETRY_EVERY_MS);
    }
  }
}

/** Changes the record as this run, shows it, and answers it; a run that was taken over ends here. */
export async function advance(
  run: Run,
  change: (operation: Operation, now: number) => Operation,
): Promise<Operation> {
  const swapped = await patiently(run.deps, () => swapAs(run, change));
  const operation = swapped.ok ? swapped.operation : endedBy(run, swapped.operation);
  if (!operation) throw new TakenOver('taken over');
  await show(run.deps, operation);
  return operation;
}

/** A swap whose answer was lost is tried again, and has ended it already: nobody else ends it under this fence. */
function endedBy({ fence }: Run, operation: Operation | null): Operation | null {
  return operation && isTerminal(operation) && operation.fence === fence ? operation : null;
}

/** The record, while it is still this run's: a process that slept, or that waited for Redis, may have lost it. */
export async function mine(run: Run): Promise<Operation> {
  const operation = await patiently(run.deps, () => run.deps.operations.load(run.id));
  if (operation?.fence !== run.fence || operation.state !== 'running') throw new TakenOver('taken over');
  return operation;
}

function swapAs(run: Run, change: (operation: Operation, now: number) => Operation): Promise<Swapped> {
  return run.deps.operations.swap(run.id, (operation, now): ChangeResult => {
    if (operation.fence !== run.fence || operation.state !== 'running')
      return { ok: false, reason: 'taken over' };
    return { ok: true, operation: change(operation, now) };
  });
}

/** One line of the trail about this operation. */
export async function note(
  { deps, id }: Pick<Run, 'deps' | 'id'>,
  { plan, planHash }: Operation,
  event: Pick<AuditEvent, 'event' | 'who' | 'why' | 'detail'>,
): Promise<void> {
  await deps.audit.record({ at: deps.clock.now(), cluster: plan.cluster, operation: id, planHash, ...event });
}

/** A card that can't be queued now is found by the sweep of the outbox rows: the work itself goes on. */
export async function show(deps: Pick<ExecutorDeps, 'outbox' | 'log'>, operation: Operation): Promise<void> {
  try {
    await deps.outbox.put({ kind: 'operation', id: operation.id, version: operation.version });
  } catch (error) {
    deps.log.warn({ operation: operation.id, err: error }, 'the card will be brought up to date later');
  }
}

export function withStep(operation: Operation, index: number, patch: Partial<StepRecord>): Operation {
  return {
    ...operation,
    steps: operation.steps.map((record, at) => (at === index ? { ...record, ...patch } : record)),
  };
}

/** What the step at this index is handed. */
export function contextOf(run: Run, operation: Operation, index: number): StepContext {
  const record = operation.steps[index];
  if (!record || record.step.kind === 'gate') throw new Error(`step ${String(index)} is no act`);
  const { deps, cluster } = run;
  return {
    act: record.step,
    plan: operation.plan,
    operationId: run.id,
    createdAt: operation.createdAt,
    cluster,
    reader: deps.access.reader(cluster),
    operator: () => deps.access.operator(cluster),
    kubernetes: deps.kubernetes?.reader(cluster.name) ?? null,
    kubernetesOperator: () => deps.kubernetes?.operator(cluster.name) ?? null,
    backups: deps.backups,
    clock: deps.clock,
    waitedMs: 0,
    defragmented: defragmentedBy(operation),
    toDefragment: toDefragmentBy(operation),
    examine: (names) => patiently(deps, () => collect(deps, cluster, names)),
    progress: progressOf(run, index),
  };
}

const SAY_EVERY_MS = 2000;

/** Progress is for the eye alone: said every two seconds at most, and a failure to say it stops nothing. */
function progressOf(run: Run, index: number): (text: string) => Promise<void> {
  let last = run.deps.clock.now();
  return async (text) => {
    if (run.deps.clock.now() - last < SAY_EVERY_MS) return;
    last = run.deps.clock.now();
    try {
      await advance(run, (current) => withStep(current, index, { result: text }));
    } catch (error) {
      run.deps.log.warn({ operation: run.id, err: error }, 'progress could not be shown');
    }
  };
}

/** Members that are done: by this operation, or found to have nothing to give back. */
export function defragmentedBy(operation: Operation): readonly string[] {
  return operation.steps.flatMap(({ step, state }) =>
    step.kind === 'defragment' && (state === 'done' || state === 'skipped') ? [step.memberId] : [],
  );
}

/** Members whose turn is still to come, or is now. */
function toDefragmentBy(operation: Operation): readonly string[] {
  return operation.steps.flatMap(({ step, state }) =>
    step.kind === 'defragment' && (state === 'planned' || state === 'begun') ? [step.memberId] : [],
  );
}
