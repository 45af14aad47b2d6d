import { makeOperationStore } from '../../src/adapters/redis/operations.js';
import { makeLocks } from '../../src/adapters/redis/locks.js';
import { makePauses } from '../../src/adapters/redis/pauses.js';
import { makeSampleStore } from '../../src/adapters/redis/records.js';
import { makeSigner } from '../../src/adapters/signer.js';
import type { Cluster } from '../../src/domain/cluster.js';
import type { Collector } from '../../src/domain/collector.js';
import { TargetError } from '../../src/domain/errors.js';
import type { Operation } from '../../src/domain/operation.js';
import type { Plan, StepKind } from '../../src/domain/plan.js';
import type { AuditEvent, OperationStore, OutboxEntry } from '../../src/domain/ports.js';
import type { RunbookSetting } from '../../src/domain/runbook.js';
import type { FactName, Snapshot } from '../../src/domain/snapshot.js';
import type { Step } from '../../src/domain/step.js';
import { hashOf, signed } from '../../src/engine/approval.js';
import { execute } from '../../src/engine/execute.js';
import type { ExecutorDeps } from '../../src/engine/executor.js';
import { sweep } from '../../src/engine/sweep.js';
import fix from '../../src/runbooks/fix.js';
import { full, healthy } from '../facts.js';
import { pendingFix, withApprovals } from '../operations.js';
import type { RedisOfTests } from '../redis.js';
import { scripted, type Target } from './target.js';

export type Script = Partial<Record<StepKind, Partial<Step>>>;

export interface World {
  readonly deps: ExecutorDeps;
  readonly target: Target;
  /** What a step does otherwise than succeed. */
  readonly script: Script;
  /** Every act that reached the target, in order: "defragment m2". */
  readonly calls: string[];
  readonly seen: { jobs: string[]; shown: OutboxEntry[]; audit: AuditEvent[]; logged: string[] };
  cluster: Cluster;
  stopping: boolean;
  /** This machine's marks of used tokens. */
  readonly spent: Set<string>;
  /** An operation that was approved by U2 and U3 a moment ago. */
  approve(changes?: Partial<Operation>): Promise<Operation>;
  execute(id?: string): Promise<void>;
  sweep(): Promise<void>;
  now(id?: string): Promise<Operation>;
  holder(): Promise<string | null>;
  /** The process at work gives no sign of life any more. */
  dies(id?: string): Promise<void>;
  wait(ms: number): Promise<void>;
  /** How long was waited so far, milliseconds: for Redis and for every process alike. */
  waited(): number;
}

export const SETTING: RunbookSetting = {
  backup: null,
  etcdctlFlags: [],
  options: {},
  now: 0,
  revisions: [],
  pace: null,
  lastBackupAt: null,
};

export function fixPlanned(snapshot: Snapshot = full(healthy())): Plan {
  const planned = fix.plan(snapshot, SETTING);
  if (!planned.ok) throw new Error(planned.reason);
  return planned.value;
}

export function approvedNow(changes: Partial<Operation> = {}): Operation {
  const plan = changes.plan ?? fixPlanned();
  const now = Date.now();
  const times = { createdAt: now - 60_000, approveBy: now + 60_000, startBy: now + 60_000 };
  const pending = pendingFix({ id: 'op1', plan, planHash: hashOf(plan), ...times });
  return signed({ ...withApprovals(pending, 2), state: 'approved', token: 'token-1', ...changes }, signer);
}

export const signer = makeSigner('the key of these tests');

