import { afterAll, afterEach, beforeAll, beforeEach } from '@jest/globals';
import type { Redis } from 'ioredis';
import { startRedis, type LocalRedis, type RedisOptions } from '../infra/local/redis.js';
import { connectFast, ready } from '../src/adapters/redis/connection.js';
import { TargetError } from '../src/domain/errors.js';

export interface RedisOfTests {
  readonly server: LocalRedis;
  readonly client: Redis;
}

/** One real Redis for a file of tests, empty before each of them, with a connection as the program makes it. */
export function oneRedis(options: RedisOptions = {}): RedisOfTests {
  const parts: { server?: LocalRedis; client?: Redis } = {};
  beforeAll(async () => {
    parts.server = await startRedis(options);
  });
  beforeEach(async () => {
    parts.client = connectFast(parts.server!.url, () => undefined);
    await ready(parts.client);
    await parts.client.flushall();
  });
  afterEach(() => {
    parts.client?.disconnect();
  });
  afterAll(async () => {
    await parts.server?.stop();
  });
  return {
    get server() {
      return parts.server!;
    },
    get client() {
      return parts.client!;
    },
  };
}

/** What an ask failed with, and after how many milliseconds. */
export async function failureOf(ask: Promise<unknown>): Promise<{ error: TargetError; tookMs: number }> {
  const begun = performance.now();
  const outcome: unknown = await ask.then(
    () => new Error('it did not fail'),
    (error: unknown) => error,
  );
  if (outcome instanceof TargetError) return { error: outcome, tookMs: performance.now() - begun };
  throw outcome;
}
