import type { Redis } from 'ioredis';
import { startRedis, type LocalRedis } from '../../infra/local/redis.js';
import { until } from '../../infra/local/until.js';
import { connectFast, ready } from '../../src/adapters/redis/connection.js';
import { startForwarder } from './forwarder.js';

/** A primary with one replica, behind an address that can be led to the other one. */
export interface Pair {
  readonly replica: LocalRedis;
  /** As the program connects: to whoever is the primary now. */
  readonly client: Redis;
  /** From now on the replica gets nothing any more. */
  cut(): Promise<void>;
  /** The primary dies; the replica, as far as it got, takes its place. */
  failOver(): Promise<void>;
  close(): Promise<void>;
}

/** What this connection has written is on the replica too. */
export async function caughtUp(client: Redis): Promise<boolean> {
  return (await client.wait(1, 500)) >= 1;
}

/** The primary is a master too, and may answer once more while it dies; its connections may end after the new one stands. */
function steadily(holds: () => Promise<boolean>): () => Promise<boolean> {
  let times = 0;
  return async () => {
    const held = await holds().catch(() => false);
    times = held ? times + 1 : 0;
    return times >= 4;
  };
}

function isAt(port: number, info: string): boolean {
  return info.includes(`tcp_port:${String(port)}\r`) && info.includes('role:master');
}

export async function startPair(): Promise<Pair> {
  const primary = await startRedis({ args: ['--repl-diskless-sync-delay', '0'] });
  const replica = await startRedis({ args: ['--replicaof', '127.0.0.1', String(primary.port)] });
  const forwarder = await startForwarder(primary.port);
  const [client, onReplica] = [forwarder.url, replica.url].map((url) => connectFast(url, () => undefined));
  if (!client || !onReplica) throw new Error('no connection');
  await Promise.all([ready(client), ready(onReplica)]);
  const cut = async (): Promise<void> => {
    await onReplica.replicaof('NO', 'ONE');
    await until(async () => /connected_slaves:0/.test(await client.info('replication')), {
      what: 'it is cut',
    });
  };
  await until(() => caughtUp(client), { what: 'the replica has caught up' });
  return {
    replica,
    client,
    cut,
    async failOver() {
      await primary.kill();
      await onReplica.replicaof('NO', 'ONE');
      forwarder.leadTo(replica.port);
      await until(
        steadily(async () => isAt(replica.port, await client.info())),
        { what: 'it is promoted' },
      );
    },
    async close() {
      client.disconnect();
      onReplica.disconnect();
      replica.resume();
      await forwarder.close();
      await Promise.all([primary.stop(), replica.stop()]);
    },
  };
}
