import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startEtcd, type LocalEtcd } from '../local/etcd.js';
import { fillUntilFull, startWriter, type Writer } from '../local/fill.js';
import { sharedGuardian } from '../local/guardian.js';
import { startRedis, type LocalRedis } from '../local/redis.js';
import { startSlack, type LocalSlack } from '../local/slack/index.js';
import { startBot, type Bot } from './bot.js';
import { configurationOf } from './configuration.js';
import { PEOPLE } from './people.js';

const QUOTA_BYTES = 16 * 1024 ** 2;
const CHANNEL = 'platform';

/** Everything that plays: real etcd, real Redis, the local Slack, the shipped bot, and clients that write. */
export interface Stage {
  readonly etcd: LocalEtcd;
  readonly redis: LocalRedis;
  readonly slack: LocalSlack;
  readonly bot: Bot;
  readonly writer: Writer;
  readonly directory: string;
  stop(): Promise<void>;
}

export type Say = (line: string) => void;

/** Sets the stage for the incident, and plays it up to the point where every write is refused. */
export async function setStage(say: Say): Promise<Stage> {
  const undo: (() => Promise<unknown>)[] = [];
  const stop = async (): Promise<void> => {
    for (let last = undo.pop(); last; last = undo.pop()) await last();
  };
  try {
    return { ...(await build(say, undo)), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function build(say: Say, undo: (() => Promise<unknown>)[]): Promise<Omit<Stage, 'stop'>> {
  const directory = await mkdtemp(join(tmpdir(), 'etcd-steward-'));
  sharedGuardian().dir(directory);
  undo.push(() => rm(directory, { recursive: true, force: true }));
  say('▸ starting three etcd members with a quota of 16 MiB, Redis and a Slack of your own …');
  const [etcd, redis, slack] = await Promise.all([
    kept(undo, startEtcd({ version: '3.4', members: 3, quotaBytes: QUOTA_BYTES, progress: say })),
    kept(undo, startRedis({ progress: say })),
    kept(undo, startSlack(workspace())),
  ]);
  const configFile = join(directory, 'steward.yaml');
  await mkdir(join(directory, 'state'), { mode: 0o700 });
  const channel = slack.channels[CHANNEL] ?? '';
  const setting = {
    stateDirectory: join(directory, 'state'),
    channel,
    users: slack.users,
    endpoints: etcd.endpoints,
  };
  await writeFile(configFile, configurationOf(setting), { mode: 0o600 });
  say('▸ starting the bot …');
  const logFile = join(directory, 'steward.log');
  const bot = await kept(undo, startBot({ configFile, logFile, redisUrl: redis.url, slack }));
  say('▸ letting short-lived pods fill calico-etcd, as they did in the incident …');
  const { writes, refusedWith } = await fillUntilFull(etcd.endpoints);
  say(`▸ after ${String(writes)} writes: ${refusedWith}`);
  const writer = startWriter(etcd.endpoints, { writesPerSecond: 5 });
  undo.push(() => writer.stop());
  return { etcd, redis, slack, bot, writer, directory };
}

function workspace(): Parameters<typeof startSlack>[0] {
  return {
    users: PEOPLE,
    channels: [{ name: CHANNEL }],
    app: { name: 'steward', commands: ['/etcd'] },
  };
}

/** What has been started is stopped again, whatever happens to what is started beside it. */
async function kept<T extends { stop(): Promise<unknown> }>(
  undo: (() => Promise<unknown>)[],
  started: Promise<T>,
): Promise<T> {
  const part = await started;
  undo.push(() => part.stop());
  return part;
}
