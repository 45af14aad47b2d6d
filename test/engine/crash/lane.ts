import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import type { Redis } from 'ioredis';
import { projectRoot } from '../../../infra/local/paths.js';
import { startRedis, type LocalRedis } from '../../../infra/local/redis.js';
import { connectFast, ready } from '../../../src/adapters/redis/connection.js';
import type { Orders } from './child.js';
import { aScene, type Scene } from './scene.js';

const CHILD = join(projectRoot(), 'dist/test/engine/crash/child.js');

export interface Outcome {
  readonly signal: NodeJS.Signals | null;
  readonly code: number | null;
  /** What it passed; only one that ended by itself can say. */
  readonly points: readonly string[];
}

/** A Redis of its own, for one operation after another, so that several can be walked side by side. */
export interface Lane {
  fresh(): Promise<Scene>;
  /** An executor in a process of its own; returns when it is gone. */
  run(scene: Scene, orders?: Partial<Orders>): Promise<Outcome>;
  close(): Promise<void>;
}

export async function openLane(): Promise<Lane> {
  const server = await startRedis();
  const root = await mkdtemp(join(tmpdir(), 'etcd-steward-lane-'));
  const redis = connectFast(server.url, () => undefined);
  await ready(redis);
  const children = new Set<ChildProcess>();
  let turn = 0;
  return {
    async fresh() {
      await redis.flushall();
      return aScene(redis, join(root, String(++turn)));
    },
    run: (scene, orders = {}) => run({ children, url: server.url }, scene, orders),
    close: () => close({ children, redis, server, root }),
  };
}

interface Nursery {
  readonly children: Set<ChildProcess>;
  readonly url: string;
}

async function run({ children, url }: Nursery, scene: Scene, changes: Partial<Orders>): Promise<Outcome> {
  const { directory, cluster } = scene;
  const orders: Orders = { url, directory, cluster, work: 'execute', operation: 'op1', ...changes };
  const child = spawn(process.execPath, [CHILD, JSON.stringify(orders)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  children.add(child);
  const [said, [code, signal]] = await Promise.all([text(child.stdout), once(child, 'exit')]);
  children.delete(child);
  const points = said === '' ? [] : (JSON.parse(said) as string[]);
  return { code: code as number | null, signal: signal as NodeJS.Signals | null, points };
}

interface Opened {
  readonly children: Set<ChildProcess>;
  readonly redis: Redis;
  readonly server: LocalRedis;
  readonly root: string;
}

async function close({ children, redis, server, root }: Opened): Promise<void> {
  for (const child of children) child.kill('SIGKILL');
  redis.disconnect();
  await server.stop();
  await rm(root, { recursive: true, force: true });
}

/** Walks the numbers from 1 to `count`, side by side in as many lanes as there are; each lane takes the next one. */
export async function walk(
  lanes: readonly Lane[],
  count: number,
  visit: (lane: Lane, number: number) => Promise<void>,
): Promise<void> {
  let next = 1;
  const along = async (lane: Lane): Promise<void> => {
    while (next <= count) await visit(lane, next++);
  };
  await Promise.all(lanes.map(along));
}
