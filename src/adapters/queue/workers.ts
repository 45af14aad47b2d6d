import { DelayedError, UnrecoverableError, Worker, type Job, type WorkerOptions } from 'bullmq';
import type { Redis } from 'ioredis';
import { TargetError } from '../../domain/errors.js';
import type { Ids, Log } from '../../domain/ports.js';
import { QUEUE_PREFIX, QUEUES, type QueueRole } from './queues.js';

/** A job's work, whatever it carries: a number of milliseconds asks for another try later. */
export interface Work {
  run(payload: unknown): Promise<number | null | undefined>;
  failed?(payload: unknown, reference: string): Promise<void>;
}

export interface WorkerDeps {
  readonly connection: Redis;
  readonly log: Log;
  readonly ids: Ids;
  /** By job name. */
  readonly work: ReadonlyMap<string, Work>;
  /** How soon a job of a worker that died is seen; BullMQ's own half minutes where it is not given. */
  readonly timing?: Pick<WorkerOptions, 'lockDuration' | 'stalledInterval'>;
}

/**
 * The monitor's jobs wait more than they work: a sample of a cluster that hangs waits for nearly two seconds, and a
 * thousand such clusters within fifteen seconds must not keep one that answers waiting. Operations wait as well, for minutes,
 * each on a cluster of its own: a full cluster must not have its fix expire behind the long ones of others.
 */
const CONCURRENCY: Record<QueueRole, number> = {
  reads: 20,
  scans: 2,
  operations: 50,
  monitor: 200,
  outbox: 20,
};

const LEAST_LOCK_MS = 2000;

/**
 * For the queue of the monitor: what a dead process had begun is begun again by another within two intervals. A job is
 * seen as stalled by the first look after its lock has run out.
 */
export function monitorTiming(intervalMs: number): NonNullable<WorkerDeps['timing']> {
  const lockDuration = Math.max(LEAST_LOCK_MS, intervalMs);
  return { lockDuration, stalledInterval: lockDuration / 2 };
}

/** Reads are repeated once after a stall. What may act on a target is never started twice by the queue. */
const ONCE: Partial<WorkerOptions> = { maxStalledCount: 0, maxStartedAttempts: 1 };

const RETRY_CAP_MS = 30_000;

/** Outbox entries: soon at first, then every half minute. */
function backoff(attemptsMade: number): number {
  return Math.min(RETRY_CAP_MS, 500 * 2 ** Math.min(attemptsMade, 10));
}

export function makeWorker(role: QueueRole, deps: WorkerDeps): Worker {
  const worker = new Worker(QUEUES[role], (job, token) => perform(deps, job, token), {
    connection: deps.connection,
    prefix: QUEUE_PREFIX,
    concurrency: CONCURRENCY[role],
    skipVersionCheck: true,
    settings: { backoffStrategy: backoff },
    ...deps.timing,
    ...(role === 'operations' ? ONCE : { maxStalledCount: 1 }),
  });
  worker.on('error', (error) => {
    deps.log.warn({ queue: QUEUES[role], err: error }, 'a worker lost its Redis');
  });
  worker.on('failed', (job, error) => {
    if (job && GIVEN_UP.test(error.message)) void givenUp(deps, job, error);
  });
  return worker;
}

/** Said by BullMQ itself of a job whose workers died of it: ours never came to tell the asker. */
const GIVEN_UP = /^job (stalled|started) more than allowable limit$/;

async function givenUp(deps: WorkerDeps, job: Job, error: Error): Promise<void> {
  const work = deps.work.get(job.name);
  try {
    if (work) await tell(deps, { job, work }, error);
  } catch (failure) {
    deps.log.error({ job: job.name, err: failure }, 'nobody could be told of a job that failed');
  }
}

async function perform(deps: WorkerDeps, job: Job, token: string | undefined): Promise<void> {
  const work = deps.work.get(job.name);
  if (!work) throw new UnrecoverableError(`no such job: ${job.name}`);
  try {
    const laterMs = await work.run(job.data);
    if (typeof laterMs !== 'number') return;
    await job.moveToDelayed(Date.now() + laterMs, token);
  } catch (error) {
    return failed(deps, { job, work }, error);
  }
  throw new DelayedError();
}

interface Failing {
  readonly job: Job;
  readonly work: Work;
}

/** The log has the stack; the asker has the reference. A failure that another try can mend is left to the queue. */
async function failed(deps: WorkerDeps, { job, work }: Failing, error: unknown): Promise<never> {
  const retryable = error instanceof TargetError && error.retryable;
  const last = job.attemptsMade + 1 >= (job.opts.attempts ?? 1);
  if (retryable && !last) throw error;
  await tell(deps, { job, work }, error);
  throw new UnrecoverableError(error instanceof Error ? error.message : String(error));
}

async function tell(deps: WorkerDeps, { job, work }: Failing, error: unknown): Promise<void> {
  const reference = deps.ids.next().slice(0, 8);
  deps.log.error({ job: job.name, reference, err: error }, 'a job failed');
  await work.failed?.(job.data, reference);
}
