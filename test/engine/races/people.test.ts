import { beforeEach, describe, expect, it } from '@jest/globals';
import type { Person, Policy } from '../../../src/domain/actor.js';
import { TargetError } from '../../../src/domain/errors.js';
import { execute } from '../../../src/engine/execute.js';
import { makeSandbox, good } from '../../config/sandbox.js';
import { oneRedis } from '../../redis.js';
import { makeScene, type Scene } from './scene.js';

const redis = oneRedis();
let scene: Scene;

beforeEach(() => {
  scene = makeScene(redis);
});

const NOBODY = { users: [], groups: [] };

async function expectUntouched(words: RegExp): Promise<void> {
  expect(await scene.now()).toMatchObject({ state: 'stale' });
  expect((await scene.now()).conclusion?.summary).toMatch(words);
  expect(scene.world.calls).toEqual([]);
  expect(await scene.world.holder()).toBeNull();
}

describe('race 7: an approver loses the right before the start', () => {
  it.each<[string, Partial<Policy>]>([
    ['one of them was taken out', { approvers: { users: ['U2'], groups: [] } }],
    ['both were taken out', { approvers: { users: ['U9'], groups: ['S1'] } }],
    ['all were', { approvers: NOBODY }],
  ])('and nothing starts where %s', async (_how, policy) => {
    await scene.pending();
    await scene.approve('U2');
    await scene.approve('U3');
    scene.reload(policy);
    await scene.execute();
    await expectUntouched(/approvals still count/);
  });

  it('between the two clicks as well: what they said before does not count any more', async () => {
    await scene.pending();
    await scene.approve('U2');
    scene.reload({ approvers: { users: ['U3', 'U4'], groups: [] } });
    expect(await scene.approve('U2')).toMatchObject({ ok: false });
    await scene.approve('U3');
    await scene.execute();
    await expectUntouched(/1 of 2 approvals still count/);
  });

  it('with the user group that gave it', async () => {
    const policy = { ...scene.world.cluster.policy, approvals: 1, approvers: { users: [], groups: ['S1'] } };
    scene.reload(policy);
    scene.slack.groups = { S1: ['U7'] };
    await scene.pending({ policy });
    expect(await scene.approve('U7')).toMatchObject({ ok: true });
    scene.reload({ approvers: { users: [], groups: ['S2'] } });
    await scene.execute();
    await expectUntouched(/0 of 1/);
  });

  it('by leaving the group in Slack before the click: it is asked anew each time', async () => {
    scene.slack.groups = { S1: ['U7'] };
    scene.reload({ approvers: { users: [], groups: ['S1'] } });
    await scene.pending({ policy: scene.world.cluster.policy });
    scene.slack.groups = {};
    expect(await scene.approve('U7')).toMatchObject({
      ok: false,
      reason: expect.stringContaining('approvers'),
    });
    expect((await scene.now()).reviews).toEqual([]);
  });

  it('while the facts of the start are being read: the next operation feels it, and this one was in time', async () => {
    await scene.approved();
    const { acquire } = scene.deps.locks;
    const locks = {
      ...scene.deps.locks,
      acquire: async (...what: Parameters<typeof acquire>) => {
        scene.reload({ approvers: NOBODY });
        return acquire(...what);
      },
    };
    await execute({ ...scene.deps, locks }, 'op1');
    expect(await scene.now()).toMatchObject({ state: 'succeeded' });
    await scene.approved({ id: 'op2' });
    await scene.execute('op2');
    expect(await scene.now('op2')).toMatchObject({ state: 'stale' });
  });
});

describe('race 8: the configuration is loaded anew under way', () => {
  it.each<[string, Partial<Policy>]>([
    ['fewer approvals', { approvals: 1 }],
    ['self-approval', { selfApproval: true }],
    ['more approvers', { approvers: { users: ['U1', 'U2', 'U3', 'U9'], groups: [] } }],
  ])('and %s from now on change nothing for what was proposed before', async (_what, looser) => {
    await scene.pending();
    scene.reload(looser);
    expect(await scene.approve('U1')).toMatchObject({ ok: false });
    expect(await scene.approve('U9')).toMatchObject({ ok: false });
    await scene.approve('U2');
    expect(await scene.now()).toMatchObject({ state: 'pending' });
    await scene.approve('U3');
    expect(await scene.now()).toMatchObject({ state: 'approved' });
  });

  it.each<[string, Partial<Policy>]>([
    ['more approvals are needed', { approvals: 3 }],
    ['other people approve', { approvers: { users: ['U8', 'U9'], groups: [] } }],
  ])('and where it is stricter, because %s, nothing starts on the old terms', async (_what, stricter) => {
    await scene.approved();
    scene.reload(stricter);
    await scene.execute();
    await expectUntouched(/approvals still count/);
  });

  it('by the executor before the bot: the stricter of the two binds', async () => {
    const alone = { selfApproval: true, approvals: 1, approvers: { users: ['U1'], groups: [] } };
    scene.reload(alone);
    await scene.pending({ policy: scene.world.cluster.policy });
    expect(await scene.approve('U1')).toMatchObject({ ok: true });
    scene.reload({ selfApproval: false });
    await scene.execute();
    await expectUntouched(/0 of 1 approvals still count/);
  });

  it('and a cluster that is observed only from now on starts nothing', async () => {
    await scene.approved();
    scene.world.cluster = { ...scene.world.cluster, changes: false };
    await scene.execute();
    await expectUntouched(/changes are off/);
  });
});

