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
import { agesOf, cpuMs, sampled, type Ages } from './fleet-gauge.js';
import { residentBytes } from './stage.js';
import type { Row } from './table.js';

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

const MOST_CORE = 0.6;
const MOST_BYTES = 500 * 1024 ** 2;
const MOST_AGE_MS = STATUS_EVERY_MS;
/** Of the answers that the intervals ask for. */
const LEAST_ANSWERS = 0.97;

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

interface Watched {
  readonly clusters: number;
  /** Share of one core. */
  readonly core: number;
  readonly redisCore: number;
  readonly fleetCore: number;
  readonly bytes: number;
  readonly ages: Ages;
  /** Members' answers, as a share of those that the intervals ask for. */
  readonly status: number;
  readonly metrics: number;
}

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

function told({ clusters, core, redisCore, fleetCore, bytes, ages, status, metrics }: Watched): string {
  const { p50, p99, worst } = ages;
  return [
    `${String(clusters)} clusters: ${percent(core)} of a core (Redis ${percent(redisCore)}, the fleet ${percent(fleetCore)})`,
    mebibytes(bytes),
    `age of a sample p50 ${seconds(p50)}, p99 ${seconds(p99)}, worst ${seconds(worst)}`,
    `of the answers due: Status ${percent(status)}, metrics ${percent(metrics)}`,
  ].join('; ');
}

function growth(few: Watched, many: Watched): string {
  const times = (of: (one: Watched) => number): string => `× ${(of(many) / of(few)).toFixed(1)}`;
  const [core, bytes, age] = [
    times((one) => one.core),
    times((one) => one.bytes),
    times((one) => one.ages.p99),
  ];
  return `processor ${core}, memory ${bytes}, age of a sample ${age}`;
}

function rowsOf(many: Watched): readonly Row[] {
  const name = (what: string): string => `monitor of ${String(many.clusters)} clusters, ${what}`;
  const row = (what: string, ours: string, [limit, met]: readonly [string, boolean]): Row => ({
    ...{ name: name(what), ours, theirs: '', ratio: '', limit, met },
  });
  const answers = Math.min(many.status, many.metrics);
  return [
    row('share of a core', percent(many.core), [`< ${percent(MOST_CORE)}`, many.core < MOST_CORE]),
    row('resident memory', mebibytes(many.bytes), [`< ${mebibytes(MOST_BYTES)}`, many.bytes < MOST_BYTES]),
    row('age of a sample, p99', seconds(many.ages.p99), [
      `< ${seconds(MOST_AGE_MS)}`,
      many.ages.p99 < MOST_AGE_MS,
    ]),
    row('read of what was due', percent(answers), [`≥ ${percent(LEAST_ANSWERS)}`, answers >= LEAST_ANSWERS]),
  ];
}

function percent(share: number): string {
  return `${(share * 100).toFixed(0)} %`;
}

function mebibytes(bytes: number): string {
  return `${(bytes / 1024 ** 2).toFixed(0)} MiB`;
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`;
}
