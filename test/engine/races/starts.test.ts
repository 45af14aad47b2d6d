import { beforeEach, describe, expect, it } from '@jest/globals';
import type { Collector } from '../../../src/domain/collector.js';
import type { Operation } from '../../../src/domain/operation.js';
import type { Snapshot } from '../../../src/domain/snapshot.js';
import { gaugeOf } from '../../../src/domain/maintenance/gauge.js';
import { execute } from '../../../src/engine/execute.js';
import { review } from '../../../src/engine/review.js';
import { full, healthy, IDS, withAlarms, withEveryStatus, withListed, withStatus } from '../../facts.js';
import { withoutStatus, withUnreachable } from '../../overrides.js';
import { oneRedis } from '../../redis.js';
import { CHANNEL, makeScene, repeat, type Scene } from './scene.js';

const redis = oneRedis();
let scene: Scene;

beforeEach(() => {
  scene = makeScene(redis);
});

const ALL = 7;

/** The same incident again, as after each run it is mended. */
function fullAgain(): void {
  scene.world.target.snapshot = full(healthy());
  scene.world.calls.length = 0;
}

describe('race 6: cancel and start at the same moment', () => {
  it('end in nothing touched, or in a run that stops after its step: never in both', async () => {
    await repeat(30, async (id, turn) => {
      fullAgain();
      await scene.approved({ id });
      const there = scene.another();
      const both = [() => there.execute(id), () => scene.cancel('U2', id)];
      await Promise.all((turn % 2 === 0 ? both : both.reverse()).map((begin) => begin()));
      const { state, startedAt, conclusion } = await scene.now(id);
      expect(state).toBe('cancelled');
      expect(scene.world.calls.length === 0 || startedAt !== undefined).toBe(true);
      expect(scene.world.calls.length).toBeLessThan(ALL);
      expect(conclusion?.summary).toMatch(startedAt === undefined ? /Nothing was touched/ : /^Stopped by/);
      expect(await scene.world.holder()).toBeNull();
    });
  });

  it('are decided in one swap: what is cancelled while its start is checked never starts', async () => {
    await scene.world.approve();
    const { beat } = scene.deps.locks;
    scene.deps.locks.beat = async (...what) => {
      await scene.cancel('U2');
      await beat(...what);
    };
    await scene.execute();
    expect(scene.world.calls).toEqual([]);
    expect(await scene.now()).toMatchObject({ state: 'cancelled' });
    expect(await scene.world.holder()).toBeNull();
  });
});

