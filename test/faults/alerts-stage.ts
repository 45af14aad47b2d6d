import { afterAll, afterEach, beforeEach, expect, jest } from '@jest/globals';
import { until } from '../../infra/local/until.js';
import { makeAccess, type Connections } from '../../src/adapters/etcd/access.js';
import { systemClock } from '../../src/adapters/system.js';
import type { Incident, Signal } from '../../src/domain/alerting/incident.js';
import type { Cluster } from '../../src/domain/cluster.js';
import type { Access } from '../../src/domain/ports.js';
import { survey } from '../../src/engine/alerting/survey.js';
import { watchAlerts } from '../../src/engine/alerting/watch.js';
import { sample, type Sampled } from '../../src/engine/sample.js';
import { clusterOf } from '../engine/world.js';
import { pendingFix } from '../operations.js';
import { oneRedis } from '../redis.js';
import { watchedDepsOf, type Limits, type WatchedDeps } from './alerts-deps.js';

/** Longer than the busiest machine needs to start a cluster. */
export const START_MS = 90_000;

/** Longer than it needs for any of these tests; and than what is waited for in them. */
const TEST_MS = 120_000;
const WAIT_MS = 45_000;

/** From one look to the next, where a test says nothing else: the metrics are read every time. */
export const LOOK_MS = 60_000;

export interface WatchOptions {
  /** Thresholds by rule. */
  readonly limits?: Limits;
  readonly connections?: (cluster: Cluster) => Connections;
  /** Stands between the collectors and etcd. */
  readonly witness?: (access: Access) => Access;
}

/** An incident in a few words. */
export interface Story {
  readonly cluster: string;
  readonly cause: string;
  readonly is: string;
  /** Rule and severity, worst first; in brackets what stands behind another one. */
  readonly signals: readonly string[];
  readonly events: readonly string[];
}

export interface Watch {
  readonly deps: WatchedDeps;
  /** One sample of it and what follows from that, as the monitor's job does. */
  look(cluster: Cluster, afterMs?: number): Promise<Sampled>;
  looks(cluster: Cluster, count: number): Promise<void>;
  /** Looks until one of its incidents is so: what a process takes to come back is no matter of looks. */
  lookUntil(cluster: Cluster, what: string, isSo: (incident: Incident) => boolean): Promise<Incident>;
  /** Looks until all that fires has ended. */
  lookUntilEnded(cluster: Cluster): Promise<void>;
  /** Every member answers the monitor: a connection that broke needs a moment. */
  reaches(cluster: Cluster): Promise<void>;
  survey(): Promise<void>;
  /** Time goes by. */
  wait(ms: number): void;
  /** Everything that was ever told or kept, of all clusters, oldest first. */
  stories(): Promise<readonly Story[]>;
  incidents(): Promise<readonly Incident[]>;
  /** What a rule sees just now, told or not. */
  seen(cluster: Cluster): Promise<readonly string[]>;
}

/** The monitor as it is composed, on a real Redis and real etcd, with a clock that can be turned on; without queues. */
export function aWatch({ limits = {}, connections = () => ({}), witness }: WatchOptions = {}): Watch {
  jest.setTimeout(TEST_MS);
  const redis = oneRedis();
  const real = makeAccess({ connections, canOperate: false });
  const access = witness ? witness(real) : real;
  const kept: { deps?: WatchedDeps } = {};
  const failures: unknown[] = [];
  let ahead = 0;

  beforeEach(async () => {
    failures.length = 0;
    const clock = { now: () => Date.now() + ahead, pause: systemClock.pause };
    kept.deps = await watchedDepsOf({ redis: redis.client, access, clock, limits, failures });
  });

  // A rule that fails is logged, and its silence would look like health.
  afterEach(() => {
    expect(failures).toEqual([]);
  });

  afterAll(() => {
    real.close();
  });

  const watch: Watch = {
    get deps() {
      return kept.deps!;
    },
    async look(cluster, afterMs = LOOK_MS) {
      ahead += afterMs;
      const sampled = await sample(watch.deps, cluster);
      await watchAlerts(watch.deps, cluster, sampled);
      return sampled;
    },
    async looks(cluster, count) {
      for (let done = 0; done < count; done += 1) await watch.look(cluster);
    },
    lookUntil: (cluster, what, isSo) =>
      until(
        async () => {
          await watch.look(cluster);
          return (await watch.incidents()).find(isSo);
        },
        { what, timeoutMs: WAIT_MS, everyMs: 100 },
      ),
    async lookUntilEnded(cluster) {
      await until(
        async () => {
          await watch.look(cluster);
          return (await watch.incidents()).every(({ state }) => state === 'resolved');
        },
        { what: 'all of it has ended', timeoutMs: WAIT_MS, everyMs: 100 },
      );
    },
    async reaches(cluster) {
      const { members } = watch.deps.access.reader(cluster);
      await until(async () => Promise.all(members.map((member) => member.status(1000))), {
        what: 'every member answers',
        timeoutMs: WAIT_MS,
      });
    },
    survey: () => survey(watch.deps),
    wait(ms) {
      ahead += ms;
    },
    incidents: async () => (await watch.deps.alerts.recent(100)).toReversed(),
    stories: async () => (await watch.incidents()).map(storyOf),
    async seen({ name }) {
      const { rules } = await watch.deps.alerts.load(name);
      return Object.values(rules).flatMap(({ rule, severity }) => (severity ? [`${rule} ${severity}`] : []));
    },
  };
  return watch;
}

export function watched(name: string, endpoints: readonly string[]): Cluster {
  return { ...clusterOf(pendingFix()), name, endpoints };
}

function storyOf({ cluster, cause, state, severity, signals, events }: Incident): Story {
  return {
    cluster,
    cause,
    is: `${state} ${severity}`,
    signals: signals.map(nameOf),
    events: events.map(({ kind }) => kind),
  };
}

function nameOf({ rule, severity, cleared, swallowed }: Signal): string {
  const name = `${rule} ${severity}${cleared ? ' ended' : ''}`;
  return swallowed ? `(${name})` : name;
}
