import { beforeEach, describe, expect, it } from '@jest/globals';
import { TargetError } from '../../src/domain/errors.js';
import { MIB, withStatus } from '../facts.js';
import type { Effect } from '../../src/domain/step.js';
import { advance, TakenOver } from '../../src/engine/executor.js';
import { execute } from '../../src/engine/execute.js';
import { sweep } from '../../src/engine/sweep.js';
import { oneRedis } from '../redis.js';
import { makeWorld, type World } from './world.js';

const redis = oneRedis();
let world: World;

beforeEach(async () => {
  world = makeWorld(redis);
  await world.approve();
});

function sees(effect: Effect): () => Promise<Effect> {
  return async () => effect;
}

const lost = () => Promise.reject(new TargetError('timeout', 'm1', 'no answer'));
const UNCLEAR: Effect = { seen: 'unclear', because: 'm2 does not answer' };

/** The operation with the end of one act unseen. */
async function unknownAt(kind: 'defragment' | 'write-probe'): Promise<void> {
  world.script[kind] = { act: lost, effect: sees(UNCLEAR) };
  await world.execute();
  expect(await world.now()).toMatchObject({ state: 'unknown' });
}

describe('an operation of which nobody saw the end', () => {
  it('is read back by a process that has no operating credential', async () => {
    await unknownAt('defragment');
    world.script.defragment = { effect: sees({ seen: 'done', result: 'm2: 2 GiB → 300 MiB' }) };
    const access = {
      ...world.deps.access,
      operator: () => {
        throw new Error('its role is not executor');
      },
    };
    await sweep({ ...world.deps, access });
    expect(await world.now()).toMatchObject({ state: 'failed' });
  });

  it('stays unknown and locked as long as reading does not tell', async () => {
    await unknownAt('defragment');
    await world.sweep();
    await world.sweep();
    expect(await world.now()).toMatchObject({ state: 'unknown' });
    expect((await world.now()).waitsForPerson).toBeUndefined();
    expect(await world.holder()).toBe('op1');
  });

  it.each<[string, Effect, string, RegExp]>([
    ['it was done', { seen: 'done', result: 'm2: 2 GiB → 300 MiB' }, 'done', /2 GiB → 300 MiB/],
    ['it was not done', { seen: 'not-done', because: 'nothing counted' }, 'failed', /nothing counted/],
  ])('fails with the rest not begun where reading shows that %s', async (_what, effect, state, words) => {
    await unknownAt('defragment');
    world.script.defragment = { effect: sees(effect) };
    await world.sweep();
    const operation = await world.now();
    expect(operation).toMatchObject({ state: 'failed' });
    expect(operation.steps[1]).toMatchObject({ state });
    expect(operation.conclusion?.summary).toMatch(words);
    expect(operation.conclusion?.next.join()).toContain('Not begun');
    expect(await world.holder()).toBeNull();
    expect(world.calls).toEqual(['compact', 'defragment m2']);
  });

  it('succeeds where reading shows that the last act was done too', async () => {
    await unknownAt('write-probe');
    world.script['write-probe'] = { effect: sees({ seen: 'done', result: 'it went through' }) };
    await world.sweep();
    expect(await world.now()).toMatchObject({ state: 'succeeded' });
    expect(await world.holder()).toBeNull();
  });

  it('waits for a person after a quarter of an hour, still locked, and ends when reading tells after all', async () => {
    await unknownAt('defragment');
    await world.wait(16 * 60_000);
    await world.sweep();
    expect(await world.now()).toMatchObject({ state: 'unknown', waitsForPerson: 'm2 does not answer' });
    expect(await world.holder()).toBe('op1');
    world.script.defragment = { effect: sees({ seen: 'done', result: 'seen' }) };
    await world.sweep();
    expect(await world.now()).toMatchObject({ state: 'failed' });
    expect(await world.holder()).toBeNull();
  });

  it('waits for a person where a bug of ours keeps it from being read, instead of being locked for ever', async () => {
    await unknownAt('defragment');
    world.script.defragment = { effect: () => Promise.reject(new ReferenceError('x is not defined')) };
    await world.wait(16 * 60_000);
    await world.sweep();
    const { state, waitsForPerson } = await world.now();
    expect({ state, waitsForPerson }).toEqual({
      state: 'unknown',
      waitsForPerson: expect.stringContaining('wrong on my side'),
    });
    expect(world.seen.logged).toContain('the effect of a step could not be read');
  });

  it('waits for a person as well where reading itself fails all the time', async () => {
    await unknownAt('defragment');
    world.script.defragment = { effect: lost };
    await world.wait(16 * 60_000);
    await world.sweep();
    expect(await world.now()).toMatchObject({ state: 'unknown', waitsForPerson: 'no answer' });
    expect(await world.holder()).toBe('op1');
  });

  it('is told of once, not at every look', async () => {
    await unknownAt('defragment');
    await world.wait(16 * 60_000);
    await world.sweep();
    const { version } = await world.now();
    await world.sweep();
    expect((await world.now()).version).toBe(version);
  });
});

