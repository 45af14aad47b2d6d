import { beforeEach, describe, expect, it } from '@jest/globals';
import { makeOperationStore } from '../../../src/adapters/redis/operations.js';
import { makeLocks } from '../../../src/adapters/redis/locks.js';
import { until } from '../../../infra/local/until.js';
import { pendingFix } from '../../operations.js';
import { oneRedis } from '../../redis.js';

const redis = oneRedis();
const FENCE = '{steward}:fence';

beforeEach(async () => {
  for (const id of ['op1', 'op2', 'op3']) await makeOperationStore(redis.client).create(pendingFix({ id }));
});

describe('the operation lock', () => {
  it('belongs to one operation, on the cluster’s name and on its id', async () => {
    const locks = makeLocks(redis.client);
    expect(await locks.acquire('prod', '77', 'op1')).toBeGreaterThan(0);
    expect(await locks.acquire('prod', '88', 'op2')).toBeNull();
    expect(await locks.acquire('alias', '77', 'op2')).toBeNull();
    expect(await locks.holder('prod', '88')).toBe('op1');
    expect(await locks.holder('alias', '77')).toBe('op1');
  });

  it('is taken whole or not at all', async () => {
    const locks = makeLocks(redis.client);
    await locks.acquire('prod', '77', 'op1');
    await locks.acquire('other', '77', 'op2');
    expect(await locks.holder('other', '')).toBeNull();
    await locks.acquire('prod', '99', 'op2');
    expect(await locks.holder('', '99')).toBeNull();
    expect(await locks.acquire('other', '99', 'op3')).not.toBeNull();
  });

  it('is given again to the operation that holds it, with a fence that has grown', async () => {
    const locks = makeLocks(redis.client);
    const first = await locks.acquire('prod', '77', 'op1');
    const second = await locks.acquire('prod', '77', 'op1');
    const other = await locks.acquire('staging', '55', 'op2');
    expect(second).toBeGreaterThan(first!);
    expect(other).toBeGreaterThan(second!);
  });

  it('never has the same fence twice, also where Redis has forgotten the last ones', async () => {
    const locks = makeLocks(redis.client);
    const before = await redis.client.get(FENCE);
    const fences = [await locks.acquire('prod', '77', 'op1')];
    // A replica that had missed it is the primary now.
    await (before === null ? redis.client.del(FENCE) : redis.client.set(FENCE, before));
    fences.push(await locks.acquire('prod', '77', 'op1'));
    expect(fences[1]).toBeGreaterThan(fences[0]!);
    expect(fences.every(Number.isSafeInteger)).toBe(true);
  });

  it('has a higher fence than before also where the clock of Redis went back', async () => {
    const locks = makeLocks(redis.client);
    const ahead = Date.now() * 1000 + 3_600_000_000;
    await redis.client.set(FENCE, String(ahead));
    expect(await locks.acquire('prod', '77', 'op1')).toBe(ahead + 1);
  });

  it('does not let a refused attempt grow the fence', async () => {
    const locks = makeLocks(redis.client);
    const fence = await locks.acquire('prod', '77', 'op1');
    await locks.acquire('prod', '77', 'op2');
    expect(await redis.client.get(FENCE)).toBe(String(fence));
  });

  it('goes to exactly one of many operations that ask at once', async () => {
    const locks = makeLocks(redis.client);
    const fences = await Promise.all(
      Array.from({ length: 30 }, (_, index) => locks.acquire('prod', '77', `op${String((index % 3) + 1)}`)),
    );
    const winners = new Set(fences.flatMap((fence, index) => (fence === null ? [] : [index % 3])));
    expect(winners.size).toBe(1);
  });

  it('is let go by the swap that ends its operation, and by no other', async () => {
    const [locks, operations] = [makeLocks(redis.client), makeOperationStore(redis.client)];
    const { cluster, clusterId } = pendingFix().plan;
    await locks.acquire(cluster, clusterId, 'op1');
    await operations.swap('op2', (operation) => ({ ok: true, operation: { ...operation, state: 'denied' } }));
    await operations.swap('op1', (operation) => ({
      ok: true,
      operation: { ...operation, state: 'unknown' },
    }));
    expect(await locks.holder(cluster, clusterId)).toBe('op1');
    await operations.swap('op1', (operation) => ({
      ok: true,
      operation: { ...operation, state: 'succeeded' },
    }));
    expect(await locks.holder(cluster, clusterId)).toBeNull();
    expect(await locks.acquire(cluster, clusterId, 'op3')).not.toBeNull();
  });

  it('is not given to an operation that has ended, because nobody would let it go again', async () => {
    const [locks, operations] = [makeLocks(redis.client), makeOperationStore(redis.client)];
    const watch = { until: Date.now() + 600_000, state: 'watching' as const };
    await operations.swap('op1', (operation) => ({
      ok: true,
      operation: { ...operation, state: 'succeeded', watch },
    }));
    expect(await operations.open()).toHaveLength(3);
    expect(await locks.acquire('prod', '77', 'op1')).toBeNull();
    expect(await locks.acquire('prod', '77', 'nobody knows it')).toBeNull();
    expect(await locks.holder('prod', '77')).toBeNull();
  });

  it('has no time limit', async () => {
    await makeLocks(redis.client).acquire('prod', '77', 'op1');
    const keys = ['{steward}:lock:name:prod', '{steward}:lock:id:77'];
    expect(await Promise.all(keys.map((key) => redis.client.pttl(key)))).toEqual([-1, -1]);
  });
});

describe('the sign of life', () => {
  it('goes silent by itself', async () => {
    const locks = makeLocks(redis.client);
    expect(await locks.alive('op1')).toBe(false);
    await locks.beat('op1', 60_000);
    expect(await locks.alive('op1')).toBe(true);
    expect(await locks.alive('op2')).toBe(false);
    await locks.beat('op1', 60);
    await until(async () => !(await locks.alive('op1')), { what: 'the beat has stopped', everyMs: 10 });
  });
});
