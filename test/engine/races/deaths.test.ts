import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { connectFast, ready } from '../../../src/adapters/redis/connection.js';
import { TargetError } from '../../../src/domain/errors.js';
import type { StepContext } from '../../../src/domain/step.js';
import { execute } from '../../../src/engine/execute.js';
import { oneRedis } from '../../redis.js';
import { makeScene, repeat, type Scene } from './scene.js';

const redis = oneRedis();
let scene: Scene;

beforeEach(() => {
  scene = makeScene(redis);
});

describe('race 13: the bot restarts between two clicks', () => {
  it('and goes on from the record: a button carries the id only', async () => {
    const client = connectFast(redis.server.url, () => undefined);
    await ready(client);
    const { id } = await scene.pending();
    await scene.approve('U2');
    redis.client.disconnect();
    const after = makeScene({ server: redis.server, client });
    expect(await after.approve('U3', { operationId: id })).toMatchObject({ ok: true });
    expect(after.world.seen.jobs).toEqual([`run ${id} 0`]);
    await after.execute(id);
    expect(await after.now(id)).toMatchObject({ state: 'succeeded' });
    client.disconnect();
  });

  it('and a start that was queued by nobody is queued by the next sweep', async () => {
    await scene.pending();
    await scene.approve('U2');
    const dying = { ...scene.deps.jobs, run: () => new Promise<never>(() => undefined) };
    const before = scene.another();
    Object.assign(before.deps, { jobs: dying });
    void before.approve('U3');
    while ((await scene.now()).state !== 'approved') await Promise.resolve();
    await scene.another().sweep();
    const { version } = await scene.now();
    expect(scene.world.seen.jobs).toEqual([`run op1 ${String(version)}`]);
  });
});

describe('race 19: the worker dies in the middle of an act', () => {
  let wake: () => Promise<void> = () => Promise.resolve();

  /** The process that runs it hangs in its defragmentation until the test is over. */
  async function hangs(): Promise<void> {
    await scene.approved();
    await new Promise<void>((hanging) => {
      const act = new Promise<void>((done) => {
        wake = () => (done(), running);
      });
      scene.world.script.defragment = {
        act: () => (hanging(), act),
        effect: async () => ({ seen: 'done', result: 'seen' }),
      };
      const running = scene.another().execute();
    });
  }

  afterEach(() => wake());

  it('and nothing is repeated, by how many jobs and sweeps soever: the target is read', async () => {
    await hangs();
    const calls = [...scene.world.calls];
    await scene.world.dies();
    await Promise.all(Array.from({ length: 10 }, () => scene.another().execute()));
    await Promise.all(Array.from({ length: 5 }, () => scene.another().sweep()));
    expect(await scene.world.holder()).toBe('op1');
    await scene.sweep();
    await Promise.all(Array.from({ length: 10 }, () => scene.another().execute()));
    const { state, conclusion } = await scene.now();
    expect(state).toBe('failed');
    expect(conclusion?.summary).toContain('Nothing was repeated');
    expect(scene.world.calls).toEqual(calls);
    expect(await scene.world.holder()).toBeNull();
  });

  it('and is told of once, however many sweepers see it', async () => {
    await hangs();
    await scene.world.dies();
    await Promise.all(Array.from({ length: 10 }, () => scene.another().sweep()));
    const takenOver = scene.world.seen.audit.filter(({ event }) => event === 'operation.taken-over');
    expect(takenOver).toHaveLength(1);
  });

  it('or only slept, just before its act: it wakes up to find that others have ended it, and does not act', async () => {
    await scene.approved();
    let asleep = 0;
    const { operations } = scene.deps;
    // The start asks for the replicas too: the second time is the first step's.
    const replicated = async (): Promise<boolean> => {
      if (++asleep !== 2) return true;
      await othersEndIt();
      return true;
    };
    scene.world.script.compact = { effect: async () => ({ seen: 'not-done', because: 'nothing was sent' }) };
    await execute({ ...scene.deps, operations: { ...operations, replicated } }, 'op1');
    expect(scene.world.calls).toEqual([]);
    expect(await scene.now()).toMatchObject({ state: 'failed' });
  });

  it.each<[string, (context: StepContext) => Promise<unknown>]>([
    [
      'while its act looked at the target',
      async (context) => {
        await othersEndIt();
        return context.examine(['status']);
      },
    ],
    [
      'between that look and what it was about to send',
      async (context) => {
        await context.examine(['status']);
        await othersEndIt();
        await scene.world.wait(16_000);
        return context.operator();
      },
    ],
  ])('or only slept %s: nothing is sent', async (_when, sleeps) => {
    await scene.approved();
    const sent: string[] = [];
    scene.world.script.compact = {
      act: async (context) => {
        await sleeps(context);
        sent.push('compact');
      },
      effect: async () => ({ seen: 'not-done', because: 'nothing was sent' }),
    };
    await scene.execute();
    expect(sent).toEqual([]);
    expect(await scene.now()).toMatchObject({ state: 'failed' });
  });

  async function othersEndIt(): Promise<void> {
    await scene.world.dies();
    await scene.another().sweep();
    await scene.another().sweep();
    expect(await scene.now()).toMatchObject({ state: 'failed' });
    expect(await scene.world.holder()).toBeNull();
  }

  it('of a failure that is a bug, and the rest is left to the sweep', async () => {
    await repeat(5, async (id) => {
      await scene.approved({ id });
      scene.world.script.compact = { act: () => Promise.reject(new TypeError('a bug')) };
      await expect(scene.execute(id)).rejects.toThrow('a bug');
      await scene.world.dies(id);
      scene.world.script.compact = {
        effect: () => Promise.reject(new TargetError('timeout', 'm1', 'no answer')),
      };
      await scene.sweep();
      await scene.sweep();
      expect(await scene.now(id)).toMatchObject({ state: 'unknown' });
      expect(await scene.world.holder()).toBe(id);
      scene.world.script.compact = { effect: async () => ({ seen: 'done', result: 'seen' }) };
      await scene.sweep();
      expect(await scene.now(id)).toMatchObject({ state: 'failed' });
      expect(await scene.world.holder()).toBeNull();
    });
  });
});
