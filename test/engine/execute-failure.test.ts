import { beforeEach, describe, expect, it, jest } from '@jest/globals';
import { TargetError, type TargetErrorCode } from '../../src/domain/errors.js';
import type { Effect } from '../../src/domain/step.js';
import { MIB, withoutStatus, withStatus } from '../facts.js';
import { oneRedis } from '../redis.js';
import { makeWorld, type World } from './world.js';

const redis = oneRedis();
let world: World;

beforeEach(async () => {
  world = makeWorld(redis);
  await world.approve();
});

function fails(code: TargetErrorCode): () => Promise<never> {
  return () => Promise.reject(new TargetError(code, 'm1', `m1: ${code}`));
}

function sees(effect: Effect): () => Promise<Effect> {
  return async () => effect;
}

async function states(): Promise<string> {
  return (await world.now()).steps.map(({ state }) => state).join(' ');
}

describe('a step that must not be done now', () => {
  it('stops the rest, which is not begun, and lets the cluster go', async () => {
    world.script.defragment = {
      precondition: async () => ({ go: 'stop', because: 'm3 went down', next: ['Bring it back.'] }),
    };
    await world.execute();
    expect(world.calls).toEqual(['compact']);
    expect(await states()).toBe('done failed planned planned planned planned planned planned');
    const { state, conclusion } = await world.now();
    expect(state).toBe('failed');
    expect(conclusion).toMatchObject({ next: ['Bring it back.'] });
    expect(conclusion?.summary).toContain('m3 went down. The 6 steps after it were not begun.');
    expect(conclusion?.clusterNow).toContain('NOSPACE on m1');
    expect(await world.holder()).toBeNull();
  });

  it('ends its sentences once, however the reason ends', async () => {
    const stop = async () => ({ go: 'stop' as const, because: 'Not every member answers: m3 (timeout).' });
    world.script.disarm = { precondition: stop };
    await world.execute();
    const { conclusion } = await world.now();
    expect(conclusion?.summary).toMatch(/m3 \(timeout\)\. The step after it was not begun\.$/);
  });

  it('stops the rest as well where it could not even be told, and says why', async () => {
    world.script.defragment = { precondition: fails('timeout') };
    await world.execute();
    expect(await world.now()).toMatchObject({ state: 'failed' });
    expect((await world.now()).conclusion?.summary).toContain('m1: timeout');
    expect(world.calls).toEqual(['compact']);
    expect(await world.holder()).toBeNull();
  });
});

describe('a step that is not needed', () => {
  it('is skipped with its reason, and the rest goes on', async () => {
    world.script.compact = { precondition: async () => ({ go: 'skip', because: 'already compacted' }) };
    await world.execute();
    expect(world.calls).not.toContain('compact');
    const { state, steps } = await world.now();
    expect(state).toBe('succeeded');
    expect(steps[0]).toMatchObject({ state: 'skipped', result: 'already compacted' });
  });
});

describe('an act whose answer was lost', () => {
  it.each<TargetErrorCode>(['timeout', 'unreachable', 'unavailable', 'failed'])(
    'by "%s" is done where reading shows its effect',
    async (code) => {
      world.script.compact = { act: fails(code) };
      await world.execute();
      expect(await world.now()).toMatchObject({ state: 'succeeded' });
      expect(world.calls.filter((call) => call === 'compact')).toHaveLength(1);
    },
  );

  it('is waited for while its effect is on the way', async () => {
    let looks = 0;
    world.script.defragment = {
      act: async (context) => {
        world.target.snapshot = withStatus(world.target.snapshot, 'm2', { sizeBytes: 300 * MIB });
        if (context.act.kind === 'defragment' && looks === 0) await fails('timeout')();
      },
      effect: async () =>
        ++looks < 5 ? { seen: 'running', because: 'not yet' } : { seen: 'done', result: 'there it is' },
    };
    await world.execute();
    expect(await world.now()).toMatchObject({ state: 'succeeded' });
    expect(world.calls.filter((call) => call === 'defragment m2')).toHaveLength(1);
  });

  it.each<[string, Effect]>([
    ['nobody can tell', { seen: 'unclear', because: 'no metrics' }],
    ['it goes on and on', { seen: 'running', because: 'm2 is still being defragmented' }],
  ])('is unknown where %s: the rest is not begun, and the cluster stays locked', async (_how, effect) => {
    world.script.defragment = { act: fails('timeout'), effect: sees(effect) };
    await world.execute();
    const operation = await world.now();
    expect(operation).toMatchObject({ state: 'unknown' });
    expect(await states()).toBe('done unclear planned planned planned planned planned planned');
    expect(operation.steps[1]?.result).toContain('m1: timeout');
    expect(world.calls).toEqual(['compact', 'defragment m2']);
    expect(await world.holder()).toBe('op1');
  });

  it('is unknown where the reading fails as well', async () => {
    world.script.defragment = { act: fails('timeout'), effect: fails('unreachable') };
    await world.execute();
    expect(await world.now()).toMatchObject({ state: 'unknown' });
    expect(await world.holder()).toBe('op1');
  });

  it('lets no other operation start on this cluster as long as nobody knows', async () => {
    world.script.defragment = { act: fails('timeout'), effect: sees({ seen: 'unclear', because: '?' }) };
    await world.execute();
    await world.approve({ id: 'op2' });
    await world.execute('op2');
    expect(await world.now('op2')).toMatchObject({ state: 'stale' });
    expect(world.calls).toEqual(['compact', 'defragment m2']);
  });
});

