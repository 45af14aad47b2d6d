import { execFile } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { startEtcd, type LocalEtcd } from '../../infra/local/etcd.js';
import { startRedis } from '../../infra/local/redis.js';
import { startSlack, type LocalSlack } from '../../infra/local/slack/index.js';
import { startBot, type Bot } from '../../infra/playground/bot.js';
import { configurationOf } from './configuration.js';
import { ending, type Ending, type Stoppable } from './ending.js';

const run = promisify(execFile);

export const CLUSTER = 'bench';
export const OPERATOR = 'olga';
export const APPROVER = 'anna';

export interface StageOptions {
  readonly quotaBytes?: number;
  /** Each with everybody in it. */
  readonly channels: readonly string[];
  /** Beside the operator and the approver. */
  readonly people?: readonly string[];
}

/** The shipped bot in role `all` behind the local Slack, with a cluster of its own to look after. */
export interface Stage {
  readonly etcd: LocalEtcd;
  readonly slack: LocalSlack;
  readonly bot: Bot;
  /** Something to be ended with the stage. */
  also<T extends Stoppable>(part: Promise<T>): Promise<T>;
  /** Resident memory of the bot, bytes. */
  memory(): Promise<number>;
}

/** Whatever happens in between, all that was started is ended. */
export function onStage<T>(options: StageOptions, play: (stage: Stage) => Promise<T>): Promise<T> {
  return ending(async (end) => play(await build(options, end)));
}

async function build(options: StageOptions, { also, folder }: Ending): Promise<Stage> {
  const directory = await folder();
  const [etcd, redis, slack] = await Promise.all([
    also(startCluster(options.quotaBytes)),
    also(startRedis()),
    also(startSlack(workspaceOf(options))),
  ]);
  const configFile = join(directory, 'steward.yaml');
  const stateDirectory = join(directory, 'state');
  await mkdir(stateDirectory, { mode: 0o700 });
  await writeFile(configFile, written(slack, etcd, stateDirectory), { mode: 0o600 });
  const logFile = join(directory, 'steward.log');
  const bot = await also(startBot({ configFile, logFile, redisUrl: redis.url, slack }));
  return { etcd, slack, bot, also, memory: () => residentBytes(bot.pid) };
}

/** Everything but the quota as etcd does it by itself. */
export function startCluster(quotaBytes?: number): Promise<LocalEtcd> {
  return startEtcd({ version: '3.5', members: 3, ...(quotaBytes === undefined ? {} : { quotaBytes }) });
}

function workspaceOf({ channels, people = [] }: StageOptions): Parameters<typeof startSlack>[0] {
  return {
    users: [OPERATOR, APPROVER, ...people].map((name) => ({ name, realName: name })),
    channels: channels.map((name) => ({ name })),
    app: { name: 'steward', commands: ['/etcd'] },
  };
}

function written(slack: LocalSlack, etcd: LocalEtcd, stateDirectory: string): string {
  const channels = Object.values(slack.channels);
  return configurationOf({
    stateDirectory,
    channels,
    alertsChannel: channels[0] ?? '',
    operator: slack.users[OPERATOR] ?? '',
    approver: slack.users[APPROVER] ?? '',
    cluster: { name: CLUSTER, endpoints: etcd.endpoints },
  });
}

export async function residentBytes(pid: number): Promise<number> {
  const { stdout } = await run('ps', ['-o', 'rss=', '-p', String(pid)]);
  return Number(stdout) * 1024;
}
