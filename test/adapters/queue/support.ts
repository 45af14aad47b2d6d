import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { Redis } from 'ioredis';
import type { Worker } from 'bullmq';
import { until } from '../../../infra/local/until.js';
import { connectPatient } from '../../../src/adapters/redis/connection.js';
import { makeQueues, type QueueRole, type Queues } from '../../../src/adapters/queue/queues.js';
import { makeWorker, type Work, type WorkerDeps } from '../../../src/adapters/queue/workers.js';
import type { RedisOfTests } from '../../redis.js';

export interface Floor {
  readonly queues: Queues;
  readonly logged: string[];
  work(role: QueueRole, name: string, work: Work): Worker;
  /** A process that begins the job and is killed in the middle of it. */
  dieInTheMiddle(role: QueueRole, name: string): Promise<void>;
  /** How often the job began, in whatever process. */
  starts(): Promise<number>;
  began(): Promise<void>;
  close(): Promise<void>;
}

type Timing = NonNullable<WorkerDeps['timing']>;

const SOON: Timing = { lockDuration: 1000, stalledInterval: 300 };

/** Queues and workers over the Redis of a test, with stalls seen within a second. */
export function makeFloor(redis: RedisOfTests, timing: Timing = SOON): Floor {
  const patient = connectPatient(redis.server.url, () => undefined);
  const journal = new Redis(redis.server.url);
  const queues = makeQueues(redis.client, () => undefined);
  const workers: Worker[] = [];
  const children: ChildProcess[] = [];
  const logged: string[] = [];
  const log = (_fields: unknown, message: string): void => void logged.push(message);
  const starts = async (): Promise<number> => journal.llen('starts');
  return {
    queues,
    logged,
    work(role, name, work) {
      const worker = makeWorker(role, {
        connection: patient,
        log: { info: log, warn: log, error: log },
        ids: { next: () => 'reference-and-more' },
        work: new Map([[name, work]]),
        timing,
      });
      workers.push(worker);
      return worker;
    },
    async dieInTheMiddle(role, name) {
      const file = fileURLToPath(new URL('./child.mjs', import.meta.url));
      const before = await starts();
      const words = [file, redis.server.url, role, name, JSON.stringify(timing)];
      const child = spawn(process.execPath, words, { stdio: 'inherit' });
      children.push(child);
      await until(async () => (await starts()) > before, { what: 'the child has begun', timeoutMs: 30_000 });
      child.kill('SIGKILL');
      await once(child, 'exit');
    },
    starts,
    began: async () => {
      await journal.rpush('starts', 'here');
    },
    async close() {
      for (const child of children) if (child.exitCode === null) child.kill('SIGKILL');
      await Promise.all(workers.map((worker) => worker.close()));
      patient.disconnect();
      journal.disconnect();
    },
  };
}