describe('an act that the server itself refused', () => {
  it.each<TargetErrorCode>(['denied', 'no-space', 'no-leader', 'not-leader'])(
    'by "%s" fails at once where reading shows that nothing happened',
    async (code) => {
      world.script.disarm = { act: fails(code), effect: sees({ seen: 'not-done', because: 'still armed' }) };
      const begun = world.deps.clock.now();
      world.cluster = { ...world.cluster, settleMs: 0 };
      await world.execute();
      expect(world.deps.clock.now() - begun).toBeLessThan(5000);
      expect(await world.now()).toMatchObject({ state: 'failed' });
      expect((await world.now()).steps.at(-2)?.result).toBe(`m1: ${code} (still armed)`);
      expect(await world.holder()).toBeNull();
    },
  );

  it('fails the whole where the test write is refused, though all else is done', async () => {
    const effect = sees({ seen: 'not-done', because: 'no write was seen to go through' });
    world.script['write-probe'] = { act: fails('no-space'), effect };
    await world.execute();
    expect(await world.now()).toMatchObject({ state: 'failed' });
    expect((await world.now()).watch).toBeUndefined();
  });
});

describe('an act that answered well', () => {
  it('is no success before its effect shows', async () => {
    world.script.disarm = { effect: sees({ seen: 'not-done', because: '2 still armed' }) };
    await world.execute();
    expect(await world.now()).toMatchObject({ state: 'failed' });
    expect((await world.now()).conclusion?.summary).toContain('2 still armed');
    expect(world.calls).not.toContain('write-probe');
  });
});

describe('the gate after the first defragmentation', () => {
  it('stops where live data really is that big, and says what helps', async () => {
    world.script.defragment = { act: async () => undefined };
    await world.execute();
    const { state, steps, conclusion } = await world.now();
    expect(world.calls).toEqual(['compact', 'defragment m2']);
    expect([state, steps[2]?.state]).toEqual(['failed', 'failed']);
    expect(conclusion?.summary).toContain('m2 is still at 100 % of its quota');
    expect(conclusion?.next.join(' ')).toContain('--quota-backend-bytes');
  });

  it('stops as well where that member’s size can’t be read, and asks nobody to delete anything', async () => {
    world.script.defragment = {
      act: async () => void (world.target.snapshot = withoutStatus(world.target.snapshot, 'm2')),
    };
    await world.execute();
    const { state, conclusion } = await world.now();
    expect(state).toBe('failed');
    expect(conclusion?.summary).toContain('its size could not be read');
    expect(conclusion?.next).toEqual([expect.stringContaining('/etcd diagnose')]);
  });

  it('looks at the member that was defragmented, not at the others', async () => {
    await world.execute();
    expect((await world.now()).steps[2]).toMatchObject({
      state: 'done',
      result: 'm2 is at 14 % of its quota',
    });
  });
});

describe('a bug in a step', () => {
  it('is told as one, keeps the cluster locked, and is never taken for an end', async () => {
    world.script.defragment = { act: () => Promise.reject(new TypeError('a bug')) };
    await expect(world.execute()).rejects.toThrow('a bug');
    expect(await world.now()).toMatchObject({ state: 'running' });
    expect((await world.now()).steps[1]).toMatchObject({ state: 'begun' });
    expect(await world.holder()).toBe('op1');
  });

  it('leaves nothing behind that goes on saying how far it is', async () => {
    const set = jest.spyOn(globalThis, 'setInterval');
    const cleared = jest.spyOn(globalThis, 'clearInterval');
    world.script.compact = { act: () => Promise.reject(new TypeError('a bug')) };
    await expect(world.execute()).rejects.toThrow('a bug');
    const handles = set.mock.results.map(({ value }) => value);
    expect(handles.length).toBeGreaterThanOrEqual(2);
    expect(cleared.mock.calls.map(([handle]) => handle as unknown)).toEqual(expect.arrayContaining(handles));
    jest.restoreAllMocks();
  });
});
