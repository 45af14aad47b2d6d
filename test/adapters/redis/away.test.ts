import { afterEach, describe, expect, it } from '@jest/globals';
import { until } from '../../../infra/local/until.js';
import { asked } from '../../../src/adapters/redis/connection.js';
import { makeOperationStore } from '../../../src/adapters/redis/operations.js';
import { refuseEviction } from '../../../src/adapters/redis/policy.js';
import { makeLocks } from '../../../src/adapters/redis/locks.js';
import { makeJobs, makeOutbox, makeQueues } from '../../../src/adapters/queue/queues.js';
import { TargetError } from '../../../src/domain/errors.js';
import { pendingFix } from '../../operations.js';
import { failureOf, oneRedis } from '../../redis.js';

const redis = oneRedis({ appendOnly: true, args: ['--appendfsync', 'always'] });

/** A second for the command, and what a busy machine needs besides. */
const WITHIN_MS = 1600;

afterEach(async () => {
  await redis.server.restart();
});

const ASKS = ['load', 'create', 'swap', 'open', 'acquire', 'queue a job', 'put into the outbox'] as const;

/** Every way in which the program asks Redis for something. */
function asks(): Record<(typeof ASKS)[number], () => Promise<unknown>> {
  const store = makeOperationStore(redis.client);
  const locks = makeLocks(redis.client);
  const queues = makeQueues(redis.client, () => undefined);
  return {
    load: () => store.load('op1'),
    create: () => store.create(pendingFix()),
    swap: () => store.swap('op1', (operation) => ({ ok: true, operation })),
    open: () => store.open(),
    acquire: () => locks.acquire('prod', '77', 'op1'),
    'queue a job': () => makeJobs(queues).run('op1', 0),
    'put into the outbox': () =>
      makeOutbox(redis.client, queues).put({ kind: 'operation', id: 'op1', version: 1 }),
  };
}

describe('a Redis that is away', () => {
  it.each(ASKS)('that hangs makes "%s" fail within a second', async (name) => {
    const ask = asks()[name];
    await ask();
    redis.server.pause();
    const { error, tookMs } = await failureOf(ask());
    expect(error).toMatchObject({ code: 'unavailable', target: 'redis', retryable: true });
    expect(tookMs).toBeLessThan(WITHIN_MS);
    redis.server.resume();
  });

  it.each(ASKS)('that is gone makes "%s" fail at once', async (name) => {
    const ask = asks()[name];
    await ask();
    await redis.server.kill();
    const { error, tookMs } = await failureOf(ask());
    expect(error).toMatchObject({ code: 'unavailable', target: 'redis' });
    expect(tookMs).toBeLessThan(WITHIN_MS);
  });

  it('is found again by itself when it is back, with what it knew', async () => {
    const store = makeOperationStore(redis.client);
    const operation = pendingFix({ id: 'op1' });
    await store.create(operation);
    await redis.server.kill();
    await failureOf(store.load('op1'));
    await redis.server.restart();
    const loaded = await until(() => store.load('op1'), { what: 'Redis answers again' });
    expect(loaded).toEqual(operation);
  });

  it('goes on by itself when it hung, without a new connection', async () => {
    const store = makeOperationStore(redis.client);
    await store.create(pendingFix({ id: 'op1' }));
    redis.server.pause();
    await failureOf(store.load('op1'));
    redis.server.resume();
    expect(await until(() => store.load('op1'), { what: 'Redis answers again' })).toMatchObject({
      id: 'op1',
    });
  });
});

describe('what an ask fails with', () => {
  it('stays a failure of the target where it already is one', async () => {
    const told = new TargetError('wrong-cluster', 'm1', 'no');
    await expect(asked(() => Promise.reject(told))).rejects.toBe(told);
  });
});

describe('a Redis that throws keys away', () => {
  it('is refused, because approvals and locks live in it', async () => {
    await expect(refuseEviction(redis.client)).resolves.toBeUndefined();
    await redis.client.config('SET', 'maxmemory-policy', 'allkeys-lru');
    const { error } = await failureOf(refuseEviction(redis.client));
    expect(error.message).toContain('maxmemory-policy noeviction');
  });
});
