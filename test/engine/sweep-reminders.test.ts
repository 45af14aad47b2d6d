import { beforeEach, describe, expect, it } from '@jest/globals';
import { MINUTE } from '../facts.js';
import { oneRedis } from '../redis.js';
import { makeScene, type Scene } from './races/scene.js';

const redis = oneRedis();
let scene: Scene;

beforeEach(async () => {
  scene = makeScene(redis);
  const now = Date.now();
  await scene.pending({ createdAt: now, approveBy: now + 30 * MINUTE });
});

/** How often approvers have been reminded once so many minutes have passed, swept every ten seconds or as given. */
async function remindedAfter(minutes: number, everyMs = 10_000): Promise<number> {
  for (let passed = 0; passed < minutes * MINUTE; passed += everyMs) {
    await scene.world.wait(everyMs);
    await scene.sweep();
  }
  return (await scene.now()).remindedAt?.length ?? 0;
}

describe('approvers are reminded', () => {
  it('as a third and as a tenth of the time is left, and not more often', async () => {
    expect(await remindedAfter(19)).toBe(0);
    expect(await remindedAfter(2)).toBe(1);
    expect(await remindedAfter(5)).toBe(1);
    expect(await remindedAfter(2)).toBe(2);
    expect(await remindedAfter(1)).toBe(2);
    expect(scene.world.seen.shown).toHaveLength(2);
  });

  it('once where nobody swept until both were due', async () => {
    await scene.world.wait(28 * MINUTE);
    await scene.sweep();
    expect(await remindedAfter(1)).toBe(1);
  });

  it('once by however many sweepers', async () => {
    await scene.world.wait(21 * MINUTE);
    await Promise.all(Array.from({ length: 10 }, () => scene.another().sweep()));
    expect((await scene.now()).remindedAt).toHaveLength(1);
  });

  it('never of what is decided', async () => {
    await scene.deny('U2');
    expect(await remindedAfter(29, MINUTE)).toBe(0);
  });

  it('and their review counts all the same, with its signature', async () => {
    await scene.approve('U2');
    await scene.world.wait(21 * MINUTE);
    await scene.sweep();
    expect(await scene.approve('U3')).toMatchObject({ ok: true, value: { state: 'approved' } });
    await scene.execute();
    expect(await scene.now()).toMatchObject({ state: 'succeeded' });
  });
});
