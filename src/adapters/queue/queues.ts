import { Queue, type JobsOptions } from 'bullmq';
import type { Redis } from 'ioredis';
import type { Jobs, Outbox, OutboxEntry, QuestionJob, Unsent } from '../../domain/ports.js';
import { asked, PREFIX } from '../redis/connection.js';
import { OUTBOX_KEY } from '../redis/operations.js';
import { PUT, SENT } from '../redis/scripts.js';

export const QUEUES = {
  reads: 'steward-reads',
  scans: 'steward-scans',
  operations: 'steward-operations',
  monitor: 'steward-monitor',
  outbox: 'steward-outbox',
} as const;

export type QueueRole = keyof typeof QUEUES;

/** BullMQ puts its own colon behind it. */
export const QUEUE_PREFIX = PREFIX.slice(0, -1);

/** An outbox entry is tried until it is sent or superseded: once in 30 s for a week. */
const OUTBOX_ATTEMPTS = 20_000;
const MONTHS_S = 90 * 86_400;

const DEFAULTS: Record<QueueRole, JobsOptions> = {
  reads: { attempts: 1, removeOnComplete: true, removeOnFail: { age: 86_400, count: 1000 } },
  scans: { attempts: 1, removeOnComplete: true, removeOnFail: { age: 86_400, count: 1000 } },
  operations: { attempts: 1, removeOnComplete: { age: MONTHS_S }, removeOnFail: { age: MONTHS_S } },
  monitor: { attempts: 1, removeOnComplete: true, removeOnFail: { age: 86_400, count: 1000 } },
  outbox: {
    attempts: OUTBOX_ATTEMPTS,
    backoff: { type: 'custom' },
    removeOnComplete: true,
    removeOnFail: true,
  },
};

export type Queues = Record<QueueRole, Queue>;

export function makeQueues(connection: Redis, onError: (error: Error) => void): Queues {
  const make = (role: QueueRole): Queue => {
    const options = { connection, prefix: QUEUE_PREFIX, defaultJobOptions: DEFAULTS[role] };
    const queue = new Queue(QUEUES[role], { ...options, skipVersionCheck: true });
    queue.on('error', onError);
    return queue;
  };
  return {
    reads: make('reads'),
    scans: make('scans'),
    operations: make('operations'),
    monitor: make('monitor'),
    outbox: make('outbox'),
  };
}

/** What takes minutes keeps nobody waiting who asks for what takes a second. */
const QUEUE_OF: Partial<Record<QuestionJob, QueueRole>> = { 'scan-keys': 'scans', 'watch-churn': 'scans' };

/** Jobs carry ids and plain data, never a plan to be executed. */
export function makeJobs(queues: Queues): Jobs {
  return {
    ask: (job, question) =>
      asked(async () => {
        await queues[QUEUE_OF[job] ?? 'reads'].add(job, question, {
          jobId: `${question.id}-${String(question.version)}`,
        });
      }),
    run: (operationId, turn) =>
      asked(async () => {
        const jobId = `run-${operationId}-${String(turn)}`;
        await forgetEnded(queues.operations, jobId);
        await queues.operations.add('run-operation', { id: operationId }, { jobId });
      }),
    watch: (operationId, inMs) =>
      asked(async () => {
        await queues.monitor.add('watch-reraise', { id: operationId }, { delay: inMs });
      }),
  };
}

/**
 * A job of this id that has ended is kept for months, and would swallow the next one. It can have ended with its
 * operation's token unused: its process died, Redis went away. The token decides what runs, never the job.
 */
async function forgetEnded(queue: Queue, jobId: string): Promise<void> {
  const job = await queue.getJob(jobId);
  if (job?.finishedOn !== undefined) await job.remove();
}

/**
 * The outbox row stands first, then the job: a crash between them is found by whoever sweeps the rows. They are sent
 * together: Redis does what comes over one connection in order.
 */
export function makeOutbox(redis: Redis, queues: Queues): Outbox & Unsent {
  const field = (entry: OutboxEntry): string => `${entry.kind} ${entry.id}`;
  return {
    put: (entry) =>
      asked(async () => {
        const jobId = `deliver-${entry.kind}-${entry.id}-${String(entry.version)}`;
        await Promise.all([
          redis.eval(PUT, 1, OUTBOX_KEY, field(entry), entry.version),
          queues.outbox.add('deliver', entry, { jobId }),
        ]);
      }),
    list: () => asked(async () => Object.entries(await redis.hgetall(OUTBOX_KEY)).map(rowOf)),
    oldest: () =>
      asked(async () => {
        const [, since] = await redis.zrange(`${OUTBOX_KEY}:since`, '0', '0', 'WITHSCORES');
        return since === undefined ? null : Number(since);
      }),
    sent: (entry) =>
      asked(async () => {
        await redis.eval(SENT, 1, OUTBOX_KEY, field(entry), entry.version);
      }),
  };
}

const KINDS: readonly OutboxEntry['kind'][] = ['answer', 'operation', 'notice', 'incident', 'page'];

function rowOf([field, version]: [string, string]): OutboxEntry {
  const [word = '', id = ''] = field.split(' ');
  const kind = KINDS.find((one) => one === word) ?? 'answer';
  return { kind, id, version: Number(version) };
}