describe('race 10: the target is another one than the plan was made for', () => {
  const incident = full(healthy());

  it.each<[string, Snapshot, RegExp]>([
    ['a member was replaced', withStatus(incident, 'm3', { memberId: IDS[4]! }), /member|other/i],
    ['a member was added', withListed(incident, { name: 'm4' }), /m4/],
    ['a member is down', withUnreachable(incident, 'm2'), /m2/],
    ['CORRUPT was raised', withAlarms(incident, [{ memberId: IDS[1]!, kind: 'CORRUPT' }]), /CORRUPT/],
  ])('ends it untouched where %s between the last click and the start', async (_what, snapshot, words) => {
    await scene.pending();
    await scene.approve('U2');
    await scene.approve('U3');
    scene.world.target.snapshot = snapshot;
    await scene.execute();
    expect(await scene.now()).toMatchObject({ state: 'stale' });
    expect((await scene.now()).token).toBeUndefined();
    expect((await scene.now()).conclusion?.summary).toMatch(words);
    expect(scene.world.calls).toEqual([]);
  });

  const everywhere = IDS.slice(0, 3).map((memberId) => ({ memberId, kind: 'NOSPACE' as const }));

  it.each<[string, Snapshot, RegExp]>([
    ['another member leads', withEveryStatus(incident, { leaderId: IDS[1]! }), /m2 leads now, was m1/],
    ['more alarms were raised', withAlarms(incident, everywhere), /NOSPACE on m2, NOSPACE on m3/],
    ['more was written', withEveryStatus(incident, { revision: 4_900_000 }), /more revisions were written/],
  ])('goes on where %s, and says so', async (_what, snapshot, words) => {
    await scene.approved({ before: gaugeOf(incident) });
    scene.world.target.snapshot = snapshot;
    await scene.execute();
    expect(await scene.now()).toMatchObject({ state: 'succeeded' });
    expect((await scene.now()).absorbed.join()).toMatch(words);
  });

  it('is told at the click as well, by a sample that is newer than the plan', async () => {
    await scene.pending();
    const at = Date.now();
    await scene.deps.samples.save({ ...withUnreachable(incident, 'm2'), at });
    expect(await scene.approve('U2')).toMatchObject({ ok: false, reason: expect.stringContaining('m2') });
    expect(await scene.now()).toMatchObject({ state: 'stale', reviews: [] });
  });

  it('is not called so for one answer that came late, neither at the click nor at the start', async () => {
    await scene.pending();
    const slow = withoutStatus(incident, 'm2');
    await scene.deps.samples.save({ ...slow, at: Date.now() });
    for (const user of ['U2', 'U3']) expect(await scene.approve(user)).toMatchObject({ ok: true });
    scene.world.target.snapshot = slow;
    const status = scene.deps.collectors.get('status')!;
    const read: Collector['read'] = (reach) => {
      const answer = status.read(reach);
      scene.world.target.snapshot = incident;
      return answer;
    };
    const collectors = new Map([...scene.deps.collectors, ['status', { read }] as const]);
    await execute({ ...scene.deps, collectors }, 'op1');
    expect(await scene.now()).toMatchObject({ state: 'succeeded' });
  });

  it('never ends from a click what has begun meanwhile', async () => {
    scene.reload({ approvals: 1 });
    await scene.pending({ policy: scene.world.cluster.policy });
    const { samples } = scene.deps;
    const newest = async () => {
      // Between the reading of the record and its change, somebody else's click and the start.
      expect(await scene.another().approve('U3')).toMatchObject({ ok: true });
      const begun = (await scene.now()).version;
      const acts = scene.another().execute();
      while ((await scene.now()).version === begun) await Promise.resolve();
      running = acts;
      return { ...withUnreachable(incident, 'm2'), at: Date.now() };
    };
    let running: Promise<void> = Promise.resolve();
    const states: Operation['state'][] = [];
    const act = async () => void states.push((await scene.now()).state);
    scene.world.script.compact = { act };
    scene.world.script['write-probe'] = { act };
    const deps = { ...scene.deps, samples: { ...samples, newest } };
    const actor = { teamId: 'T1', userId: 'U2' };
    await review(deps, scene.world.cluster, {
      operationId: 'op1',
      actor,
      verdict: 'approve',
      channel: CHANNEL,
    });
    await running;
    expect(states).toEqual(['running', 'running']);
    expect(await scene.now()).toMatchObject({ state: 'succeeded' });
  });
});

describe('race 11: two operations on the same cluster', () => {
  it('never run at the same time: the second is refused, and the fence grows', async () => {
    let fence = 0;
    await repeat(15, async (id) => {
      fullAgain();
      const other = `${id}-other`;
      await Promise.all([scene.approved({ id }), scene.approved({ id: other })]);
      const together: number[] = [];
      scene.world.script.compact = {
        precondition: async () => {
          const both = await Promise.all([scene.now(id), scene.now(other)]);
          together.push(both.filter(({ state }) => state === 'running').length);
          return { go: 'act', evidence: {} };
        },
      };
      await Promise.all([scene.execute(id), scene.another().execute(other)]);
      const both = await Promise.all([scene.now(id), scene.now(other)]);
      expect(both.map(({ state }) => state).sort()).toEqual(['stale', 'succeeded']);
      expect(both.find(({ state }) => state === 'stale')?.conclusion?.summary).toContain('at work');
      expect(together).toEqual([1]);
      expect(scene.world.calls).toHaveLength(ALL);
      const now = Math.max(...both.map((operation) => operation.fence));
      expect(now).toBeGreaterThan(fence);
      fence = now;
    });
  });

  it('are one cluster under two names: etcd’s own id is locked as well', async () => {
    const { locks } = scene.deps;
    const { plan } = await scene.world.approve();
    await scene.world.approve({ id: 'op2' });
    expect(await locks.acquire('calico-prod', plan.clusterId, 'op1')).not.toBeNull();
    expect(await locks.acquire('calico-by-another-name', plan.clusterId, 'op2')).toBeNull();
    expect(await locks.holder('calico-by-another-name', plan.clusterId)).toBe('op1');
  });
});
