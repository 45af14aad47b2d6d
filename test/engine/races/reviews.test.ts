import { beforeEach, describe, expect, it } from '@jest/globals';
import type { Verdict } from '../../../src/domain/errors.js';
import { oneRedis } from '../../redis.js';
import { withEveryStatus } from '../../facts.js';
import { makeScene, repeat, type Scene } from './scene.js';

const redis = oneRedis();
let scene: Scene;

beforeEach(() => {
  scene = makeScene(redis);
});

const TIMES = 30;
const oks = (verdicts: readonly Verdict<unknown>[]): number => verdicts.filter(({ ok }) => ok).length;
const reasons = (verdicts: readonly Verdict<unknown>[]): string =>
  verdicts.map((verdict) => (verdict.ok ? '' : verdict.reason)).join('');

function startsOf(id: string): readonly string[] {
  return scene.world.seen.jobs.filter((job) => job.startsWith(`run ${id} `));
}

describe('race 1: two approvals at once, both see n-1', () => {
  it('count both, and the operation starts once', async () => {
    const [here, there] = [scene, scene.another()];
    await repeat(TIMES, async (id) => {
      await scene.pending({ id });
      const clicks = [
        here.approve('U2', { operationId: id }),
        there.approve('U3', { operationId: id }),
      ] as const;
      expect(oks(await Promise.all(clicks))).toBe(2);
      const { state, reviews, token } = await scene.now(id);
      expect([state, reviews.length, token !== undefined]).toEqual(['approved', 2, true]);
      expect(startsOf(id)).toHaveLength(1);
    });
  });

  it('and a third one too many is told that it is approved already', async () => {
    const approvers = { users: ['U2', 'U3', 'U4', 'U5'], groups: [] };
    scene.reload({ approvers });
    await repeat(TIMES, async (id) => {
      await scene.pending({ id, policy: { ...scene.world.cluster.policy, approvers } });
      const clicks = approvers.users.map((user, at) =>
        (at % 2 === 0 ? scene : scene.another()).approve(user, { operationId: id }),
      );
      const verdicts = await Promise.all(clicks);
      expect(oks(verdicts)).toBe(2);
      expect(reasons(verdicts)).toContain('approved already');
      expect((await scene.now(id)).reviews).toHaveLength(2);
      expect(startsOf(id)).toHaveLength(1);
    });
  });

  it('and one person on ten devices counts once', async () => {
    await repeat(TIMES, async (id) => {
      await scene.pending({ id });
      const clicks = Array.from({ length: 10 }, () => scene.another().approve('U2', { operationId: id }));
      const verdicts = await Promise.all(clicks);
      expect(oks(verdicts)).toBe(1);
      expect(reasons(verdicts)).toContain('already reviewed');
      expect(await scene.now(id)).toMatchObject({ state: 'pending', reviews: [{ by: { userId: 'U2' } }] });
    });
  });
});

describe('race 3: approve and deny at the same instant', () => {
  it('end in one of the two, and the other one is told which', async () => {
    const policy = { ...scene.world.cluster.policy, approvals: 1 };
    scene.reload(policy);
    await repeat(TIMES, async (id, turn) => {
      await scene.pending({ id, policy });
      const there = scene.another();
      const both = [
        () => scene.approve('U2', { operationId: id }),
        () => there.deny('U3', { operationId: id }),
      ];
      const verdicts = await Promise.all((turn % 2 === 0 ? both : both.reverse()).map((click) => click()));
      expect(oks(verdicts)).toBe(1);
      const { state, token, reviews } = await scene.now(id);
      expect(reviews).toHaveLength(1);
      expect(token !== undefined).toBe(state === 'approved');
      expect(reasons(verdicts)).toMatch(state === 'denied' ? /It is denied/ : /approved already/);
      if (state === 'denied') await scene.execute(id);
    });
    expect(scene.world.calls).toEqual([]);
  });

  it('end in the denial wherever the approval was not the last one needed', async () => {
    await repeat(TIMES, async (id) => {
      await scene.pending({ id });
      const clicks = [
        scene.approve('U2', { operationId: id }),
        scene.another().deny('U3', { operationId: id }),
      ];
      await Promise.all(clicks);
      expect(await scene.now(id)).toMatchObject({ state: 'denied' });
      expect((await scene.now(id)).token).toBeUndefined();
    });
  });
});

describe('race 9: the plan is made anew after its first review', () => {
  /** A newer compaction: another plan. */
  async function writes(turn: number): Promise<void> {
    const { target } = scene.world;
    target.snapshot = withEveryStatus(target.snapshot, { revision: 5_000_000 + turn });
  }

  it('voids the reviews of the old one, and asks for new ones', async () => {
    await scene.pending();
    await scene.approve('U2');
    await writes(1);
    const proposed = await scene.propose('U1');
    if (!proposed.ok) throw new Error(proposed.reason);
    expect(proposed.value).toMatchObject({ state: 'pending', reviews: [] });
    expect(proposed.value.planHash).not.toBe((await scene.now()).planHash);
    expect(await scene.now()).toMatchObject({ state: 'superseded' });
    expect(reasons([await scene.approve('U3')])).toContain('superseded');
    await scene.execute();
    expect(scene.world.calls).toEqual([]);
  });

  it('keeps them where the new plan is the very same', async () => {
    await scene.propose('U1');
    const again = await scene.propose('U9');
    expect(reasons([again])).toContain('very same plan waits for approval already');
    expect(await scene.world.deps.operations.open()).toHaveLength(1);
  });

  it('never takes the place of what was approved since: that goes on', async () => {
    await scene.pending();
    await scene.approve('U2');
    await writes(1);
    const { operations } = scene.deps;
    const open = async () => {
      const waiting = await operations.open();
      await scene.another().approve('U3');
      return waiting;
    };
    Object.assign(scene.deps, { operations: { ...operations, open } });
    expect(await scene.propose('U1')).toMatchObject({ ok: true, value: { state: 'pending' } });
    expect(await scene.now()).toMatchObject({ state: 'approved' });
    expect((await scene.now()).token).toBeDefined();
  });

  it('never carries a review over, however the last click and the new plan meet', async () => {
    await repeat(TIMES, async (id, turn) => {
      await scene.pending({ id });
      await scene.approve('U2', { operationId: id });
      await writes(turn);
      const [proposed, clicked] = await Promise.all([
        scene.propose('U1'),
        scene.another().approve('U3', { operationId: id }),
      ]);
      if (!proposed.ok) throw new Error(proposed.reason);
      const { state, token } = await scene.now(id);
      expect([state, clicked.ok, token !== undefined]).toEqual(
        clicked.ok ? ['approved', true, true] : ['superseded', false, false],
      );
      expect(proposed.value.reviews).toEqual([]);
      await scene.cancel('U1', proposed.value.id);
      await scene.cancel('U2', id);
    });
  });
});
