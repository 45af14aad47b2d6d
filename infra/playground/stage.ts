import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startEtcd, type LocalEtcd } from '../local/etcd.js';
import { sharedGuardian } from '../local/guardian.js';
import { startKubernetes, type LocalKubernetes } from '../local/kubernetes/index.js';
import { startRedis, type LocalRedis } from '../local/redis.js';
import { startSlack, type LocalSlack } from '../local/slack/index.js';
import { startBot, type Bot } from './bot.js';
import { configurationOf } from './configuration.js';
import { PEOPLE } from './people.js';
import { startPods, type Mood, type Pods } from './pods.js';

const QUOTA_BYTES = 16 * 1024 ** 2;
const CHANNEL = 'platform';

/** Everything that plays: real etcd, real Redis, the local Slack, the shipped bot, and pods that come and go. */
export interface Stage {
  readonly etcd: LocalEtcd;
  readonly kubernetes: LocalKubernetes;
  readonly redis: LocalRedis;
  readonly slack: LocalSlack;
  readonly bot: Bot;
  readonly pods: Pods;
  readonly directory: string;
  stop(): Promise<void>;
}

export type Say = (line: string) => void;

/** What the stage tells while it plays: lines of progress, and how the pods fare. */
export interface Telling {
  readonly say: Say;
  onMood(mood: Mood): void;
}

/** Sets the stage for the incident, and lets it begin: from here on it plays by itself. */
export async function setStage(telling: Telling): Promise<Stage> {
  const undo: (() => Promise<unknown>)[] = [];
  const stop = async (): Promise<void> => {
    for (let last = undo.pop(); last; last = undo.pop()) await last();
  };
  try {
    return { ...(await build(telling, undo)), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function build(
  { say, onMood }: Telling,
  undo: (() => Promise<unknown>)[],
): Promise<Omit<Stage, 'stop'>> {
  const directory = await mkdtemp(join(tmpdir(), 'etcd-steward-'));
  sharedGuardian().dir(directory);
  undo.push(() => rm(directory, { recursive: true, force: true }));
  say('▸ starting three etcd members with a quota of 16 MiB, Redis, a Kubernetes and a Slack of your own …');
  const [etcd, redis, slack] = await Promise.all([
    kept(undo, startEtcd({ version: '3.4', members: 3, quotaBytes: QUOTA_BYTES, progress: say })),
    kept(undo, startRedis({ progress: say })),
    kept(undo, startSlack(workspace())),
  ]);
  // As large as a block with many names in it: the quota lasts for about two minutes, not for weeks.
  const calico = { datastore: 'etcd', endpoints: etcd.endpoints, padBlocksTo: 16_384 } as const;
  const kubernetes = await kept(undo, startKubernetes({ calico, context: 'demo' }));
  const kubeconfig = join(directory, 'kubeconfig');
  kubernetes.kubeconfig(kubeconfig);
  const configFile = join(directory, 'steward.yaml');
  await mkdir(join(directory, 'state'), { mode: 0o700 });
  const channel = slack.channels[CHANNEL] ?? '';
  const setting = {
    stateDirectory: join(directory, 'state'),
    channel,
    users: slack.users,
    endpoints: etcd.endpoints,
    kubeconfig,
  };
  await writeFile(configFile, configurationOf(setting), { mode: 0o600 });
  say('▸ starting the bot …');
  const logFile = join(directory, 'steward.log');
  const bot = await kept(undo, startBot({ configFile, logFile, redisUrl: redis.url, slack }));
  say('▸ letting short-lived pods come and go, as they did in the incident …');
  const pods = startPods(kubernetes, { endpoints: etcd.endpoints, quotaBytes: QUOTA_BYTES, onMood });
  undo.push(async () => {
    pods.stop();
  });
  return { etcd, kubernetes, redis, slack, bot, pods, directory };
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
