import { beforeEach, describe, expect, it } from '@jest/globals';
import type { Policy } from '../../src/domain/actor.js';
import { gaugeOf } from '../../src/domain/maintenance/gauge.js';
import type { Operation } from '../../src/domain/operation.js';
import type { MaintenanceWindow } from '../../src/domain/window.js';
import { full, healthy, withAlarms } from '../facts.js';
import { oneRedis } from '../redis.js';
import { makeScene, pendingNow, type Scene } from './races/scene.js';

const redis = oneRedis();
const incident = full(healthy());
let scene: Scene;

/** U1 operates and, with U5, may approve alone; U3 may let it start at any hour. */
const POLICY: Partial<Policy> = {
  emergency: { users: ['U1', 'U5'], groups: [] },
  outsideWindow: { users: ['U3'], groups: [] },
};

beforeEach(() => {
  scene = makeScene(redis);
  scene.reload(POLICY);
});

const pending = (changes: Partial<Operation> = {}) =>
  scene.pending({ policy: scene.world.cluster.policy, before: gaugeOf(incident), ...changes });
const alone = (user: string, reason: string | undefined = 'nobody else is awake') =>
  scene.approve(user, { emergency: true, reason });

describe('an emergency approval', () => {
  it.each(['U5', 'U1'])(
    'by %s alone starts it, their own proposal too, and the trail marks it',
    async (user) => {
      await pending();
      expect(await alone(user)).toMatchObject({ ok: true, value: { state: 'approved' } });
      expect(scene.world.seen.audit).toMatchObject([
        { event: 'operation.approved', who: user, why: 'nobody else is awake', detail: { emergency: true } },
      ]);
      await scene.execute();
      expect(await scene.now()).toMatchObject({ state: 'succeeded' });
    },
  );

  it.each<[string, string, string | undefined, Partial<Operation>, RegExp]>([
    ['without a reason', 'U5', ' ', {}, /needs its reason/],
    ['by an approver who may not alone', 'U2', 'why', {}, /policy\.emergency|emergency/],
    ['by nobody', 'U9', 'why', {}, /emergency/],
    [
      'of another kind of change',
      'U5',
      'why',
      { plan: { ...pendingNow().plan, runbook: 'defrag' } },
      /only for a `fix`/,
    ],
    ['while no alarm is armed', 'U5', 'why', { before: gaugeOf(healthy()) }, /NOSPACE alarm is armed/],
  ])('does not count %s', async (_what, user, reason, changes, words) => {
    const { version } = await pending(changes);
    expect(await alone(user, reason)).toMatchObject({ ok: false, reason: expect.stringMatching(words) });
    expect(await scene.now()).toMatchObject({ state: 'pending', version, reviews: [] });
  });

  it('is nobody’s where the list is empty', async () => {
    scene.reload({ emergency: { users: [], groups: [] } });
    await pending();
    for (const user of ['U1', 'U2', 'U5']) expect(await alone(user)).toMatchObject({ ok: false });
  });

  it('takes the place of what the same person had said before', async () => {
    scene.reload({ approvers: { users: ['U2', 'U5'], groups: [] } });
    await pending();
    await scene.approve('U5');
    expect(await alone('U5')).toMatchObject({ ok: true });
    expect((await scene.now()).reviews).toMatchObject([{ by: { userId: 'U5' }, emergency: true }]);
  });

  it('is over where a newer sample shows no NOSPACE: then the usual ones are enough', async () => {
    await pending();
    await scene.deps.samples.save({ ...withAlarms(incident, []), at: Date.now() });
    expect(await alone('U5')).toMatchObject({
      ok: false,
      reason: expect.stringContaining('not armed any more'),
    });
    expect(await scene.now()).toMatchObject({ state: 'pending', reviews: [] });
  });

  it.each<[string, () => void, RegExp]>([
    [
      'NOSPACE is not armed any more',
      () => (scene.world.target.snapshot = withAlarms(incident, [])),
      /in an emergency/,
    ],
    [
      'they may not alone any more',
      () => scene.reload({ emergency: { users: [], groups: [] } }),
      /0 of 2 approvals/,
    ],
  ])('does not start it where %s', async (_what, happens, words) => {
    await pending();
    await alone('U5');
    happens();
    await scene.execute();
    expect(scene.world.calls).toEqual([]);
    expect(await scene.now()).toMatchObject({ state: 'stale' });
    expect((await scene.now()).conclusion?.summary).toMatch(words);
  });

  it('is no right to deny', async () => {
    await pending();
    expect(await scene.deny('U5', { emergency: true, reason: 'no' })).toMatchObject({ ok: false });
    expect(await scene.now()).toMatchObject({ state: 'pending', reviews: [] });
  });

  it('does not lift a pause, nor what is observed only', async () => {
    await pending();
    await scene.deps.pauses.set({ scope: '*', by: { teamId: 'T1', userId: 'U4' }, reason: 'x', at: 1 });
    expect(await alone('U5')).toMatchObject({ ok: false, reason: expect.stringContaining('paused') });
    await scene.deps.pauses.lift('*');
    scene.world.cluster = { ...scene.world.cluster, changes: false };
    expect(await alone('U5')).toMatchObject({ ok: false, reason: expect.stringContaining('off') });
  });
});

