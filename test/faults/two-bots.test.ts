import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Job } from 'bullmq';
import { until } from '../../infra/local/until.js';
import { makeJobs } from '../../src/adapters/queue/queues.js';
import type { Cluster } from '../../src/domain/cluster.js';
import { execute } from '../../src/engine/execute.js';
import type { ExecutorDeps } from '../../src/engine/executor.js';
import { sweep } from '../../src/engine/sweep.js';
import { makeFloor, type Floor } from '../adapters/queue/support.js';
import { executorOn } from '../engine/crash/deps.js';
import { ACTS, callsOf, fullCluster, planFor } from '../engine/crash/scene.js';
import { approvedNow } from '../engine/world.js';
import { oneRedis } from '../redis.js';

const CLUSTERS = 20;

const redis = oneRedis();
const elsewhere = oneRedis();
let root: string;
let floor: Floor;
let clusters: readonly Cluster[];

beforeEach(async () => {
  await elsewhere.client.flushall();
  root = await mkdtemp(join(tmpdir(), 'etcd-steward-two-bots-'));
  floor = makeFloor(redis);
  const numbers = Array.from({ length: CLUSTERS }, (_, index) => String(index + 1).padStart(2, '0'));
  clusters = await Promise.all(numbers.map((number) => fullCluster(elsewhere.client, `cluster-${number}`)));
});

afterEach(async () => {
  await floor.close();
  await rm(root, { recursive: true, force: true });
});

interface Bot {
  readonly deps: ExecutorDeps;
  readonly acts: string[];
}

/** An executor on a machine of its own, that works on the queue of the operations. */
function aBot(name: string): Bot {
  const acts: string[] = [];
  const witness = async (what: string): Promise<void> => void acts.push(what);
  const own = { redis: redis.client, outside: elsewhere.client, directory: join(root, name) };
  const deps = { ...executorOn({ ...own, clusters, witness, patient: true }), jobs: makeJobs(floor.queues) };
  floor.work('operations', 'run-operation', {
    run: async (payload) => {
      await execute(deps, (payload as { readonly id: string }).id);
      return null;
    },
  });
  return { deps, acts };
}

function idOf({ name }: Cluster): string {
  return `op-${name}`;
}

async function approveAll({ deps }: Bot): Promise<void> {
  for (const cluster of clusters) {
    const plan = planFor(cluster, join(root, cluster.name));
    await deps.operations.create(approvedNow({ id: idOf(cluster), token: `token ${cluster.name}`, plan }));
  }
}

async function allEnded({ deps }: Bot): Promise<void> {
  const over = async (): Promise<boolean> =>
    (await Promise.all(clusters.map((cluster) => deps.operations.load(idOf(cluster))))).every(
      (operation) => operation?.state === 'succeeded',
    );
  await until(over, { what: 'every operation has succeeded', timeoutMs: 40_000 });
}

async function queueIsQuiet(): Promise<void> {
  const busy = (): Promise<number> =>
    floor.queues.operations.getJobCountByTypes('active', 'waiting', 'delayed', 'prioritized');
  await until(async () => (await busy()) === 0, { what: 'no job is left', timeoutMs: 40_000 });
}

async function everyActWasDoneOnce(): Promise<void> {
  for (const cluster of clusters) {
    const calls = await callsOf({ outside: elsewhere.client, cluster });
    expect([cluster.name, calls]).toEqual([cluster.name, ACTS]);
  }
}

describe('Two bots on one Redis', () => {
  it('share the work, and do each operation once, however often it is queued', async () => {
    const bots = [aBot('one'), aBot('two')] as const;
    await approveAll(bots[0]);
    for (const { deps } of bots)
      for (const cluster of clusters)
        for (const turn of [0, 1, 2, 3, 4]) await deps.jobs.run(idOf(cluster), turn);
    await Promise.all(bots.flatMap(({ deps }) => [sweep(deps), sweep(deps)]));
    await allEnded(bots[0]);
    await queueIsQuiet();
    await everyActWasDoneOnce();
    expect(bots.map(({ acts }) => acts.length > 0)).toEqual([true, true]);
    expect(await redis.client.keys('{steward}:lock:*')).toEqual([]);
  }, 60_000);

  it('start nothing again where every job is retried by hand', async () => {
    const bots = [aBot('one'), aBot('two')] as const;
    await approveAll(bots[0]);
    for (const cluster of clusters) await bots[0].deps.jobs.run(idOf(cluster), 0);
    await allEnded(bots[0]);
    await queueIsQuiet();
    const jobs = (await floor.queues.operations.getJobs(['completed'])) as Job[];
    expect(jobs).toHaveLength(CLUSTERS);
    for (const job of jobs) await job.retry('completed');
    await queueIsQuiet();
    for (const cluster of clusters) for (const { deps } of bots) await execute(deps, idOf(cluster));
    await everyActWasDoneOnce();
  }, 60_000);

  it('wait for one another on the same cluster: of two operations one runs, the other is told why not', async () => {
    const bots = [aBot('one'), aBot('two')] as const;
    const [cluster] = clusters as [Cluster];
    const plan = planFor(cluster, root);
    for (const id of ['first', 'second'])
      await bots[0].deps.operations.create(approvedNow({ id, token: `token ${id}`, plan }));
    await Promise.all([bots[0].deps.jobs.run('first', 0), bots[1].deps.jobs.run('second', 0)]);
    const states = async (): Promise<string> => {
      const both = ['first', 'second'].map((id) => bots[0].deps.operations.load(id));
      return (await Promise.all(both))
        .map((operation) => operation?.state ?? '')
        .toSorted()
        .join();
    };
    await until(async () => (await states()) === 'stale,succeeded', {
      what: 'one has run',
      timeoutMs: 20_000,
    });
    expect(await callsOf({ outside: elsewhere.client, cluster })).toEqual(ACTS);
  }, 60_000);
});