describe('a run whose process gives no sign of life any more', () => {
  it('is taken over and read, and the old process writes nothing more', async () => {
    const fences: number[] = [];
    world.script.defragment = {
      act: async () => {
        fences.push((await world.now()).fence);
        await world.dies();
        await world.sweep();
        fences.push((await world.now()).fence);
        world.target.snapshot = withStatus(world.target.snapshot, 'm2', { sizeBytes: 300 * MIB });
      },
    };
    await world.execute();
    expect(fences[1]).toBeGreaterThan(fences[0]!);
    expect(await world.now()).toMatchObject({ state: 'unknown' });
    expect((await world.now()).steps[1]).toMatchObject({ state: 'begun' });
    expect(world.calls).toEqual(['compact', 'defragment m2']);
    expect(world.seen.logged).toContain('another process has taken this operation over');
    expect(await world.holder()).toBe('op1');
    await world.sweep();
    expect(await world.now()).toMatchObject({ state: 'failed' });
    expect((await world.now()).steps[1]?.result).toContain('read afterwards');
  });

  it('can’t be written to by its old fence', async () => {
    world.script.defragment = { act: lost, effect: sees(UNCLEAR) };
    await world.execute();
    const before = await world.now();
    const old = { deps: world.deps, cluster: world.cluster, id: 'op1', fence: before.fence };
    const change = advance(old, (current) => ({ ...current, state: 'succeeded' }));
    await expect(change).rejects.toThrow(TakenOver);
    expect(await world.now()).toEqual(before);
  });

  it('is left alone while it lives', async () => {
    const versions: number[] = [];
    world.script.compact = {
      act: async () => {
        versions.push((await world.now()).version);
        await world.sweep();
        versions.push((await world.now()).version);
      },
    };
    await world.execute();
    expect(versions[1]).toBe(versions[0]);
    expect(await world.now()).toMatchObject({ state: 'succeeded' });
  });

  it('that died between two steps has acted as far as its journal says, and ends so', async () => {
    world.script.defragment = { precondition: () => Promise.reject(new TypeError('the process is gone')) };
    await expect(world.execute()).rejects.toThrow(TypeError);
    await world.dies();
    await world.sweep();
    await world.sweep();
    const operation = await world.now();
    expect(operation).toMatchObject({ state: 'failed' });
    expect(operation.conclusion?.summary).toContain('No act was under way');
    expect(operation.steps[1]).toMatchObject({ state: 'planned' });
    expect(await world.holder()).toBeNull();
  });

  it('that died after its last step has succeeded, and its alarm is watched', async () => {
    const { collectors } = world.deps;
    let broken = false;
    world.script['write-probe'] = { effect: async () => ((broken = true), { seen: 'done', result: 'done' }) };
    const alarms = collectors.get('alarms')!;
    const read: typeof alarms.read = (reach) =>
      broken ? Promise.reject(new TypeError('the process is gone')) : alarms.read(reach);
    const dying = { ...world.deps, collectors: new Map([...collectors, ['alarms', { read }]]) };
    await expect(execute(dying, 'op1')).rejects.toThrow('the process is gone');
    await world.dies();
    await world.sweep();
    await world.sweep();
    expect(await world.now()).toMatchObject({ state: 'succeeded', watch: { state: 'watching' } });
    expect(world.seen.jobs).toContain('watch op1');
    expect(await world.holder()).toBeNull();
  });
});
