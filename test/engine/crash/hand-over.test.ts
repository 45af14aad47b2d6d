import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { execute } from '../../../src/engine/execute.js';
import { sweep } from '../../../src/engine/sweep.js';
import { afterDeath } from './aftermath.js';
import { JOBS, type Executor } from './deps.js';
import { openLane, walk, type Lane } from './lane.js';
import { ACTS, another, callsOf, goSilent, operationNow, type Scene } from './scene.js';

const lanes: Lane[] = [];

beforeAll(async () => {
  lanes.push(await openLane());
});

afterAll(async () => {
  await Promise.all(lanes.map((lane) => lane.close()));
});

/** Every so many points. */
const SOME = 12;

describe('An executor that is told to end (SIGTERM)', () => {
  it('finishes its step and leaves the rest to the next process, wherever it is', async () => {
    const count = (await points({})).length;
    const courses = new Set<string>();
    await walk(lanes, Math.floor(count / SOME), async (lane, number) => {
      const scene = await lane.fresh();
      const { code } = await lane.run(scene, { endsAt: number * SOME });
      const { state, token, steps } = await operationNow(scene);
      const begun = steps.filter((record) => record.state === 'begun');
      expect([code, begun]).toEqual([0, []]);
      expect(token !== undefined).toBe(state === 'running');
      courses.add(state);
      await lane.run(scene);
      expect([number, await callsOf(scene)]).toEqual([number, ACTS]);
      expect(await operationNow(scene)).toMatchObject({ state: 'succeeded' });
    });
    expect([...courses].toSorted()).toEqual(['running', 'succeeded']);
  }, 90_000);

  it('and is killed before it has done so, loses nothing: without the fresh token nobody goes on, with it somebody does', async () => {
    const first = 1 + (await points({})).indexOf('before defragment m3');
    const all = await points({ endsAt: first });
    expect(all.slice(first)).toContain('before job');
    const found = await deathsFrom(first, all, { endsAt: first });
    expect(found.broken).toEqual([]);
    expect(found.courses).toEqual(['running → failed', 'running → succeeded']);
  }, 90_000);
});

describe('The process that goes on', () => {
  it('and is killed as it begins, repeats nothing', async () => {
    const handedOver = (scene: Scene): Promise<void> => {
      const executor: Executor = another(scene, {
        witness: async (what) => (what === 'before defragment m3' ? executor.stop() : undefined),
      });
      return execute(executor, 'op1');
    };
    const scene = await lanes[0]!.fresh();
    await handedOver(scene);
    const all = (await lanes[0]!.run(scene)).points;
    // From its first act on it is the process of the other walk.
    const found = await deathsFrom(0, all.slice(0, all.indexOf('before move-leader')), {}, handedOver);
    expect(found.broken).toEqual([]);
    expect(found.courses).toEqual(['running → failed', 'running → succeeded']);
  }, 90_000);
});

describe('The process that looks after the work of a dead one', () => {
  it.each([
    ['as it takes it over', 0],
    ['as it reads what became of it', 1],
  ])(
    'and is killed %s, leaves all to the next look',
    async (_when, looks) => {
      const dead = async (scene: Scene): Promise<void> => {
        const witness = async (what: string): Promise<void> => {
          if (what === 'after defragment m3') throw new Error('the process is gone');
        };
        await expect(execute(another(scene, { witness }), 'op1')).rejects.toThrow('the process is gone');
        await goSilent(scene);
        for (let look = 0; look < looks; look++) await sweep(scene.executor);
      };
      const scene = await lanes[0]!.fresh();
      await dead(scene);
      const all = (await lanes[0]!.run(scene, { work: 'sweep' })).points;
      expect(all).toContain('after swap');
      const found = await deathsFrom(0, all, { work: 'sweep' }, dead);
      expect(found.broken).toEqual([]);
    },
    90_000,
  );
});

/** What a run passes that nobody kills. */
async function points(orders: Parameters<Lane['run']>[1]): Promise<readonly string[]> {
  const [lane] = lanes as [Lane];
  const scene = await lane.fresh();
  const outcome = await lane.run(scene, orders);
  expect(outcome.code).toBe(0);
  if (orders?.endsAt !== undefined) expect(await scene.redis.lrange(JOBS, 0, -1)).toEqual(['run op1']);
  return outcome.points;
}

/** Killed at each of these points, behind the first so many. */
async function deathsFrom(
  first: number,
  all: readonly string[],
  orders: Parameters<Lane['run']>[1],
  before: (scene: Scene) => Promise<void> = async () => undefined,
): Promise<{ readonly broken: readonly string[]; readonly courses: readonly string[] }> {
  const broken: string[] = [];
  const courses = new Set<string>();
  await walk(lanes, all.length - first, async (lane, number) => {
    const scene = await lane.fresh();
    await before(scene);
    const diesAt = first + number;
    expect(await lane.run(scene, { ...orders, diesAt })).toMatchObject({ signal: 'SIGKILL' });
    const found = await afterDeath(scene);
    courses.add(found.course);
    const where = `killed at point ${String(diesAt)}, ${all[diesAt - 1] ?? ''}`;
    broken.push(...found.broken.map((sentence) => `${where}, it does not hold that ${sentence}`));
  });
  return { broken, courses: [...courses].toSorted() };
}
