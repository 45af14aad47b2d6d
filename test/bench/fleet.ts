import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Redis } from 'ioredis';
import { stringify } from 'yaml';
import { startEtcd } from '../../infra/local/etcd.js';
import { startFleet, type Fleet, type FleetCluster } from '../../infra/local/fleet/index.js';
import { startRedis } from '../../infra/local/redis.js';
import { until } from '../../infra/local/until.js';
import { startBot, type Bot } from '../../infra/playground/bot.js';
import { connectFast, ready } from '../../src/adapters/redis/connection.js';
import type { Bench } from './bench.js';
import { ending } from './ending.js';
import { agesOf, cpuMs, sampled } from './fleet-gauge.js';
import { growth, rowsOf, told, type Watched } from './fleet-told.js';
import { residentBytes } from './stage.js';

const SMALL = 100;
const LARGE = 1000;
const SECURE_EVERY = 10;
const MEMBERS = 3;
const STATUS_EVERY_MS = 15_000;
const METRICS_EVERY_MS = 60_000;
/** From the first sample of the last cluster on: connections stand, code is compiled. */
const WARM_UP_MS = 20_000;
/** Every member's metrics are read once in it. */
const MEASURED_MS = METRICS_EVERY_MS;

/** One monitor process before a fleet that only answers, and what it costs; the fleet's own process counts for nothing. */
export const fleet: Bench = async (say) => {
  const pages = await realPages();
  const few = await watched(SMALL, pages);
  say(`  ${told(few)}`);
  const many = await watched(LARGE, pages);
  say(`  ${told(many)}`);
  say(`  from ${String(SMALL)} to ${String(LARGE)} clusters: ${growth(few, many)}`);
  return { rows: rowsOf(many), memoryBytes: many.bytes };
};

/** /metrics of three real members, 160 KB each. */
async function realPages(): Promise<readonly string[]> {
  const etcd = await startEtcd({ version: '3.5', members: MEMBERS });
  try {
    await etcd.etcdctl('put', 'some', 'thing');
    return await Promise.all(
      etcd.endpoints.map(async (endpoint) => (await fetch(new URL('/metrics', endpoint))).text()),
    );
  } finally {
    await etcd.stop();
  }
}

function watched(count: number, pages: readonly string[]): Promise<Watched> {
  return ending(async (end) => {
    const directory = await end.folder();
    const options = {
      clusters: count,
      secureEvery: SECURE_EVERY,
      pages,
      directory: join(directory, 'fleet'),
    };
    const simulated = await end.also(startFleet(options));
    const server = await end.also(startRedis());
    const monitor = await end.also(startMonitor({ directory, redisUrl: server.url, fleet: simulated }));
    const redis = connectFast(server.url, () => undefined);
    end.last(() => redis.disconnect());
    await ready(redis);
    const names = simulated.clusters.map(({ name }) => name);
    await warm(redis, names);
    const pids = { monitor: monitor.pid, redis: server.pid, fleet: simulated.pid };
    return measured({ redis, names, pids, fleet: simulated });
  });
}

async function warm(redis: Redis, names: readonly string[]): Promise<void> {
  const all = async (): Promise<boolean> => (await sampled(redis, names)) === names.length;
  await until(all, { what: 'every cluster is sampled', timeoutMs: 120_000, everyMs: 500 });
  await delay(WARM_UP_MS);
}

interface MonitorOptions {
  readonly directory: string;
  readonly redisUrl: string;
  readonly fleet: Fleet;
}

/** The shipped program, told nothing but what it needs. */
async function startMonitor({ directory, redisUrl, fleet }: MonitorOptions): Promise<Bot> {
  const configFile = join(directory, 'steward.yaml');
  await writeFile(configFile, configurationOf(directory, fleet.clusters), { mode: 0o600 });
  return startBot({
    ...{ configFile, redisUrl, role: 'monitor', logFile: join(directory, 'steward.log') },
    slack: { apiUrl: '', botToken: '', appToken: '' },
    env: { STEWARD_KEY: 'a key for this benchmark alone, of forty characters and more' },
  });
}

function configurationOf(stateDirectory: string, clusters: readonly FleetCluster[]): string {
  return stringify({
    stateDirectory,
    http: { host: '127.0.0.1', port: 0 },
    monitor: { interval: `${String(STATUS_EVERY_MS)}ms`, metricsInterval: `${String(METRICS_EVERY_MS)}ms` },
    policy: { operators: { users: ['U1'] }, approvers: { users: ['U2'] } },
    slack: { alertsChannel: 'C0ALERTS' },
    clusters,
  });
}

interface Subject {
  readonly redis: Redis;
  readonly names: readonly string[];
  readonly pids: Readonly<Record<'monitor' | 'redis' | 'fleet', number>>;
  readonly fleet: Fleet;
}

async function measured({ redis, names, pids, fleet }: Subject): Promise<Watched> {
  const take = () =>
    Promise.all([cpuMs(pids.monitor), cpuMs(pids.redis), cpuMs(pids.fleet), fleet.served()] as const);
  const begun = performance.now();
  const before = await take();
  const [ages, bytes] = await Promise.all([agesOf(redis, names, MEASURED_MS), mostBytes(pids.monitor)]);
  const after = await take();
  const tookMs = performance.now() - begun;
  const core = (at: 0 | 1 | 2): number => (after[at] - before[at]) / tookMs;
  const answers = (what: 'status' | 'pages', everyMs: number): number =>
    (after[3][what] - before[3][what]) / ((names.length * MEMBERS * tookMs) / everyMs);
  return {
    ...{ clusters: names.length, ages, bytes, core: core(0), redisCore: core(1), fleetCore: core(2) },
    ...{ status: answers('status', STATUS_EVERY_MS), metrics: answers('pages', METRICS_EVERY_MS) },
  };
}

const WEIGHED_EVERY_MS = 2000;

/** The most resident memory while it is measured: it breathes with the collector of garbage. */
async function mostBytes(pid: number): Promise<number> {
  const end = performance.now() + MEASURED_MS;
  let most = 0;
  while (performance.now() < end) {
    most = Math.max(most, await residentBytes(pid));
    await delay(WEIGHED_EVERY_MS);
  }
  return most;
}
