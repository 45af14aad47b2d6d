import { join } from 'node:path';
import { inspect } from 'node:util';
import { startRedis } from '../../infra/local/redis.js';
import { makeAudit } from '../../src/adapters/audit/audit.js';
import { makeSpentTokens } from '../../src/adapters/files/spent.js';
import { makeJobs, makeOutbox, makeQueues } from '../../src/adapters/queue/queues.js';
import { makeWorker } from '../../src/adapters/queue/workers.js';
import { connectFast, connectPatient, ready } from '../../src/adapters/redis/connection.js';
import { randomIds } from '../../src/adapters/system.js';
import type { Log } from '../../src/domain/ports.js';
import { execute } from '../../src/engine/execute.js';
import type { ExecutorDeps } from '../../src/engine/executor.js';
import { makeWorld, type World } from '../engine/world.js';
import type { Ending } from './ending.js';

/** An executor as it is shipped, all but its target: that one answers at once, and nothing is waited for. */
export interface Executor {
  readonly world: World;
  readonly deps: ExecutorDeps;
  /** The next job's run, as milliseconds of `performance.now()`. */
  nextRun(): Promise<Ran>;
}

export interface Ran {
  readonly begun: number;
  readonly ended: number;
}

const quiet = (): void => undefined;

/** Real are Redis with its append-only file, the queues, the outbox, the marks of used tokens and the audit's chain. */
export async function startExecutor(ending: Ending): Promise<Executor> {
  const directory = await ending.folder();
  const server = await ending.also(startRedis({ appendOnly: true }));
  const [redis, patient] = [connectFast(server.url, quiet), connectPatient(server.url, quiet)];
  ending.last(() => [redis, patient].map((one) => one.disconnect()));
  await ready(redis);
  const log: Log = { info: quiet, warn: complain, error: complain };
  const auditing = { file: join(directory, 'audit.jsonl'), key: 'the key of this bench' };
  const audit = makeAudit({ ...auditing, redis, log, ids: randomIds });
  ending.last(() => audit.close());
  const queues = makeQueues(redis, quiet);
  ending.last(() => Promise.all(Object.values(queues).map((queue) => queue.close())));
  const world = makeWorld({ client: redis, server });
  world.cluster = { ...world.cluster, settleMs: 0 };
  const deps: ExecutorDeps = {
    ...world.deps,
    ...{ audit, log, ids: randomIds, jobs: makeJobs(queues), outbox: makeOutbox(redis, queues) },
    spent: makeSpentTokens(join(directory, 'spent-tokens')),
  };
  const { run, nextRun } = watched(deps);
  const work = new Map([['run-operation', { run }]]);
  const worker = makeWorker('operations', { connection: patient, log, ids: randomIds, work });
  ending.last(() => worker.close());
  await worker.waitUntilReady();
  return { world, deps, nextRun };
}

interface Watched extends Pick<Executor, 'nextRun'> {
  run(payload: unknown): Promise<null>;
}

/** The job as the program does it, and who waits for its end. */
function watched(deps: ExecutorDeps): Watched {
  let ends: (ran: Promise<Ran>) => void = quiet;
  async function timed(id: string): Promise<Ran> {
    const begun = performance.now();
    await execute(deps, id);
    return { begun, ended: performance.now() };
  }
  return {
    async run(payload) {
      const ran = timed((payload as { readonly id: string }).id);
      ends(ran);
      await ran;
      return null;
    },
    nextRun: () => new Promise((resolve) => (ends = resolve)),
  };
}

function complain(fields: Readonly<Record<string, unknown>>, message: string): void {
  process.stderr.write(`  the engine says: ${message} ${inspect(fields)}\n`);
}
