import { describe, expect, it } from '@jest/globals';
import { once } from 'node:events';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import type { Message } from '../../infra/local/slack/types.js';
import { until } from '../../infra/local/until.js';
import type { AlertBook } from '../../src/domain/alerting/incident.js';
import { startForwarder, type Forwarder } from '../faults/forwarder.js';
import { CLUSTER } from './configuration.js';
import { incidentsIn, isRoot, replyThat, rootsIn } from './incidents.js';
import { aScene } from './scene.js';
import { ask, cardSays, headerOf, textOf } from './talk.js';
import { inRedis } from './truth.js';

const OTHERS = ['two', 'three', 'four'];
const HELD_MS = 4000;

describe('When the network of the monitor is gone', () => {
  const paths: Forwarder[] = [];
  const scene = aScene({
    etcd: { members: 1 },
    cluster: async ({ etcd }) => ({ endpoints: [await pathTo(etcd.endpoints[0])] }),
    others: ({ etcd, slack }) =>
      Promise.all(
        OTHERS.map(async (name) => ({
          name,
          endpoints: [await pathTo(etcd.endpoints[0])],
          channels: [slack.channels['platform']],
        })),
      ),
    settings: {
      alerts: { thresholds: { 'insufficient-members': { for: '4s' }, 'members-down': { for: '4s' } } },
    },
  });
  let root: Message;

  it('one incident says that it is blind, in the alerts channel', async () => {
    const { port, ...hole } = await aHole();
    scene.also(hole);
    for (const path of paths) path.leadTo(port);
    root = await scene.drive.waitForMessage('platform', isRoot);
    expect(headerOf(root)).toMatch(/Critical · all clusters: I am blind: [34] of 4 clusters cannot be read/);
  });

  it('the clusters are not told of one by one, however long it lasts', async () => {
    await until(async () => (await Promise.all([CLUSTER, ...OTHERS].map(isOverdue))).every(Boolean), {
      what: 'each cluster has been dark for longer than its rule waits',
      timeoutMs: 15_000,
    });
    const told = (await incidentsIn(scene.redis)).filter(({ untold }) => untold !== true);
    expect(told.map(({ cause }) => cause)).toEqual(['monitor']);
    expect(await rootsIn(scene)).toHaveLength(1);
    const { message } = await ask(scene, { text: 'incidents' });
    expect(textOf(message)).toContain('all clusters');
  });

  it('it ends in the same thread when the network is back, and nothing else is left of it', async () => {
    const port = Number(new URL(scene.etcd.endpoints[0] ?? '').port);
    for (const path of paths) path.leadTo(port);
    await cardSays(scene, root, /Resolved/, 20_000);
    await replyThat(scene, root, /Resolved after .*clusters can be read/);
    await until(async () => (await open()).length === 0, { what: 'nothing fires', timeoutMs: 15_000 });
    expect(await rootsIn(scene)).toHaveLength(1);
    expect((await scene.drive.messages('elsewhere')).filter(isRoot)).toEqual([]);
  });

  async function pathTo(url: string | undefined): Promise<string> {
    const path = await startForwarder(Number(new URL(url ?? '').port));
    paths.push(path);
    scene.also({ stop: () => path.close() });
    return path.url.replace('redis:', 'http:');
  }

  function book(cluster: string): Promise<AlertBook | null> {
    return inRedis(scene.redis, async (client) => {
      const json = await client.hget(`{steward}:alerts:${cluster}`, 'json');
      return json === null ? null : (JSON.parse(json) as AlertBook);
    });
  }

  async function isOverdue(cluster: string): Promise<boolean> {
    const since = (await book(cluster))?.rules['insufficient-members']?.seenSince.critical;
    return since !== undefined && Date.now() - since > HELD_MS + 2000;
  }

  async function open(): Promise<readonly string[]> {
    const books = await Promise.all([CLUSTER, ...OTHERS, '*'].map(book));
    const incidents = books.flatMap((one) => one?.incidents ?? []);
    return incidents.filter(({ state }) => state === 'firing').map(({ cluster }) => cluster);
  }
});

/** Where packets vanish: it takes every connection, and nothing ever comes back. */
async function aHole(): Promise<{ readonly port: number; stop(): Promise<void> }> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.on('close', () => sockets.delete(socket));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    async stop() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}
