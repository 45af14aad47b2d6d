import { beforeEach, describe, expect, it } from '@jest/globals';
import type { Signer } from '../../../src/domain/ports.js';
import { execute } from '../../../src/engine/execute.js';
import { review } from '../../../src/engine/review.js';
import { HOUR, MINUTE } from '../../facts.js';
import { TargetError } from '../../../src/domain/errors.js';
import { oneRedis } from '../../redis.js';
import { signer } from '../world.js';
import { CHANNEL, makeScene, type Scene } from './scene.js';

const redis = oneRedis();
let scene: Scene;

beforeEach(() => {
  scene = makeScene(redis);
});

/** Lets the wall clock pass a moment, without giving way to anybody. */
function passes(moment: number): void {
  while (Date.now() <= moment);
}

const click = { operationId: 'op1', actor: { teamId: 'T1', userId: 'U2' }, channel: CHANNEL } as const;

describe('race 4: a click after the time for approvals', () => {
  it('does not count, is told so, and has the card drawn again', async () => {
    await scene.pending({ approveBy: Date.now() - 1 });
    for (const answer of [await scene.approve('U2'), await scene.deny('U3')])
      expect(answer).toMatchObject({ ok: false, reason: 'Its time for approvals has passed.' });
    expect(await scene.now()).toMatchObject({ state: 'pending', reviews: [] });
    expect(scene.world.seen.shown.filter(({ id }) => id === 'op1')).toHaveLength(2);
  });

  it('does not count either where the time passes between reading and writing the record', async () => {
    const approveBy = Date.now() + 150;
    await scene.pending({ approveBy, policy: { ...scene.world.cluster.policy, approvals: 1 } });
    const slow: Signer = { ...signer, sign: (text) => (passes(approveBy), signer.sign(text)) };
    const answer = await review({ ...scene.deps, signer: slow }, scene.world.cluster, {
      ...click,
      verdict: 'approve',
    });
    expect(answer).toMatchObject({ ok: false, reason: 'Its time has passed.' });
    expect(await scene.now()).toMatchObject({ state: 'pending', reviews: [] });
  });
});

describe('race 5: approved, and the time to start passes first', () => {
  it('starts nothing, and leaves the cluster to others', async () => {
    await scene.world.approve({ startBy: Date.now() - 1 });
    await scene.execute();
    expect(scene.world.calls).toEqual([]);
    expect(await scene.world.holder()).toBeNull();
    await scene.sweep();
    expect(await scene.now()).toMatchObject({ state: 'expired' });
  });

  it('starts nothing where the time passes while the facts are read', async () => {
    const startBy = Date.now() + 150;
    await scene.world.approve({ startBy });
    const { locks } = scene.deps;
    const slow = {
      ...locks,
      beat: async (id: string, ttl: number) => (passes(startBy), locks.beat(id, ttl)),
    };
    await execute({ ...scene.deps, locks: slow }, 'op1');
    expect(scene.world.calls).toEqual([]);
    await scene.sweep();
    expect(await scene.now()).toMatchObject({ state: 'expired' });
    expect(await scene.world.holder()).toBeNull();
  });
});

describe.each([
  ['behind', -5 * HOUR],
  ['ahead', 5 * HOUR],
])('race 22: the clock of a process is hours %s', (_which, skewMs) => {
  it('changes nothing about when a review counts, an operation starts, or one expires', async () => {
    const skewed = scene.another(skewMs);
    await scene.pending();
    expect(await skewed.approve('U2')).toMatchObject({ ok: true });
    expect(await skewed.approve('U3')).toMatchObject({ ok: true });
    const { startBy = 0 } = await scene.now();
    expect(Math.abs(startBy - Date.now() - 10 * MINUTE)).toBeLessThan(MINUTE);
    await skewed.sweep();
    expect(await scene.now()).toMatchObject({ state: 'approved' });
    await skewed.execute();
    expect(await scene.now()).toMatchObject({ state: 'succeeded' });
  });

  it('lets nobody approve, and nothing start, that is too late', async () => {
    const skewed = scene.another(skewMs);
    await scene.pending({ id: 'late', approveBy: Date.now() - 1 });
    expect(await skewed.approve('U2', { operationId: 'late' })).toMatchObject({ ok: false });
    await scene.world.approve({ startBy: Date.now() - 1 });
    await skewed.execute();
    expect(scene.world.calls).toEqual([]);
    await skewed.sweep();
    expect(await scene.now('late')).toMatchObject({ state: 'expired' });
    expect(await scene.now()).toMatchObject({ state: 'expired' });
  });

  it('dates a new proposal by the time of Redis', async () => {
    const proposed = await scene.another(skewMs).propose('U1');
    if (!proposed.ok) throw new Error(proposed.reason);
    expect(Math.abs(proposed.value.createdAt - Date.now())).toBeLessThan(MINUTE);
    expect(proposed.value.approveBy - proposed.value.createdAt).toBe(30 * MINUTE);
  });

  it('makes nobody ask a person too early, or never, about an act whose end was not seen', async () => {
    const skewed = scene.another(skewMs);
    await scene.world.approve();
    scene.world.script.defragment = {
      act: () => Promise.reject(new TargetError('timeout', 'm2', 'no answer')),
      effect: async () => ({ seen: 'unclear', because: 'm2 does not answer' }),
    };
    await scene.execute();
    await skewed.sweep();
    expect((await scene.now()).waitsForPerson).toBeUndefined();
    await begunAgo(16 * MINUTE);
    await skewed.sweep();
    expect(await scene.now()).toMatchObject({ state: 'unknown', waitsForPerson: 'm2 does not answer' });
  });

  it('does not end at once, or never, what waits for something that passes by itself', async () => {
    await scene.approved();
    const waits = { go: 'wait' as const, because: 'an election' };
    let looks = 0;
    scene.world.script.defragment = {
      precondition: async () => {
        scene.world.stopping = ++looks === 1;
        return looks < 4 ? waits : { go: 'act', evidence: {} };
      },
    };
    await scene.execute();
    expect(await scene.now()).toMatchObject({ state: 'running' });
    scene.world.stopping = false;
    await scene.another(skewMs).execute();
    expect(await scene.now()).toMatchObject({ state: 'succeeded' });
  });

  it('ends after ten minutes what does not pass', async () => {
    await scene.approved();
    scene.world.script.defragment = {
      precondition: async () => {
        scene.world.stopping = scene.world.waited() < MINUTE;
        return { go: 'wait', because: 'an election' };
      },
    };
    await scene.execute();
    const begun = scene.world.waited();
    scene.world.stopping = false;
    await scene.world.wait(MINUTE);
    await scene.another(skewMs).execute();
    expect(await scene.now()).toMatchObject({ state: 'failed' });
    expect((await scene.now()).conclusion?.summary).toContain('waited 10 min');
    expect(scene.world.waited() - begun).toBeLessThan(12 * MINUTE);
  });

  /** As if the act had begun so many milliseconds earlier. */
  async function begunAgo(ms: number): Promise<void> {
    await scene.deps.operations.swap('op1', (operation) => ({
      ok: true,
      operation: {
        ...operation,
        steps: operation.steps.map((record) =>
          record.state === 'unclear' ? { ...record, begunAt: (record.begunAt ?? 0) - ms } : record,
        ),
      },
    }));
  }
});