/** The engine over a real Redis and a cluster that is only a snapshot, with steps that follow a script. */
export function makeWorld(redis: RedisOfTests): World {
  const seen: World['seen'] = { jobs: [], shown: [], audit: [], logged: [] };
  const target: Target = { snapshot: full(healthy()) };
  const script: Script = {};
  const calls: string[] = [];
  let offset = 0;
  let ids = 0;
  const operations = waiting(makeOperationStore(redis.client), () => offset);
  const locks = makeLocks(redis.client);
  const clock = {
    now: () => Date.now() + offset,
    pause: async (ms: number): Promise<void> => {
      offset += ms;
    },
  };
  const log = (_fields: unknown, message: string): void => void seen.logged.push(message);
  const world: World = {
    target,
    script,
    calls,
    seen,
    cluster: clusterOf(pendingFix()),
    stopping: false,
    spent: new Set(),
    deps: {
      access: { reader: () => ({ members: [] }), operator: () => ({ members: [] }) },
      samples: makeSampleStore(redis.client),
      collectors: collectorsOf(target),
      clock,
      steps: scripted({ target, script, calls }),
      operations,
      locks,
      outbox: { put: async (entry) => void seen.shown.push(entry) },
      jobs: {
        ask: async () => undefined,
        run: async (id, turn) => void seen.jobs.push(`run ${id} ${String(turn)}`),
        watch: async (id) => void seen.jobs.push(`watch ${id}`),
      },
      signer,
      ids: { next: () => `id-${String(++ids)}` },
      audit: { record: async (event) => void seen.audit.push(event) },
      backups: noBackups(),
      pauses: makePauses(redis.client),
      spent: {
        spend: async (token) => {
          const fresh = !world.spent.has(token);
          world.spent.add(token);
          return fresh;
        },
      },
      log: { info: log, warn: log, error: log },
      clusterOf: (name) => (name === world.cluster.name ? world.cluster : undefined),
      stopping: () => world.stopping,
    },
    async approve(changes = {}) {
      const operation = approvedNow({ startBy: Date.now() + offset + 60_000, ...changes });
      await operations.create(operation);
      return operation;
    },
    execute: (id = 'op1') => execute(world.deps, id),
    sweep: () => sweep(world.deps),
    now: async (id = 'op1') => (await operations.load(id))!,
    holder: () => locks.holder(world.cluster.name, ''),
    dies: async (id = 'op1') => {
      await redis.client.del(`{steward}:beat:${id}`);
    },
    wait: clock.pause,
    waited: () => offset,
  };
  return world;
}

/** The store, by a clock that has gone on while a test only said that it waited. */
export function waiting(store: OperationStore, waited: () => number): OperationStore {
  return {
    ...store,
    now: async () => (await store.now()) + waited(),
    swap: (id, change) => store.swap(id, (operation, now) => change(operation, now + waited())),
  };
}

export function clusterOf(operation: Operation): Cluster {
  return {
    name: operation.plan.cluster,
    aliases: [],
    environment: null,
    endpoints: healthy().endpoints,
    quotaBytes: null,
    clusterId: null,
    channels: ['C0PLATFORM'],
    settleMs: 10_000,
    reraiseWatchMs: 600_000,
    backup: null,
    etcdctlFlags: [],
    policy: operation.policy,
    policies: {},
    changes: true,
    windows: [],
    kubernetes: null,
    calico: false,
  };
}

/** What the target's snapshot holds at this moment; what it does not know fails as it would on the network. */
function collectorsOf(target: Target): ReadonlyMap<string, Collector> {
  const etcd: readonly FactName[] = ['members', 'status', 'metrics', 'alarms', 'live-keys', 'write-probe'];
  const names: readonly FactName[] = [...etcd, 'pods'];
  return new Map(
    names.map((name) => {
      const read = async () => {
        const fact = target.snapshot.facts[name];
        if (fact?.known) return fact.value;
        throw new TargetError(fact?.code ?? 'not-read', 'target', fact?.reason ?? 'not asked');
      };
      const appliesTo = ({ kubernetes }: Cluster) => name !== 'pods' || kubernetes !== null;
      return [name, { read, appliesTo }];
    }),
  );
}

function noBackups(): ExecutorDeps['backups'] {
  return {
    freeBytes: async () => 0,
    save: () => Promise.reject(new Error('no backups here')),
    find: async () => null,
    prune: async () => [],
  };
}
