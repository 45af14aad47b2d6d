import { afterAll, beforeAll, beforeEach, jest } from '@jest/globals';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startEtcd, type EtcdOptions, type LocalEtcd } from '../../infra/local/etcd.js';
import { until } from '../../infra/local/until.js';
import { makeAccess } from '../../src/adapters/etcd/access.js';
import type { Cluster } from '../../src/domain/cluster.js';
import type { Verdict } from '../../src/domain/errors.js';
import { unsafe } from '../../src/domain/maintenance/safety.js';
import { isTerminal, type Operation } from '../../src/domain/operation.js';
import { collect } from '../../src/engine/collect.js';
import { execute } from '../../src/engine/execute.js';
import { propose } from '../../src/engine/propose.js';
import { review } from '../../src/engine/review.js';
import { sweep } from '../../src/engine/sweep.js';
import { watchReraise } from '../../src/engine/watch.js';
import { clusterOf } from '../engine/world.js';
import { pendingFix } from '../operations.js';
import { oneRedis } from '../redis.js';
import { depsOf, type StageDeps } from './stage-deps.js';
import type { Happening, Moment } from './stage-meddling.js';

/** Longer than the busiest machine needs for one operation on a small cluster. */
export const RUN_MS = 90_000;

export interface FaultStage {
  readonly etcd: LocalEtcd;
  readonly deps: StageDeps;
  readonly directory: string;
  /** Every call that left for a member to change something, in order: "m2 defragment". */
  readonly sent: readonly string[];
  /** Of the configuration; changed for one test. */
  cluster: Cluster;
  /** Does something in the middle of the run, once: see `Moment`. */
  when(moment: Moment, meddle: Happening): void;
  /** From now on the clocks go so many times as fast; etcd, the network and its deadlines do not. */
  hurry(times: number): void;
  propose(runbook: string, options?: Readonly<Record<string, string | boolean>>): Promise<Operation>;
  approve(operation: Operation, standstillConfirmed?: boolean): Promise<Verdict<Operation>>;
  /** As its job does, once; how it stands then. */
  execute(operation: Operation): Promise<Operation>;
  /** Proposed, approved and run. */
  carryOut(runbook: string, options?: Readonly<Record<string, string | boolean>>): Promise<Operation>;
  sweep(): Promise<void>;
  /** Sweeps until it has ended. */
  settle(operation: Operation): Promise<Operation>;
  /** The process at work gives no sign of life any more. */
  goSilent(operation: Operation): Promise<void>;
  /** Every member answers the engine, and maintenance is safe: a connection that broke needs a moment. */
  isWell(): Promise<unknown>;
  /** A look at the alarms after the end. */
  watch(operation: Operation): Promise<void>;
  now(operation: Operation): Promise<Operation>;
  /** The operation that holds the cluster; null: the next one may begin. */
  holder(): Promise<string | null>;
}

const GROUND = ['status', 'members', 'metrics', 'alarms'] as const;
const PROPOSER = { teamId: 'T1', userId: 'U1' };
const APPROVER = { teamId: 'T1', userId: 'U2' };

/**
 * The whole engine on a real etcd and a real Redis, with the catalogue's own runbooks, collectors and steps; without
 * Slack, and without queues: the test does what a job does. One cluster for the tests around.
 */
export function aFaultStage(options: Partial<EtcdOptions> = {}): FaultStage {
  jest.setTimeout(RUN_MS);
  const redis = oneRedis();
  const access = makeAccess({ connections: () => ({}), canOperate: true });
  const kept: { etcd?: LocalEtcd; deps?: StageDeps; directory?: string; cluster?: Cluster } = {};

  beforeAll(async () => {
    kept.etcd = await startEtcd({ version: '3.5', members: 3, quotaBytes: 8 * 1024 ** 2, ...options });
    kept.directory = await mkdtemp(join(tmpdir(), 'etcd-steward-faults-'));
  }, RUN_MS);

  beforeEach(async () => {
    kept.cluster = clusterAt(kept.etcd!.endpoints);
    kept.deps = await depsOf({
      redis: redis.client,
      access,
      directory: kept.directory!,
      cluster: () => kept.cluster!,
    });
  });

  afterAll(async () => {
    access.close();
    await kept.etcd?.stop();
    if (kept.directory !== undefined) await rm(kept.directory, { recursive: true, force: true });
  });

  const stage: FaultStage = {
    get etcd() {
      return kept.etcd!;
    },
    get deps() {
      return kept.deps!;
    },
    get directory() {
      return kept.directory!;
    },
    get sent() {
      return kept.deps!.sent;
    },
    get cluster() {
      return kept.cluster!;
    },
    set cluster(cluster) {
      kept.cluster = cluster;
    },
    when: (moment, meddle) => void kept.deps!.meddling.push({ moment, meddle }),
    hurry: (times) => kept.deps!.hurry(times),
    async propose(runbook, asked = {}) {
      const proposed = await propose(stage.deps, stage.cluster, question(runbook, asked));
      if (!proposed.ok) throw new Error([proposed.reason, ...(proposed.instead ?? [])].join(' '));
      return proposed.value;
    },
    async approve({ id }, standstillConfirmed) {
      const decision = {
        operationId: id,
        actor: APPROVER,
        verdict: 'approve' as const,
        channel: 'C0PLATFORM',
      };
      return review(stage.deps, stage.cluster, { ...decision, standstillConfirmed });
    },
    async execute(operation) {
      await execute(stage.deps, operation.id);
      return stage.now(operation);
    },
    async carryOut(runbook, asked) {
      const proposed = await stage.propose(runbook, asked);
      const approved = await stage.approve(proposed);
      if (!approved.ok) throw new Error(approved.reason);
      return stage.execute(proposed);
    },
    sweep: () => sweep(stage.deps),
    settle: (operation) =>
      until(
        async () => {
          await stage.sweep();
          const now = await stage.now(operation);
          return isTerminal(now) && now;
        },
        { what: 'it is known how it ended', timeoutMs: 45_000, everyMs: 100 },
      ),
    async goSilent({ id }) {
      await redis.client.del(`{steward}:beat:${id}`);
    },
    isWell: () =>
      until(async () => unsafe(await collect(stage.deps, stage.cluster, GROUND)) === null, {
        what: 'maintenance is safe',
      }),
    watch: ({ id }) => watchReraise(stage.deps, id),
    now: async ({ id }) => (await stage.deps.operations.load(id))!,
    holder: () => stage.deps.locks.holder(stage.cluster.name, ''),
  };
  return stage;
}

function clusterAt(endpoints: readonly string[]): Cluster {
  const cluster = clusterOf(pendingFix());
  return { ...cluster, endpoints, settleMs: 20, policy: { ...cluster.policy, approvals: 1 } };
}

function question(verb: string, options: Readonly<Record<string, string | boolean>>) {
  const place = { channel: 'C0PLATFORM' };
  const facts = [] as const;
  return { id: 'q1', version: 1, verb, cluster: null, options, asker: PROPOSER, place, askedAt: 0, facts };
}
