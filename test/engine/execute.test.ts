import { beforeEach, describe, expect, it } from '@jest/globals';
import { until } from '../../infra/local/until.js';
import { execute } from '../../src/engine/execute.js';
import { oneRedis } from '../redis.js';
import { leads } from './target.js';
import { makeWorld, type World } from './world.js';

const redis = oneRedis();
let world: World;

beforeEach(() => {
  world = makeWorld(redis);
});

const ALL = [
  'compact',
  'defragment m2',
  'defragment m3',
  'move-leader',
  'defragment m1',
  'disarm',
  'write-probe',
];

describe('an approved operation', () => {
  it('is carried out in the order of its plan, each step once, and lets the cluster go', async () => {
    await world.approve();
    await world.execute();
    const operation = await world.now();
    expect(world.calls).toEqual(ALL);
    expect(operation).toMatchObject({ state: 'succeeded', watch: { state: 'watching' } });
    expect(operation.token).toBeUndefined();
    expect(operation.steps.every(({ state }) => state === 'done')).toBe(true);
    expect(operation.steps[0]).toMatchObject({ evidence: { of: 'compact' }, result: 'compact was seen' });
    expect(await world.holder()).toBeNull();
    expect(world.seen.jobs).toEqual(['watch op1']);
    const steps = operation.steps
      .filter(({ step }) => step.kind !== 'gate')
      .flatMap(() => ['step.begun', 'step.done']);
    expect(world.seen.audit.map(({ event }) => event)).toEqual([
      'operation.started',
      ...steps,
      'operation.succeeded',
    ]);
    expect(world.seen.shown.at(-1)).toEqual({ kind: 'operation', id: 'op1', version: operation.version });
  });

  it('shows the sizes and alarms of before and after', async () => {
    await world.approve();
    await world.execute();
    const { before, after, conclusion } = await world.now();
    expect(before?.alarms).toEqual(['NOSPACE on m1']);
    expect(after?.alarms).toEqual([]);
    expect(after!.members[0]!.sizeBytes).toBeLessThan(before!.members[0]!.sizeBytes!);
    expect(conclusion).toMatchObject({ summary: 'Writes go through again.', next: [] });
  });

  it('writes down what will prove an act before it acts', async () => {
    await world.approve();
    const journal: unknown[] = [];
    world.script.compact = {
      act: async () => void journal.push((await world.now()).steps[0]),
    };
    await world.execute();
    expect(journal).toMatchObject([{ state: 'begun', evidence: { of: 'compact' } }]);
  });

  it('pauses between members for the time that the cluster asks for', async () => {
    await world.approve();
    const times: number[] = [];
    world.script.defragment = { effect: async () => (times.push(world.deps.clock.now()), done()) };
    world.script.disarm = { effect: async () => (times.push(world.deps.clock.now()), done()) };
    await world.execute();
    expect(times[1]! - times[0]!).toBeGreaterThanOrEqual(world.cluster.settleMs);
    expect(times[2]! - times[1]!).toBeGreaterThanOrEqual(world.cluster.settleMs);
    // After the last member nothing is left to recover: only refused writers wait.
    expect(times[3]! - times[2]!).toBeLessThan(world.cluster.settleMs);
  });
});

describe('many jobs for one operation', () => {
  it('act once: the token is consumed by one of them', async () => {
    await world.approve();
    await Promise.all(Array.from({ length: 20 }, () => world.execute()));
    await until(async () => (await world.now()).state === 'succeeded', { what: 'it has succeeded' });
    expect(world.calls).toEqual(ALL);
    expect(world.seen.audit.filter(({ event }) => event === 'operation.started')).toHaveLength(1);
  });

  it('leave the cluster free, also for one that comes when it is over', async () => {
    await world.approve();
    const before = await world.now();
    await world.execute();
    // A job that read the record before the first one had consumed the token.
    await execute(
      { ...world.deps, operations: { ...world.deps.operations, load: async () => before } },
      'op1',
    );
    expect(world.calls).toEqual(ALL);
    expect(await world.holder()).toBeNull();
  });

  it('do nothing after its end', async () => {
    await world.approve();
    await world.execute();
    await world.execute();
    expect(world.calls).toEqual(ALL);
  });

  it('do nothing for an operation that nobody approved, or that nobody knows', async () => {
    await world.approve({ state: 'pending' });
    await world.execute();
    await world.execute('another');
    expect(world.calls).toEqual([]);
    expect(await world.now()).toMatchObject({ state: 'pending', version: 1 });
  });
});

describe('the order of members', () => {
  it('follows the leadership: who leads by now comes last', async () => {
    await world.approve();
    world.script.compact = { act: async () => leads(world.target, 'm2') };
    await world.execute();
    expect(world.calls).toEqual([
      'compact',
      'defragment m3',
      'defragment m1',
      'move-leader',
      'defragment m2',
      'disarm',
      'write-probe',
    ]);
    expect((await world.now()).state).toBe('succeeded');
  });

  it('follows a leadership that moves between two members', async () => {
    await world.approve();
    const effects: string[] = [];
    world.script.defragment = {
      effect: async () => {
        if (effects.push('seen') === 1) leads(world.target, 'm3');
        return done();
      },
    };
    await world.execute();
    const defragmented = world.calls.filter((call) => call.startsWith('defragment'));
    expect(defragmented).toEqual(['defragment m2', 'defragment m1', 'defragment m3']);
  });
});

function done() {
  return { seen: 'done' as const, result: 'seen' };
}
