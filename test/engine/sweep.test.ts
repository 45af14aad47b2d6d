import { beforeEach, describe, expect, it } from '@jest/globals';
import { sweep } from '../../src/engine/sweep.js';
import { oneRedis } from '../redis.js';
import { makeWorld, type World } from './world.js';

const redis = oneRedis();
let world: World;

beforeEach(() => {
  world = makeWorld(redis);
});

const PAST = Date.now() - 1000;
const FUTURE = Date.now() + 3_600_000;

describe('the sweep', () => {
  it.each([
    ['nobody approved it in time', { state: 'pending', approveBy: PAST }, /Nobody approved it in time/],
    ['it could not start in time', { state: 'approved', startBy: PAST }, /could not start in time/],
  ] as const)('ends an operation as expired where %s', async (_why, changes, words) => {
    await world.approve(changes);
    await world.sweep();
    const { state, conclusion, token } = await world.now();
    expect([state, token]).toEqual(['expired', undefined]);
    expect(conclusion?.summary).toMatch(words);
    expect(world.seen.audit.map(({ event }) => event)).toEqual(['operation.expired']);
  });

  it.each(['pending', 'denied'] as const)('leaves an operation alone that is %s', async (state) => {
    await world.approve({ state: 'pending', approveBy: FUTURE, startBy: PAST });
    await world.deps.operations.swap('op1', (operation) => ({
      ok: true,
      operation: { ...operation, state },
    }));
    await world.sweep();
    expect(await world.now()).toMatchObject({ state, version: 2 });
    expect(world.seen.jobs).toEqual([]);
  });

  it('goes on with a watch whose next look got lost, until its time has passed', async () => {
    await world.approve();
    await world.execute();
    const watched = async (until: number, lastReadAt: number): Promise<readonly string[]> => {
      world.seen.jobs.length = 0;
      await world.deps.operations.swap('op1', (operation) => ({
        ok: true,
        operation: { ...operation, watch: { until, state: 'watching', lastReadAt } },
      }));
      await world.sweep();
      return world.seen.jobs;
    };
    const now = world.deps.clock.now();
    expect(await watched(FUTURE, now - 1000)).toEqual([]);
    expect(await watched(FUTURE, now - 60_000)).toEqual(['watch op1']);
    expect(await watched(PAST, now)).toEqual([]);
  });

  it('queues a start again that got lost', async () => {
    await world.approve();
    await world.sweep();
    expect(world.seen.jobs).toEqual(['run op1 1']);
  });

  it('looks after the others where one of them can’t be looked after', async () => {
    await world.approve({ id: 'op2', state: 'pending', approveBy: PAST });
    await world.approve({ id: 'op1' });
    const jobs = { ...world.deps.jobs, run: () => Promise.reject(new Error('no queue')) };
    await sweep({ ...world.deps, jobs });
    expect(await world.now('op2')).toMatchObject({ state: 'expired' });
    expect(world.seen.logged).toContain('an operation could not be looked after');
  });

  it('does not undo an approval that came at the last moment', async () => {
    await world.approve({ state: 'pending', approveBy: PAST });
    const { operations } = world.deps;
    const swap: typeof operations.swap = async (id, change) => {
      await operations.swap(id, (operation) => ({
        ok: true,
        operation: { ...operation, state: 'approved' },
      }));
      return operations.swap(id, change);
    };
    await sweep({ ...world.deps, operations: { ...operations, swap } });
    expect(await world.now()).toMatchObject({ state: 'approved' });
  });
});
