import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { stringify } from 'yaml';
import { startEtcd, type LocalEtcd } from '../../infra/local/etcd.js';
import { startRedis } from '../../infra/local/redis.js';
import { startSlack, type LocalSlack } from '../../infra/local/slack/index.js';
import { until } from '../../infra/local/until.js';
import { startBot } from '../../infra/playground/bot.js';
import { alarmRpc, type AlarmRequest } from '../../src/adapters/etcd/rpc.js';
import { makeSession } from '../../src/adapters/etcd/session.js';
import { connectFast, ready } from '../../src/adapters/redis/connection.js';
import type { Bench } from './bench.js';
import { ending, type Ending } from './ending.js';
import { fineCpuMs, sampled } from './fleet-gauge.js';
import { residentBytes } from './stage.js';
import { percentile } from './statistics.js';
import type { Row } from './table.js';
import { startWays } from './ways.js';

const CLUSTERS = 60;
const INTERVAL_MS = 15_000;
const METRICS_EVERY_MS = 60_000;
/** Every cluster's sample and its metrics are read in it. */
const MEASURED_MS = METRICS_EVERY_MS;
const MOST_MS = INTERVAL_MS + 1000;
const DEADLINE_MS = 5000;
/** Of a core of the member, for one monitor that watches it. */
const MOST_LOAD = 0.01;

const NAMES = Array.from({ length: CLUSTERS }, (_, index) => `bench-${String(index)}`);

/**
 * From a NOSPACE alarm of a real etcd to the message in the channel, at the usual intervals; and what watching costs the
 * member. One etcd is watched under many names, each at a moment of its own and with a channel of its own, so that one
 * alarm is met at every part of the interval, and the load of one watch is told from the noise.
 */
export const alarm: Bench = (say) =>
  ending(async (end) => {
    const { etcd, slack, watching } = await staged(end);
    const [member] = etcd.members;
    const pid = member?.pid ?? 0;
    const alone = await coreOf(pid);
    const bot = await watching();
    const watched = await coreOf(pid);
    const load = Math.max(0, watched - alone) / CLUSTERS;
    say(
      `  the member: ${percent(alone)} of a core alone, ${percent(load)} more for each monitor that watches it`,
    );
    const took = await toldAfter(etcd, slack);
    const [p50, p99] = [percentile(took, 0.5), percentile(took, 0.99)];
    say(
      `  from the alarm to the message, ${String(took.length)} times: p50 ${seconds(p50)}, p99 ${seconds(p99)}`,
    );
    return {
      rows: [
        row('NOSPACE until it is told, p99', seconds(p99), [`< ${seconds(MOST_MS)}`, p99 < MOST_MS]),
        row('load of a watch on a member', percent(load), [`< ${percent(MOST_LOAD)}`, load < MOST_LOAD]),
      ],
      memoryBytes: await residentBytes(bot.pid),
    };
  });

async function staged({ also, folder, last }: Ending) {
  const directory = await folder();
  const [etcd, server, slack] = await Promise.all([
    also(startEtcd({ version: '3.5', members: 1 })),
    also(startRedis()),
    also(
      startSlack({
        users: [],
        channels: NAMES.map((name) => ({ name })),
        app: { name: 'steward', commands: ['/etcd'] },
      }),
    ),
  ]);
  const ways = await also(startWays(Number(new URL(etcd.endpoints[0] ?? '').port), CLUSTERS));
  const redis = connectFast(server.url, () => undefined);
  last(() => redis.disconnect());
  await ready(redis);
  const configFile = join(directory, 'steward.yaml');
  const stateDirectory = join(directory, 'state');
  await mkdir(stateDirectory, { mode: 0o700 });
  await writeFile(configFile, written({ stateDirectory, addresses: ways.addresses, slack }), { mode: 0o600 });
  const watching = async () => {
    const logFile = join(directory, 'steward.log');
    const bot = await also(startBot({ configFile, logFile, redisUrl: server.url, slack }));
    const all = async (): Promise<boolean> => (await sampled(redis, NAMES)) === CLUSTERS;
    await until(all, { what: 'every cluster is sampled', timeoutMs: 120_000, everyMs: 500 });
    return bot;
  };
  return { etcd, slack, watching };
}

interface Setting {
  readonly stateDirectory: string;
  readonly addresses: readonly string[];
  readonly slack: LocalSlack;
}

function written({ stateDirectory, addresses, slack }: Setting): string {
  return stringify({
    stateDirectory,
    http: { host: '127.0.0.1', port: 0 },
    monitor: { interval: `${String(INTERVAL_MS)}ms`, metricsInterval: `${String(METRICS_EVERY_MS)}ms` },
    policy: { operators: { users: ['U1'] }, approvers: { users: ['U2'] } },
    clusters: NAMES.map((name, index) => ({
      name,
      endpoints: [`http://${addresses[index] ?? ''}`],
      channels: [slack.channels[name]],
    })),
  });
}

async function coreOf(pid: number): Promise<number> {
  const [begun, before] = [performance.now(), await fineCpuMs(pid)];
  await delay(MEASURED_MS);
  return ((await fineCpuMs(pid)) - before) / (performance.now() - begun);
}

/** As etcd itself does when a write finds no room. Milliseconds until the root stands in each channel. */
async function toldAfter(
  { endpoints: [endpoint = ''] }: LocalEtcd,
  slack: LocalSlack,
): Promise<readonly number[]> {
  const session = makeSession(endpoint, {});
  const { header } = await session.read(alarmRpc, { action: 'GET' }, DEADLINE_MS);
  const request = { action: 'ACTIVATE', memberId: header?.memberId, alarm: 'NOSPACE' };
  const begun = Date.now();
  // The bot itself has no words for this: it only ever disarms it.
  await session.act(alarmRpc, request as unknown as AlarmRequest, DEADLINE_MS);
  session.close();
  const posted = await until(
    () => {
      const roots = rootsIn(slack);
      return roots.size >= CLUSTERS && roots;
    },
    { what: 'it is told of every cluster', timeoutMs: 120_000, everyMs: 250 },
  );
  return [...posted.values()].map((at) => at - begun);
}

/** When the first message about it came, by channel. */
function rootsIn(slack: LocalSlack): ReadonlyMap<string, number> {
  const roots = new Map<string, number>();
  for (const { method, at, body } of slack.faults.log()) {
    const { channel, text } = body;
    if (method !== 'chat.postMessage' || typeof channel !== 'string' || roots.has(channel)) continue;
    if (typeof text === 'string' && text.includes('NOSPACE')) roots.set(channel, at);
  }
  return roots;
}

function row(name: string, ours: string, [limit, met]: readonly [string, boolean]): Row {
  return { name, ours, theirs: '', ratio: '', limit, met };
}

function percent(share: number): string {
  return `${(share * 100).toFixed(2)} %`;
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`;
}
