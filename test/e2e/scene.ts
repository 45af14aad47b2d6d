import { afterAll, beforeAll, expect } from '@jest/globals';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startEtcd, type EtcdOptions, type LocalEtcd } from '../../infra/local/etcd.js';
import { sharedGuardian } from '../../infra/local/guardian.js';
import {
  startKubernetes,
  type KubernetesOptions,
  type LocalKubernetes,
} from '../../infra/local/kubernetes/index.js';
import { startRedis, type LocalRedis, type RedisOptions } from '../../infra/local/redis.js';
import { startSlack, type Driver, type LocalSlack } from '../../infra/local/slack/index.js';
import type { LocalUser, SlackOptions } from '../../infra/local/slack/types.js';
import { startBot, type Bot } from '../../infra/playground/bot.js';
import { writeConfiguration, type Settings } from './configuration.js';
import { refusedContents, troubleIn } from './trouble.js';

export const PEOPLE: LocalUser[] = [
  { name: 'olga', realName: 'Olga Operator' },
  { name: 'anna', realName: 'Anna Approver' },
  { name: 'ben', realName: 'Ben Approver' },
  { name: 'vera', realName: 'Vera Viewer' },
  { name: 'nora', realName: 'Nora Nobody' },
];

export const WORKSPACE: SlackOptions = {
  users: PEOPLE,
  channels: [{ name: 'platform' }, { name: 'elsewhere' }, { name: 'alerts' }],
  app: { name: 'steward', commands: ['/etcd'] },
};

export const KEY = 'a key for these tests alone, of forty characters and more';

export interface SceneOptions {
  readonly etcd?: Partial<EtcdOptions>;
  readonly redis?: RedisOptions;
  readonly slack?: Partial<SlackOptions>;
  /** Left out: there is none. The cluster's entry in the configuration names it. */
  readonly kubernetes?: (etcd: LocalEtcd) => KubernetesOptions;
  /** Keys of the cluster's entry in the configuration; those that need an address are made of the parts. */
  readonly cluster?: Settings | ((parts: StartedParts) => Settings | Promise<Settings>);
  /** Keys beside the clusters. */
  readonly settings?: Settings | ((parts: StartedParts) => Settings);
  readonly others?: (parts: StartedParts) => readonly Settings[] | Promise<readonly Settings[]>;
  /** Each in a process of its own; left out: one process that does everything. */
  readonly roles?: readonly string[];
  /** What the bot may complain about in its log, because the scene makes it so. */
  readonly expectedTrouble?: RegExp;
}

export interface StartedParts {
  readonly directory: string;
  readonly etcd: LocalEtcd;
  readonly redis: LocalRedis;
  readonly slack: LocalSlack;
  readonly kubernetes?: LocalKubernetes | undefined;
}

/** Real etcd, real Redis, the local Slack, and the shipped program as a child. */
export interface Scene extends StartedParts {
  /** Fails where the scene has none. */
  readonly kubernetes: LocalKubernetes;
  readonly drive: Driver;
  /** The one that was started last. */
  readonly bot: Bot;
  /** In the order of their starts. */
  readonly bots: readonly Bot[];
  startBot(): Promise<Bot>;
  /** Something to be ended with the scene. */
  also<T extends Stoppable>(part: T): T;
  log(): Promise<string>;
}

interface Stoppable {
  stop(): Promise<unknown>;
}

type Undo = (() => Promise<unknown>)[];

/** One scene for the tests around; whatever happens, all that it started is ended. */
export function aScene(options: SceneOptions = {}): Scene {
  const undo: Undo = [];
  let parts: StartedParts | undefined;
  const bots: Bot[] = [];
  let configFile = '';
  const there = (): StartedParts => parts ?? absent();
  const logFile = (): string => join(there().directory, 'steward.log');
  const log = (): Promise<string> => readFile(logFile(), 'utf8');

  async function start(): Promise<Bot> {
    const { redis, slack } = there();
    const common = { configFile, logFile: logFile(), redisUrl: redis.url, slack, env: { STEWARD_KEY: KEY } };
    for (const role of options.roles ?? ['all']) {
      const started = await startBot({ ...common, role });
      undo.push(() => started.kill());
      bots.push(started);
    }
    return bots.at(-1) ?? absent();
  }

  beforeAll(async () => {
    parts = await startParts(options, undo);
    configFile = await configure(options, parts);
    await start();
  });

  afterAll(async () => {
    const calls = parts?.slack.faults.log() ?? [];
    const said = bots.length > 0 ? await log() : '';
    for (let last = undo.pop(); last; last = undo.pop()) await last();
    expect(refusedContents(calls)).toEqual([]);
    expect(troubleIn(said, options.expectedTrouble)).toEqual([]);
  });

  return {
    get directory() {
      return there().directory;
    },
    get etcd() {
      return there().etcd;
    },
    get redis() {
      return there().redis;
    },
    get slack() {
      return there().slack;
    },
    get kubernetes() {
      return there().kubernetes ?? absent();
    },
    get drive() {
      return there().slack.drive;
    },
    get bot() {
      return bots.at(-1) ?? absent();
    },
    bots,
    startBot: start,
    also(part) {
      undo.push(() => part.stop());
      return part;
    },
    log,
  };
}

function absent(): never {
  throw new Error('the scene has not been set');
}

async function startParts(options: SceneOptions, undo: Undo): Promise<StartedParts> {
  const directory = await mkdtemp(join(tmpdir(), 'etcd-steward-e2e-'));
  sharedGuardian().dir(directory);
  undo.push(async () => {
    await rm(directory, { recursive: true, force: true, maxRetries: 5 });
    sharedGuardian().release(directory);
  });
  const kept = async <T extends Stoppable>(starting: Promise<T>): Promise<T> => {
    const started = await starting;
    undo.push(() => started.stop());
    return started;
  };
  const starting = [
    kept(startEtcd({ version: '3.5', members: 3, ...options.etcd })),
    kept(startRedis(options.redis)),
    kept(startSlack({ ...WORKSPACE, ...options.slack })),
  ] as const;
  // All of them have to be known before one failure ends the scene.
  await Promise.allSettled(starting);
  const [etcd, redis, slack] = await Promise.all(starting);
  const kubernetes = options.kubernetes && (await kept(startKubernetes(options.kubernetes(etcd))));
  return { directory, etcd, redis, slack, kubernetes };
}

async function configure(options: SceneOptions, parts: StartedParts): Promise<string> {
  const { cluster, settings, others } = options;
  return writeConfiguration({
    ...parts,
    kubernetes: parts.kubernetes && kubernetesIn(parts.directory, parts.kubernetes),
    cluster: (typeof cluster === 'function' ? await cluster(parts) : cluster) ?? {},
    settings: (typeof settings === 'function' ? settings(parts) : settings) ?? {},
    others: (await others?.(parts)) ?? [],
  });
}

function kubernetesIn(directory: string, kubernetes: LocalKubernetes): Settings {
  const kubeconfig = join(directory, 'kubeconfig');
  kubernetes.kubeconfig(kubeconfig);
  return { kubeconfig, context: kubernetes.context };
}
