import { join } from 'node:path';
import type { Redis } from 'ioredis';
import { makeOperationStore } from '../../../src/adapters/redis/operations.js';
import { operationKey } from '../../../src/adapters/redis/locks.js';
import type { Cluster } from '../../../src/domain/cluster.js';
import { isTerminal, type Operation } from '../../../src/domain/operation.js';
import type { Plan, PlannedStep } from '../../../src/domain/plan.js';
import { execute } from '../../../src/engine/execute.js';
import { sweep } from '../../../src/engine/sweep.js';
import { GIB, HOUR, IDS } from '../../facts.js';
import { fixPlan, pendingFix } from '../../operations.js';
import { refOf } from '../../kubernetes.js';
import { approvedNow, clusterOf } from '../world.js';
import { executorOn, JOBS, type Executor, type Machine } from './deps.js';
import { callsKey, stateKey, type EtcdState } from './etcd.js';
import { HANGING } from './kubernetes.js';

/** Every act of the plan of these tests, in its order. */
export const ACTS: readonly string[] = [
  'backup',
  'compact',
  'defragment m2',
  'defragment m3',
  'move-leader',
  'defragment m1',
  'disarm',
  'write-probe',
  'evict web-1',
  'evict web-2',
  'evict web-3',
];

/** A full cluster of three members: m1 leads, and its alarm is armed. Of its own name, beside others in one Redis. */
export async function fullCluster(redis: Redis, name = 'calico-prod'): Promise<Cluster> {
  const plan = fixPlan();
  const kubernetes = { kubeconfig: null, context: null, patienceMs: 180_000 };
  const cluster = { ...clusterOf(pendingFix()), name, clusterId: idOf(name), kubernetes };
  const state: EtcdState = {
    clusterId: idOf(name),
    leaderId: IDS[0] ?? '',
    term: plan.baseline.term,
    revision: 4_812_990,
    compactedAt: 0,
    compactions: 0,
    armed: [IDS[0] ?? ''],
    processStartedAt: plan.baseline.members[0]?.processStartedAt ?? 0,
    members: plan.members.map(({ id, name: member }, index) => ({
      id,
      name: member,
      endpoint: cluster.endpoints[index] ?? '',
      sizeBytes: 2 * GIB,
      defragmentations: 0,
    })),
  };
  await redis.set(stateKey(cluster), JSON.stringify(state));
  return cluster;
}

/** Some 64-bit number of its own for each name. */
function idOf(name: string): string {
  return String(17_237_436_991_929_493_444n - BigInt(`0x${Buffer.from(name).toString('hex').slice(-8)}`));
}

/** Two batches; the first one is waited for, for one look and in vain. */
const RESTARTS: readonly PlannedStep[] = [HANGING.pods.slice(0, 2), HANGING.pods.slice(2)].map(
  (pods, index) => ({
    ...{ kind: 'restart-pods', cause: 'address-refused', patienceMs: index === 0 ? 1 : 0 },
    ...{
      pods: pods.map(refOf),
      id: `r${String(index + 1)}`,
      label: `Restart pods, batch ${String(index + 1)}`,
    },
  }),
);

/** The fix with a backup, a gate, three members and pods that hang, for this cluster. */
export function planFor({ name, clusterId }: Cluster, directory: string): Plan {
  const plan = fixPlan();
  const steps = plan.steps.map((step) =>
    step.kind === 'backup' ? { ...step, directory: join(directory, 'backups') } : step,
  );
  return { ...plan, cluster: name, clusterId: clusterId ?? '', steps: [...steps, ...RESTARTS] };
}

export interface Scene {
  readonly redis: Redis;
  /** Where etcd is kept: not in the Redis of our records, where that one is to be lost. */
  readonly outside: Redis;
  readonly directory: string;
  readonly cluster: Cluster;
  readonly approved: Operation;
  readonly executor: Executor;
}

/** One approved operation, op1, on one full cluster, and a process that could run it. */
export async function aScene(redis: Redis, directory: string, outside = redis): Promise<Scene> {
  const cluster = await fullCluster(outside);
  const approved = approvedNow({ id: 'op1', plan: planFor(cluster, directory) });
  const { plan, createdAt } = approved;
  const store = makeOperationStore(redis);
  await store.create(approved);
  await store.create(pendingFix({ id: 'op2', plan, createdAt, approveBy: createdAt + 10 * HOUR }));
  const place = { redis, outside, directory, cluster, approved };
  return { ...place, executor: another(place) };
}

/** One more process over the same records. */
export function another(
  { redis, outside, directory, cluster }: Omit<Scene, 'executor' | 'approved'>,
  changes: Partial<Machine> = {},
): Executor {
  const witness = (): Promise<void> => Promise.resolve();
  return executorOn({ redis, outside, clusters: [cluster], directory, witness, ...changes });
}

export async function operationNow({ executor }: Pick<Scene, 'executor'>, id = 'op1'): Promise<Operation> {
  const operation = await executor.operations.load(id);
  if (!operation) throw new Error(`there is no operation ${id}`);
  return operation;
}

export function callsOf({ outside, cluster }: Pick<Scene, 'outside' | 'cluster'>): Promise<string[]> {
  return outside.lrange(callsKey(cluster), 0, -1);
}

export function holderOf({
  executor,
  approved,
}: Pick<Scene, 'executor' | 'approved'>): Promise<string | null> {
  return executor.locks.holder(approved.plan.cluster, approved.plan.clusterId);
}

/** Whether another operation could begin on this cluster now. */
export async function isFree({ executor, approved }: Scene): Promise<boolean> {
  return (await executor.locks.acquire(approved.plan.cluster, approved.plan.clusterId, 'op2')) !== null;
}

/** Nobody has to wait for the sign of life to go silent. */
export async function goSilent({ redis }: Pick<Scene, 'redis'>, id = 'op1'): Promise<void> {
  await redis.del(`{steward}:beat:${id}`);
}

const MOST_LOOKS = 10;

/** As other processes would: sweeps and runs what is queued until it has ended or waits for a person; told at each look. */
export async function settle(
  scene: Scene,
  look: () => Promise<void> = async () => undefined,
): Promise<Operation> {
  const { executor, outside } = scene;
  for (let turn = 0; turn < MOST_LOOKS; turn++) {
    const operation = await operationNow(scene);
    if (isTerminal(operation) || operation.waitsForPerson !== undefined) return operation;
    await look();
    await sweep(executor);
    for (let job = await outside.lpop(JOBS); job !== null; job = await outside.lpop(JOBS))
      if (job === 'run op1') await execute(executor, 'op1');
    await executor.wait(1000);
  }
  return operationNow(scene);
}

/** Somebody writes the record back as it was when it had been approved. */
export async function writeBack({ redis }: Pick<Scene, 'redis'>, operation: Operation): Promise<void> {
  const key = operationKey(operation.id);
  await redis.hset(key, { version: String(operation.version), json: JSON.stringify(operation) });
  await redis.hdel(key, 'ended');
}