const OUTSIDERS: readonly [string, Partial<Person>, string?][] = [
  ['a bot', { bot: true }],
  ['a guest', { guest: true }],
  ['somebody from another organisation', { stranger: true }],
  ['somebody whose account is deactivated', { deleted: true }],
  ['somebody of another workspace, says Slack', { teamId: 'T2' }],
  ['somebody of another workspace, says the click', {}, 'T2'],
  ['a click that does not say of which workspace', {}, ''],
];

describe('race 17: a click that must not count, by an id that the policy names', () => {
  it.each(OUTSIDERS)('%s neither approves nor denies nor stops', async (_who, person, teamId = 'T1') => {
    await scene.pending();
    await scene.approved({ id: 'op2' });
    scene.slack.people = { U2: person };
    const actor = { teamId, userId: 'U2' };
    expect(await scene.approve('U2', { actor })).toMatchObject({ ok: false });
    expect(await scene.deny('U2', { actor })).toMatchObject({ ok: false });
    expect(await scene.cancel('U2', 'op2', teamId)).toMatchObject({ ok: false });
    expect(await scene.now()).toMatchObject({ state: 'pending', reviews: [], version: 1 });
    expect(await scene.now('op2')).toMatchObject({ state: 'approved', version: 1 });
    expect(scene.world.seen.audit.map(({ event }) => event)).toContain('operation.click-refused');
  });

  it.each<[string, () => void, string]>([
    ['is shared with another organisation', () => (scene.slack.shared = true), 'C0PLATFORM'],
    ['is not one of the cluster’s', () => undefined, 'C0OTHER'],
  ])('nobody does in a channel that %s', async (_what, prepare, channel) => {
    await scene.pending();
    prepare();
    expect(await scene.approve('U2', { channel })).toMatchObject({ ok: false });
    expect(await scene.deny('U2', { channel })).toMatchObject({ ok: false });
    expect(await scene.now()).toMatchObject({ state: 'pending', reviews: [], version: 1 });
  });

  it('nobody does while Slack does not say who they are, and nothing lapses into a yes or a no', async () => {
    await scene.pending();
    const silent = () => Promise.reject(new TargetError('unavailable', 'slack', 'no answer'));
    const { directory } = scene.deps;
    for (const away of ['person', 'isShared'] as const) {
      Object.assign(scene.deps, { directory: { ...directory, [away]: silent } });
      expect(await scene.approve('U2')).toMatchObject({
        ok: false,
        reason: expect.stringContaining('Slack'),
      });
      expect(await scene.deny('U2')).toMatchObject({ ok: false });
    }
    expect(await scene.now()).toMatchObject({ state: 'pending', reviews: [] });
  });
});

describe('race 18: an empty list of approvers', () => {
  it('is a mistake in the configuration, told at the start', () => {
    const sandbox = makeSandbox();
    try {
      for (const approvers of [undefined, {}, { users: [] }, { users: [], groups: [] }])
        expect(sandbox.problems(good({ policy: { approvers } })).join()).toContain('approvers');
    } finally {
      sandbox.remove();
    }
  });

  it('is nobody, not everybody, wherever it gets past that', async () => {
    scene.reload({ approvers: NOBODY });
    await scene.pending({ policy: scene.world.cluster.policy });
    for (const user of ['U1', 'U2', 'U3', '']) expect(await scene.approve(user)).toMatchObject({ ok: false });
    await scene.approved({ id: 'op2' });
    await scene.execute('op2');
    expect(await scene.now('op2')).toMatchObject({ state: 'stale' });
    expect(scene.world.calls).toEqual([]);
  });

  it('is nobody as well where it is a user group that Slack does not know', async () => {
    scene.reload({ approvers: { users: [], groups: ['S404'] } });
    await scene.pending({ policy: scene.world.cluster.policy });
    expect(await scene.approve('U2')).toMatchObject({ ok: false });
    const groupMembers = () => Promise.reject(new TargetError('unavailable', 'slack', 'no_such_subteam'));
    Object.assign(scene.deps, { directory: { ...scene.deps.directory, groupMembers } });
    expect(await scene.approve('U2')).toMatchObject({ ok: false });
    expect(await scene.now()).toMatchObject({ state: 'pending', reviews: [] });
  });
});
