import { beforeEach, describe, expect, it } from '@jest/globals';
import { isGenuine } from '../../src/engine/approval.js';
import { oneRedis } from '../redis.js';
import { makeWorld, signer, type World } from './world.js';

const redis = oneRedis();
let world: World;

beforeEach(async () => {
  world = makeWorld(redis);
  await world.approve();
});

/** The process is told to end in the middle of the compaction. */
async function handedOver(): Promise<void> {
  world.script.compact = { act: async () => void (world.stopping = true) };
  await world.execute();
  world.stopping = false;
}

describe('a process that was told to end', () => {
  it('finishes its step, and leaves a fresh token and a job for the next one', async () => {
    await handedOver();
    const operation = await world.now();
    expect(world.calls).toEqual(['compact']);
    expect(operation.state).toBe('running');
    expect(operation.steps.map(({ state }) => state).join(' ')).toMatch(/^done( planned){7}$/);
    expect(operation.token).toBeDefined();
    expect(operation.token).not.toBe('token-1');
    expect(isGenuine(operation, signer)).toBe(true);
    expect(world.seen.jobs).toEqual([`run op1 ${String(operation.version)}`]);
    expect(await world.holder()).toBe('op1');
  });

  it('is followed by another one that goes on at the next step, once', async () => {
    await handedOver();
    const before = (await world.now()).fence;
    await Promise.all(Array.from({ length: 10 }, () => world.execute()));
    expect(world.calls).toEqual([
      'compact',
      'defragment m2',
      'defragment m3',
      'move-leader',
      'defragment m1',
      'disarm',
      'write-probe',
    ]);
    const operation = await world.now();
    expect([operation.state, operation.token]).toEqual(['succeeded', undefined]);
    expect(operation.fence).toBeGreaterThan(before);
  });

  it('is followed by another one even when the time to start has passed: what has begun is finished', async () => {
    await handedOver();
    await world.wait(3_600_000);
    const { policy } = world.cluster;
    world.cluster = { ...world.cluster, policy: { ...policy, approvals: 3 } };
    await world.execute();
    expect(await world.now()).toMatchObject({ state: 'succeeded' });
  });

  it('ends where the record was forged meanwhile', async () => {
    await handedOver();
    await world.deps.operations.swap('op1', (operation) => ({
      ok: true,
      operation: {
        ...operation,
        steps: operation.steps.map((record) =>
          record.step.kind === 'gate' ? { ...record, state: 'done' as const } : record,
        ),
      },
    }));
    await world.execute();
    expect(world.calls).toEqual(['compact']);
    expect(await world.now()).toMatchObject({ state: 'failed' });
    expect((await world.now()).conclusion?.summary).toContain('signature');
    expect(await world.holder()).toBeNull();
  });

  it('does not lose the operation with its job: the sweep queues it again', async () => {
    await handedOver();
    world.seen.jobs.length = 0;
    await world.dies();
    await world.sweep();
    const operation = await world.now();
    expect(world.seen.jobs).toEqual([`run op1 ${String(operation.version)}`]);
    expect(operation).toMatchObject({ state: 'running' });
  });
});

describe('cancelling', () => {
  const cancel = () =>
    world.deps.operations.swap('op1', (operation, now) => ({
      ok: true,
      operation: { ...operation, cancelRequestedAt: now, cancelledBy: { teamId: 'T1', userId: 'U2' } },
    }));

  it('stops between two steps, and says what is done and what is not', async () => {
    world.script.defragment = { effect: async () => (await cancel(), { seen: 'done', result: 'seen' }) };
    await world.execute();
    expect(world.calls).toEqual(['compact', 'defragment m2']);
    const { state, conclusion, steps } = await world.now();
    expect(state).toBe('cancelled');
    expect(steps[1]).toMatchObject({ state: 'done' });
    expect(conclusion?.summary).toMatch(/^Stopped by <@U2> after: Compact history.*; Defragment m2/);
    expect(conclusion?.next[0]).toContain('Not done: Go on only if');
    expect(await world.holder()).toBeNull();
  });

  it('wins over a hand-over', async () => {
    world.script.compact = {
      act: async () => {
        await cancel();
        world.stopping = true;
      },
    };
    await world.execute();
    expect(await world.now()).toMatchObject({ state: 'cancelled' });
    expect(world.seen.jobs).toEqual([]);
  });

  it('changes nothing once the last step is done', async () => {
    world.script['write-probe'] = {
      effect: async () => (await cancel(), { seen: 'done', result: 'seen' }),
    };
    await world.execute();
    expect(await world.now()).toMatchObject({ state: 'succeeded' });
  });
});
