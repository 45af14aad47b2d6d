import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { afterDeath } from './aftermath.js';
import { openLane, walk, type Lane } from './lane.js';
import { ACTS, callsOf, operationNow } from './scene.js';

const lanes: Lane[] = [];

beforeAll(async () => {
  lanes.push(...(await Promise.all([openLane(), openLane()])));
});

afterAll(async () => {
  await Promise.all(lanes.map((lane) => lane.close()));
});

describe('An executor that is killed (SIGKILL)', () => {
  it('at any point between two journal entries repeats nothing, and the card tells the truth', async () => {
    const points = await pointsOfAWholeRun();
    expect(points.length).toBeGreaterThan(100);
    const found: string[] = [];
    const courses = new Set<string>();
    await walk(lanes, points.length, async (lane, number) => {
      const scene = await lane.fresh();
      expect(await lane.run(scene, { diesAt: number })).toMatchObject({ signal: 'SIGKILL' });
      const { course, broken } = await afterDeath(scene);
      courses.add(course);
      const where = `killed at point ${String(number)}, ${points[number - 1] ?? ''}`;
      found.push(...broken.map((sentence) => `${where}, it does not hold that ${sentence}`));
    });
    expect(found).toEqual([]);
    expect([...courses].toSorted()).toEqual([
      'approved → succeeded',
      'running → failed',
      'running → succeeded',
      'succeeded → succeeded',
    ]);
  }, 180_000);
});

async function pointsOfAWholeRun(): Promise<readonly string[]> {
  const [lane] = lanes as [Lane];
  const scene = await lane.fresh();
  const { code, points } = await lane.run(scene);
  expect([code, (await operationNow(scene)).state]).toEqual([0, 'succeeded']);
  expect(await callsOf(scene)).toEqual(ACTS);
  return points;
}
