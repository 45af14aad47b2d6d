import { join } from 'node:path';
import type { Redis } from 'ioredis';
import { makeBackupStore } from '../../../src/adapters/files/backups.js';
import { makeSpentTokens } from '../../../src/adapters/files/spent.js';
import { makeLocks } from '../../../src/adapters/redis/locks.js';
import { makeOperationStore } from '../../../src/adapters/redis/operations.js';
import { makePauses } from '../../../src/adapters/redis/pauses.js';
import { makeSampleStore } from '../../../src/adapters/redis/records.js';
import { makeSigner } from '../../../src/adapters/signer.js';
import { randomIds, systemClock } from '../../../src/adapters/system.js';
import alarms from '../../../src/collectors/alarms.js';
import members from '../../../src/collectors/members.js';
import metrics from '../../../src/collectors/metrics.js';
import nodes from '../../../src/collectors/nodes.js';
import pods from '../../../src/collectors/pods.js';
import status from '../../../src/collectors/status.js';
import type { Cluster } from '../../../src/domain/cluster.js';
import type { Collector } from '../../../src/domain/collector.js';
import type { OperationStore } from '../../../src/domain/ports.js';
import type { Step } from '../../../src/domain/step.js';
import type { ExecutorDeps } from '../../../src/engine/executor.js';
import backup from '../../../src/steps/backup.js';
import compact from '../../../src/steps/compact.js';
import defragment from '../../../src/steps/defragment.js';
import disarm from '../../../src/steps/disarm.js';
import moveLeader from '../../../src/steps/move-leader.js';
import restartPods from '../../../src/steps/restart-pods.js';
import writeProbe from '../../../src/steps/write-probe.js';
import { accessTo, type Witness } from './etcd.js';
import { kubernetesAccess } from './kubernetes.js';

export const signer = makeSigner('the key of these tests');

/** Lists in Redis, so that they outlive the process: what was queued, shown and written into the trail. */
export const JOBS = 'seen:jobs';
export const SHOWN = 'seen:shown';
export const AUDIT = 'seen:audit';

export interface Machine {
  readonly redis: Redis;
  /** Where etcd and what was seen are kept, if not beside our records. */
  readonly outside?: Redis;
  readonly clusters: readonly Cluster[];
  /** Its own disk: used tokens. */
  readonly directory: string;
  readonly witness: Witness;
  readonly operations?: OperationStore;
  /** Real waiting, for a run that has to wait for something real. */
  readonly patient?: boolean;
}

export interface Executor extends ExecutorDeps {
  /** The clocks go on by so much, Redis' as well. */
  wait(ms: number): Promise<void>;
  /** As after SIGTERM. */
  stop(): void;
}

/** The real engine with the real steps and records; only etcd is simulated, and no time is spent on waiting. */
export function executorOn(machine: Machine): Executor {
  const { redis, clusters, directory, witness } = machine;
  const outside = machine.outside ?? redis;
  let [offset, stopped] = [0, false];
  const push = async (list: string, text: string): Promise<void> => {
    await outside.rpush(list, text);
  };
  const wait = async (ms: number): Promise<void> => {
    offset += ms;
  };
  const store = machine.operations ?? makeOperationStore(redis);
  const silent = (): void => undefined;
  const clock = { now: () => Date.now() + offset, pause: machine.patient === true ? aMoment : wait };
  return {
    access: accessTo(outside, witness),
    kubernetes: kubernetesAccess({ redis: outside, clusters, witness, clock }),
    samples: makeSampleStore(redis),
    collectors: new Map(Object.entries<Collector>({ status, members, metrics, alarms, nodes, pods })),
    steps: STEPS,
    clock,
    operations: { ...store, now: async () => (await store.now()) + offset },
    locks: makeLocks(redis),
    pauses: makePauses(redis),
    outbox: { put: ({ id, version }) => push(SHOWN, `${id} ${String(version)}`) },
    jobs: {
      ask: () => Promise.resolve(),
      run: (id) => push(JOBS, `run ${id}`),
      watch: (id) => push(JOBS, `watch ${id}`),
    },
    audit: { record: ({ event, operation }) => push(AUDIT, `${event} ${operation ?? ''}`) },
    signer,
    ids: randomIds,
    spent: makeSpentTokens(join(directory, 'spent')),
    backups: makeBackupStore(),
    log: { info: silent, warn: silent, error: silent },
    clusterOf: (name) => clusters.find((cluster) => cluster.name === name),
    stopping: () => stopped,
    wait,
    stop: () => {
      stopped = true;
    },
  };
}

/** Long enough for others to have their turn, short enough for a test. */
function aMoment(ms: number): Promise<void> {
  return systemClock.pause(Math.min(ms, 50));
}

const STEPS: ReadonlyMap<string, Step> = new Map(
  Object.entries<Step>({
    backup: backup as Step,
    compact: compact as Step,
    defragment: defragment as Step,
    disarm: disarm as Step,
    'move-leader': moveLeader as Step,
    'restart-pods': restartPods as Step,
    'write-probe': writeProbe as Step,
  }),
);
