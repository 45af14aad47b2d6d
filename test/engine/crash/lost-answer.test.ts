import { describe, expect, it } from '@jest/globals';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach } from '@jest/globals';
import { makeOperationStore } from '../../../src/adapters/redis/operations.js';
import { TargetError } from '../../../src/domain/errors.js';
import type { OperationStore } from '../../../src/domain/ports.js';
import { execute } from '../../../src/engine/execute.js';
import { oneRedis } from '../../redis.js';
import { AUDIT, JOBS } from './deps.js';
import { ACTS, another, aScene, callsOf, holderOf, operationNow, settle, type Scene } from './scene.js';

const redis = oneRedis();
let directory: string;
let scene: Scene;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'etcd-steward-lost-answer-'));
  scene = await aScene(redis.client, directory);
});

afterEach(async () => {
  await rm(directory, { recursive: true, force: true });
});

/** The swap of this number reaches Redis; whoever asked sees a connection that broke. */
function losing(number: number, store: OperationStore): OperationStore & { readonly swaps: () => number } {
  let swaps = 0;
  return {
    ...store,
    swaps: () => swaps,
    async swap(id, change) {
      const swapped = await store.swap(id, change);
      if (++swaps === number) throw new TargetError('unavailable', 'redis', 'gone', { retryable: true });
      return swapped;
    },
  };
}

async function swapsOfAWholeRun(): Promise<number> {
  const operations = losing(0, makeOperationStore(redis.client));
  await execute(another(scene, { operations }), 'op1');
  return operations.swaps();
}

describe('A swap that Redis has done, and whose answer was lost', () => {
  it('is the start: nothing is begun, and another process says so', async () => {
    const operations = losing(1, makeOperationStore(redis.client));
    await expect(execute(another(scene, { operations }), 'op1')).rejects.toThrow('gone');
    expect(await operationNow(scene)).toMatchObject({ state: 'running' });
    await scene.redis.del('{steward}:beat:op1');
    expect(await settle(scene)).toMatchObject({ state: 'failed' });
    expect([await callsOf(scene), await holderOf(scene)]).toEqual([[], null]);
  });

  it('is any other one: the run goes on, each act is done once, and its end is told', async () => {
    const count = await swapsOfAWholeRun();
    expect(count).toBeGreaterThan(15);
    for (let number = 2; number <= count; number++) {
      await redis.client.flushall();
      scene = await aScene(redis.client, join(directory, String(number)));
      const operations = losing(number, makeOperationStore(redis.client));
      await execute(another(scene, { operations }), 'op1');
      const { state, watch } = await operationNow(scene);
      const ended = (await redis.client.lrange(AUDIT, 0, -1)).filter((line) => line.includes('succeeded'));
      const watched = await redis.client.lrange(JOBS, 0, -1);
      expect({ number, state, watch: watch?.state, ended, watched, calls: await callsOf(scene) }).toEqual({
        number,
        state: 'succeeded',
        watch: 'watching',
        ended: ['operation.succeeded op1'],
        watched: ['watch op1'],
        calls: ACTS,
      });
    }
  });
});
