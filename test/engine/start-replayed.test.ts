import { beforeEach, describe, expect, it } from '@jest/globals';
import type { Operation } from '../../src/domain/operation.js';
import { execute } from '../../src/engine/execute.js';
import { HOUR, withMetrics } from '../facts.js';
import { oneRedis } from '../redis.js';
import { makeScene, type Process, type Scene } from './races/scene.js';

const redis = oneRedis();
let scene: Scene;

beforeEach(() => {
  scene = makeScene(redis);
});

/** Everything that could start it, and more than once. */
async function tried(process: Process = scene, id = 'op1'): Promise<void> {
  for (let time = 0; time < 2; time++) {
    await process.execute(id);
    await process.sweep();
  }
}

const acts = (): readonly string[] => scene.world.calls;

describe('a genuine record that is written back', () => {
  /** What the members have counted of it, as real ones do. */
  function counted(): void {
    for (const member of ['m1', 'm2', 'm3'])
      scene.world.target.snapshot = withMetrics(scene.world.target.snapshot, member, { defragmentations: 1 });
  }

  it('after its use is not used again: this machine has marked its token', async () => {
    const approved = await scene.approved();
    await scene.execute();
    const before = [...acts()];
    await scene.writes(approved);
    await tried();
    expect(acts()).toEqual(before);
    expect(await scene.now()).toMatchObject({ state: 'failed' });
    expect((await scene.now()).conclusion?.summary).toContain('used before');
  });

  it('after its use is not used again by a machine without the mark: the target has counted', async () => {
    const approved = await scene.approved();
    await scene.execute();
    counted();
    const before = [...acts()];
    await scene.writes(approved);
    await tried(scene.another());
    expect(acts()).toEqual(before);
    expect((await scene.now()).conclusion?.summary).toContain('was defragmented since the plan was made');
  });

  it('where Redis has forgotten the fence too, is not ended by the machine that used it first', async () => {
    const approved = await scene.approved();
    let acknowledge: (enough: boolean) => void = () => undefined;
    let first: Promise<void> = Promise.resolve();
    await new Promise<void>((asked) => {
      const replicated = (): Promise<boolean> =>
        new Promise((answer) => {
          acknowledge = answer;
          asked();
        });
      first = execute({ ...scene.deps, operations: { ...scene.deps.operations, replicated } }, 'op1');
    });
    await redis.client.flushall();
    await scene.writes(approved);
    scene.world.script.compact = {
      act: async () => {
        acknowledge(false);
        await first.catch(() => undefined);
      },
    };
    await scene.another().execute();
    expect(await scene.now()).toMatchObject({ state: 'succeeded' });
  });

  async function handedOver(): Promise<Operation> {
    await scene.approved();
    scene.world.script.compact = { act: async () => void (scene.world.stopping = true) };
    await scene.execute();
    scene.world.stopping = false;
    delete scene.world.script.compact;
    return scene.now();
  }

  it.each([
    ['this machine', () => scene as Process],
    ['another one, by what the target has counted', () => scene.another()],
  ])('after it was handed over and finished goes on nowhere: %s', async (_which, next) => {
    const between = await handedOver();
    await scene.execute();
    counted();
    const before = [...acts()];
    expect(before).toHaveLength(7);
    await scene.writes(between);
    await tried(next());
    expect(acts()).toEqual(before);
    expect(await scene.now()).toMatchObject({ state: 'failed' });
  });

  it('days after it was handed over goes on nowhere, though nobody has counted or marked anything', async () => {
    const between = await handedOver();
    await scene.execute();
    const before = [...acts()];
    await scene.world.wait(48 * HOUR);
    await scene.writes(between);
    await tried(scene.another());
    expect(acts()).toEqual(before);
    expect(await scene.now()).toMatchObject({ state: 'failed' });
    expect((await scene.now()).conclusion?.summary).toContain('more than a day ago');
  });

  it('after its time to start has passed does not start, as approved or as running', async () => {
    const approved = await scene.approved();
    await scene.world.wait(HOUR);
    await scene.sweep();
    expect(await scene.now()).toMatchObject({ state: 'expired' });
    for (const state of ['approved', 'running'] as const) {
      await scene.writes({ ...approved, state });
      await tried();
      expect(acts()).toEqual([]);
    }
  });

  it('after it was cancelled does not start, also where the last approval had come in between', async () => {
    const pending = await scene.pending();
    await scene.approve('U2');
    await scene.approve('U3');
    const approved = await scene.now();
    const { operations } = scene.deps;
    Object.assign(scene.deps, { operations: { ...operations, load: async () => pending } });
    expect(await scene.cancel('U1')).toMatchObject({ ok: true });
    Object.assign(scene.deps, { operations });
    await scene.writes(approved);
    await tried();
    expect(acts()).toEqual([]);
    expect((await scene.now()).conclusion?.summary).toContain('used before');
  });
});
