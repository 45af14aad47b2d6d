import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { afterwards, anew, histories, type Event } from './model/events.js';
import { makeLife, type Life } from './model/life.js';

/** Another one is tried with SEED=…; a failure names its own, and the path to it. */
const SEED = Number(process.env['SEED'] ?? 20_260_310);
/** More of them with RUNS=…; so many take some seconds. */
const RUNS = Number(process.env['RUNS'] ?? 400);

async function lived(events: readonly Event[], life = makeLife()): Promise<Life> {
  for (const event of events) await life.happen(event);
  return life;
}

/** Every way that a record can go was gone: a property that never got there would say nothing. */
const WAYS = [
  'approved → cancelled',
  'approved → expired',
  'approved → running',
  'approved → stale',
  'pending → approved',
  'pending → cancelled',
  'pending → denied',
  'pending → expired',
  'pending → stale',
  'pending → superseded',
  'running → cancelled',
  'running → failed',
  'running → succeeded',
  'running → unknown',
  'unknown → failed',
];

describe(`whatever people, processes and the world do, in any order (seed ${String(SEED)})`, () => {
  it('nothing is done twice, without a quorum, or after the end, and every cluster is let go', async () => {
    const ways = new Set<string>();
    const holds = fc.asyncProperty(histories(3), async (events) => {
      const life = await lived(events);
      await life.comesToRest();
      for (const way of life.ways) ways.add(way);
      expect(life.broken).toEqual([]);
    });
    await fc.assert(holds, { seed: SEED, numRuns: RUNS });
    expect([...ways]).toEqual(expect.arrayContaining(WAYS));
  });

  it('nothing is done twice where Redis forgets the last of it: by what the target tells', async () => {
    const holds = fc.asyncProperty(histories(2), histories(1), anew, async (one, two, three) => {
      const life = await lived(one);
      const setBack = life.remember();
      await lived(two, life);
      setBack(false);
      await lived(three, life);
      await life.comesToRest();
      expect(life.broken).toEqual([]);
    });
    await fc.assert(holds, { seed: SEED, numRuns: RUNS / 4 });
  });

  it('nothing is done twice where Redis forgets the last of it: by the marks of used tokens', async () => {
    const holds = fc.asyncProperty(histories(2), histories(1), afterwards, async (one, two, three) => {
      const life = await lived(one);
      const setBack = life.remember();
      await lived(two, life);
      setBack(true);
      await lived(three, life);
      await life.comesToRest();
      expect(life.broken).toEqual([]);
    });
    await fc.assert(holds, { seed: SEED, numRuns: RUNS / 4 });
  });
});
