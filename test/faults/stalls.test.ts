import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { until } from '../../infra/local/until.js';
import { makeFloor, type Floor } from '../adapters/queue/support.js';
import { oneRedis } from '../redis.js';

// The measured cases E to G of BullMQ with our settings; A to D and H are in test/adapters/queue.
const redis = oneRedis();
let floor: Floor;
let child: ChildProcess | undefined;

beforeEach(() => {
  floor = makeFloor(redis);
});

afterEach(async () => {
  if (child?.kill('SIGKILL')) await once(child, 'exit');
  child = undefined;
  await floor.close();
});

/** A second worker that would run it gladly. */
function another(): void {
  floor.work('operations', 'run-operation', {
    run: async () => {
      await floor.began();
      return null;
    },
  });
}

async function theJobIsGivenUp(): Promise<void> {
  const what = 'the job is given up';
  await until(async () => (await floor.queues.operations.getFailedCount()) === 1, {
    what,
    timeoutMs: 20_000,
  });
}

describe('A run whose worker is taken for dead', () => {
  it('because its event loop stands still is not begun by another one, and goes on to its own end', async () => {
    await floor.queues.operations.add('run-operation', { id: 'op1' });
    child = spawn(process.execPath, [
      fileURLToPath(new URL('./busy-worker.mjs', import.meta.url)),
      redis.server.url,
    ]);
    await until(async () => (await floor.starts()) === 1, { what: 'it has begun', timeoutMs: 20_000 });
    another();
    await theJobIsGivenUp();
    expect(await redis.client.llen('ends')).toBe(0);
    await until(async () => (await redis.client.llen('ends')) === 1, { what: 'it has come to its end' });
    expect(await floor.starts()).toBe(1);
  }, 60_000);

  it('because it was closed by force is not begun by another one', async () => {
    let finish = (): void => undefined;
    const end = new Promise<null>((resolve) => {
      finish = () => {
        resolve(null);
      };
    });
    const worker = floor.work('operations', 'run-operation', {
      run: async () => {
        await floor.began();
        return end;
      },
    });
    await floor.queues.operations.add('run-operation', { id: 'op1' });
    await until(async () => (await floor.starts()) === 1, { what: 'it has begun' });
    await worker.close(true);
    another();
    await theJobIsGivenUp();
    finish();
    expect(await floor.starts()).toBe(1);
  }, 60_000);
});
