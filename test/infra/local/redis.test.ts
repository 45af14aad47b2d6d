import { afterEach, describe, expect, it } from '@jest/globals';
import { existsSync } from 'node:fs';
import { Redis } from 'ioredis';
import { startRedis, type LocalRedis } from '../../../infra/local/redis.js';

let redis: LocalRedis | undefined;

afterEach(async () => {
  await redis?.stop();
  redis = undefined;
});

async function withClient<T>(work: (client: Redis) => Promise<T>): Promise<T> {
  const client = new Redis(redis!.url);
  try {
    return await work(client);
  } finally {
    client.disconnect();
  }
}

describe('a local Redis', () => {
  it('keeps its data over a restart with appendOnly', async () => {
    redis = await startRedis({ appendOnly: true });
    const firstPid = redis.pid;
    await withClient((client) => client.set('kept', 'yes'));
    await redis.restart();
    expect(await withClient((client) => client.get('kept'))).toBe('yes');
    expect(redis.pid).not.toBe(firstPid);
  });

  it('forgets its data over a restart without, and never evicts', async () => {
    redis = await startRedis();
    await withClient((client) => client.set('kept', 'no'));
    await redis.restart();
    expect(await withClient((client) => client.get('kept'))).toBeNull();
    expect(await withClient((client) => client.config('GET', 'maxmemory-policy'))).toContain('noeviction');
  });

  it('leaves no data behind when it is stopped', async () => {
    const stopped = await startRedis();
    await stopped.stop();
    expect(existsSync(stopped.directory)).toBe(false);
  });
});
