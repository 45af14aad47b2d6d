import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Redis } from 'ioredis';
import { stringify } from 'yaml';
import { startRedis } from '../../infra/local/redis.js';
import { startSlack, type LocalSlack } from '../../infra/local/slack/index.js';
import { startBot, type Bot } from '../../infra/playground/bot.js';
import { makeOutbox, makeQueues, type Queues } from '../../src/adapters/queue/queues.js';
import { connectFast, ready } from '../../src/adapters/redis/connection.js';
import { makeOperationStore } from '../../src/adapters/redis/operations.js';
import type { OperationStore, Outbox } from '../../src/domain/ports.js';
import type { Ending } from './ending.js';

export const KEY = 'a key for this benchmark alone, of forty characters and more';
export const OPERATOR = 'olga';

export interface DeskOptions {
  readonly clusters: readonly string[];
  readonly channels: readonly string[];
  readonly approvers: readonly string[];
}

/** The shipped bot in role `bot`, behind the local Slack and before a Redis that others write into too. */
export interface Desk {
  readonly slack: LocalSlack;
  readonly bot: Bot;
  readonly redis: Redis;
  readonly operations: OperationStore;
  readonly outbox: Outbox;
  readonly queues: Queues;
  /** Each line of the bot's audit trail. */
  trail(): Promise<readonly string[]>;
  log(): Promise<string>;
}

/** The cluster at this place of the list belongs to this channel. */
export function channelOf({ channels }: DeskOptions, index: number): string {
  return channels[index % channels.length] ?? '';
}

export async function startDesk(options: DeskOptions, { also, last, folder }: Ending): Promise<Desk> {
  const directory = await folder();
  const server = await also(startRedis({ appendOnly: true }));
  const slack = await also(startSlack(workspaceOf(options)));
  const configFile = join(directory, 'steward.yaml');
  const logFile = join(directory, 'steward.log');
  const stateDirectory = join(directory, 'state');
  await mkdir(stateDirectory, { mode: 0o700 });
  await writeFile(configFile, configurationOf(options, slack, stateDirectory), { mode: 0o600 });
  const started = { configFile, logFile, redisUrl: server.url, slack, env: { STEWARD_KEY: KEY } };
  const bot = await also(startBot({ ...started, role: 'bot' }));
  const redis = connectFast(server.url, () => undefined);
  last(() => redis.disconnect());
  await ready(redis);
  const queues = makeQueues(redis, () => undefined);
  last(() => Promise.all(Object.values(queues).map((queue) => queue.close())));
  return {
    ...{ slack, bot, redis, queues },
    operations: makeOperationStore(redis),
    outbox: makeOutbox(redis, queues),
    trail: () => linesOf(join(stateDirectory, 'audit.jsonl')),
    log: () => readFile(logFile, 'utf8'),
  };
}

async function linesOf(file: string): Promise<readonly string[]> {
  return (await readFile(file, 'utf8')).split('\n').filter((line) => line !== '');
}

function workspaceOf({ channels, approvers }: DeskOptions): Parameters<typeof startSlack>[0] {
  return {
    users: [OPERATOR, ...approvers].map((name) => ({ name, realName: name })),
    channels: channels.map((name) => ({ name })),
    app: { name: 'steward', commands: ['/etcd'] },
    // One clock for what is sent to the bot and for what it answers, fractions of milliseconds and all.
    now: () => performance.timeOrigin + performance.now(),
  };
}

/** Role `bot` never connects to a cluster. */
function configurationOf(
  options: DeskOptions,
  { users, channels }: LocalSlack,
  stateDirectory: string,
): string {
  const idsOf = (names: readonly string[]): readonly string[] => names.map((name) => users[name] ?? '');
  return stringify({
    stateDirectory,
    slack: { mode: 'socket', alertsChannel: Object.values(channels)[0] },
    http: { host: '127.0.0.1', port: 0 },
    policy: {
      operators: { users: idsOf([OPERATOR]) },
      approvers: { users: idsOf(options.approvers) },
      approvals: 2,
    },
    clusters: options.clusters.map((name, index) => ({
      name,
      endpoints: [`http://127.0.0.1:${String(20_000 + index)}`],
      channels: [channels[channelOf(options, index)]],
    })),
  });
}