/** Closed now: it opens the day after tomorrow. */
function closed(): readonly MaintenanceWindow[] {
  const days = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'] as const;
  const day = days[(new Date().getUTCDay() + 2) % 7]!;
  return [{ days: [day], fromMinute: 600, toMinute: 660, zone: 'UTC' }];
}

describe('while no maintenance window is open', () => {
  beforeEach(() => {
    scene.world.cluster = { ...scene.world.cluster, windows: closed() };
  });

  it('the last approval does not count, unless one of them may allow it', async () => {
    scene.reload({ approvers: { users: ['U2', 'U3', 'U4'], groups: [] } });
    await pending();
    expect(await scene.approve('U2')).toMatchObject({ ok: true });
    expect(await scene.approve('U4')).toMatchObject({
      ok: false,
      reason: expect.stringContaining('outside the maintenance windows'),
    });
    expect(await scene.now()).toMatchObject({ state: 'pending', reviews: [{ by: { userId: 'U2' } }] });
    expect(await scene.approve('U3')).toMatchObject({ ok: true, value: { state: 'approved' } });
    await scene.execute();
    expect(await scene.now()).toMatchObject({ state: 'succeeded' });
  });

  it('one of a group may allow it as long as the group may', async () => {
    const outsideWindow = { users: [], groups: ['S1'] };
    scene.reload({ outsideWindow });
    scene.slack.groups = { S1: ['U3'] };
    await pending();
    await scene.approve('U2');
    const approved = await scene.approve('U3');
    expect(approved).toMatchObject({
      ok: true,
      value: { reviews: [{ by: { userId: 'U2' } }, { outsideWindow: true, outsideViaGroup: 'S1' }] },
    });
    scene.reload({ outsideWindow: { users: [], groups: ['S2'] } });
    await scene.execute();
    expect(await scene.now()).toMatchObject({ state: 'stale' });
  });

  it('an emergency starts all the same', async () => {
    await pending();
    await alone('U5');
    await scene.execute();
    expect(await scene.now()).toMatchObject({ state: 'succeeded' });
  });

  it('nothing starts whose window has closed since, unless it may', async () => {
    scene.world.cluster = { ...scene.world.cluster, windows: [] };
    await pending();
    await scene.approve('U2');
    await scene.approve('U3');
    scene.world.cluster = { ...scene.world.cluster, windows: closed() };
    await scene.execute();
    expect(await scene.now()).toMatchObject({ state: 'stale' });
    expect((await scene.now()).conclusion?.summary).toContain('window is closed');
  });

  it('what runs goes on: a closing window leaves nothing half mended', async () => {
    scene.world.cluster = { ...scene.world.cluster, windows: [] };
    await scene.approved();
    scene.world.script.compact = {
      act: async () => void (scene.world.cluster = { ...scene.world.cluster, windows: closed() }),
    };
    await scene.execute();
    expect(await scene.now()).toMatchObject({ state: 'succeeded' });
  });
});
