import { describe, expect, it } from '@jest/globals';
import type { Person, Policy, Right } from '../../src/domain/actor.js';
import { TargetError } from '../../src/domain/errors.js';
import type { Directory } from '../../src/domain/ports.js';
import { authorise, type AccessRequest } from '../../src/engine/authorise.js';

const TEAM = 'T1';
const POLICY: Policy = {
  viewers: 'channel',
  operators: { users: ['OP'], groups: ['S-OPS'] },
  approvers: { users: ['AP'], groups: ['S-LEADS'] },
  approvals: 1,
  selfApproval: false,
  approveWithinMs: 1,
  startWithinMs: 1,
  outsideWindow: { users: ['NIGHT'], groups: [] },
  emergency: { users: [], groups: ['S-LEADS'] },
};

/** ANN and the guest are members of the cluster's second channel; GINA is in the leads' group. */
function directory(changes: Partial<Directory> = {}, person: Partial<Person> = {}): Directory {
  return {
    person: async (id) => ({ id, teamId: TEAM, ...person }),
    isShared: async () => false,
    isMember: async (channel, userId) => channel === 'C2' && userId === 'ANN',
    groupMembers: async (group) => (group === 'S-LEADS' ? ['GINA'] : []),
    ...changes,
  };
}

function asks(userId: string, right: Right, changes: Partial<AccessRequest> = {}): AccessRequest {
  const actor = { teamId: TEAM, userId };
  const clusterChannels = ['C1', 'C2'];
  return { actor, right, policy: POLICY, cluster: 'prod', clusterChannels, channel: 'C1', ...changes };
}

function answer(request: AccessRequest, slack: Directory = directory()) {
  return authorise({ directory: slack, teamId: TEAM }, request);
}

const viewers = (users: string[], groups: string[] = []): Partial<AccessRequest> => ({
  policy: { ...POLICY, viewers: { users, groups } },
});

describe('who may', () => {
  it.each<[string, AccessRequest, object]>([
    ['read: a member of one of the channels', asks('ANN', 'read'), {}],
    ['read: an operator who is in no channel', asks('OP', 'read'), {}],
    ['read: an approver who is in no channel', asks('AP', 'read'), {}],
    ['read: a viewer by name', asks('BOB', 'read', viewers(['BOB'])), {}],
    ['read: a viewer by group', asks('GINA', 'read', viewers([], ['S-LEADS'])), { viaGroup: 'S-LEADS' }],
    ['read: an operator though viewers are named', asks('OP', 'read', viewers(['BOB'])), {}],
    ['propose: an operator', asks('OP', 'propose'), {}],
    ['review: an approver', asks('AP', 'review'), {}],
    ['review: a member of the approvers’ group', asks('GINA', 'review'), { viaGroup: 'S-LEADS' }],
    ['use any of the cluster’s channels', asks('AP', 'review', { channel: 'C2' }), {}],
  ])('%s', async (_who, request, value) => {
    expect(await answer(request)).toEqual({ ok: true, value });
  });
});

describe('who may not, and why', () => {
  it.each<[string, AccessRequest, RegExp]>([
    ['read: a stranger to the channels', asks('BOB', 'read'), /not among the viewers of prod/],
    ['read: a channel member where viewers are named', asks('ANN', 'read', viewers(['BOB'])), /viewers/],
    ['propose: an approver', asks('AP', 'propose'), /not among the operators of prod, who may propose/],
    ['propose: a viewer', asks('ANN', 'propose'), /operators/],
    ['propose: a member of another group', asks('GINA', 'propose'), /operators/],
    ['review: an operator', asks('OP', 'review'), /not among the approvers of prod/],
    ['ask in another channel', asks('AP', 'review', { channel: 'C9' }), /not handled in this channel/],
    ['come from another team', asks('AP', 'review', { actor: { teamId: 'T2', userId: 'AP' } }), /workspace/],
    ['come without a team', asks('AP', 'read', { actor: { teamId: '', userId: 'AP' } }), /workspace/],
  ])('%s', async (_who, request, words) => {
    const refused = await answer(request);
    expect(refused).toMatchObject({ ok: false, reason: expect.stringMatching(words) });
  });

  it.each<[string, Partial<Person>, RegExp]>([
    ['is said to be of another team', { teamId: 'T2' }, /workspace/],
    ['is from another organisation', { stranger: true }, /workspace/],
    ['is deactivated', { deleted: true }, /deactivated/],
    ['is a bot', { bot: true }, /Bots/],
    ['is a guest', { guest: true }, /Guests may look/],
  ])('review or propose: whoever %s', async (_how, person, words) => {
    const slack = directory({ isMember: async () => true }, person);
    for (const request of [asks('AP', 'review'), asks('OP', 'propose')]) {
      expect(await answer(request, slack)).toMatchObject({ ok: false, reason: expect.stringMatching(words) });
    }
  });

  it('tells where to ask instead', async () => {
    const refused = await answer(asks('AP', 'review', { channel: 'C9' }));
    expect(refused).toMatchObject({ instead: ['Ask in <#C1>, <#C2>.'] });
  });
});

describe('in App Home, which counts as the cluster’s first channel', () => {
  /** AP, OP and ANN are in the first channel, GINA is not. */
  const inFirst = (changes: Partial<Directory> = {}, person: Partial<Person> = {}): Directory =>
    directory(
      {
        isMember: async (channel, userId) => channel === 'C1' && ['AP', 'OP', 'ANN'].includes(userId),
        ...changes,
      },
      person,
    );
  const atHome = (userId: string, right: Right, changes: Partial<AccessRequest> = {}): AccessRequest =>
    asks(userId, right, { channel: null, ...changes });
  const nobody = { isMember: async () => false };
  const silent = () => Promise.reject(new TargetError('unavailable', 'slack', 'no answer'));

  it.each<[string, AccessRequest]>([
    ['read: a member of the first channel', atHome('ANN', 'read')],
    ['review: an approver who is in it', atHome('AP', 'review')],
    ['steer: an operator who is in it', atHome('OP', 'steer')],
    ['propose: an operator who is in it', atHome('OP', 'propose')],
  ])('%s may', async (_who, request) => {
    expect(await answer(request, inFirst())).toMatchObject({ ok: true });
  });

  it.each<[string, AccessRequest, Directory, RegExp]>([
    ['an approver who is in no channel', atHome('AP', 'review'), inFirst(nobody), /not a member of <#C1>/],
    ['an operator who is in no channel', atHome('OP', 'read'), inFirst(nobody), /not a member of <#C1>/],
    ['a member of the second channel alone', atHome('ANN', 'read'), directory(), /not a member of <#C1>/],
    ['a member of the group who is not there', atHome('GINA', 'review'), inFirst(), /not a member of <#C1>/],
    ['a member without the right', atHome('ANN', 'review'), inFirst(), /not among the approvers/],
    ['a guest who reviews', atHome('AP', 'review'), inFirst({}, { guest: true }), /Guests may look/],
    ['a stranger', atHome('ANN', 'read'), inFirst({}, { stranger: true }), /workspace/],
    [
      'another team',
      atHome('AP', 'review', { actor: { teamId: 'T2', userId: 'AP' } }),
      inFirst(),
      /workspace/,
    ],
    [
      'a first channel that is shared',
      atHome('ANN', 'read'),
      inFirst({ isShared: async () => true }),
      /shared/,
    ],
    ['a cluster without channels', atHome('AP', 'read', { clusterChannels: [] }), inFirst(), /not handled/],
    ['a Slack that is silent', atHome('AP', 'review'), inFirst({ isMember: silent }), /Slack could not say/],
  ])('%s may not', async (_who, request, slack, words) => {
    expect(await answer(request, slack)).toMatchObject({ ok: false, reason: expect.stringMatching(words) });
  });

  it('a no for want of an answer passes by itself, another does not', async () => {
    expect(await answer(atHome('AP', 'review'), inFirst({ isMember: silent }))).toMatchObject({
      passes: true,
    });
    expect(await answer(atHome('AP', 'review'), inFirst(nobody))).not.toHaveProperty('passes');
  });
});

describe('what Slack says of a person', () => {
  it('lets a guest look', async () => {
    expect(await answer(asks('ANN', 'read'), directory({}, { guest: true }))).toMatchObject({ ok: true });
  });

  it('is not held against anybody where it is missing', async () => {
    const slack = directory({ person: async (id) => ({ id }) });
    expect(await answer(asks('AP', 'review'), slack)).toMatchObject({ ok: true });
  });

  const silent = () => Promise.reject(new TargetError('unavailable', 'slack', 'no answer'));

  it.each<[string, Partial<Directory>, AccessRequest]>([
    ['who somebody is', { person: silent }, asks('AP', 'review')],
    ['who is in a group', { groupMembers: silent }, asks('GINA', 'review')],
    ['who is in a channel', { isMember: silent }, asks('ANN', 'read')],
  ])('is a no where it can’t say %s', async (_what, broken, request) => {
    expect(await answer(request, directory(broken))).toMatchObject({
      ok: false,
      reason: expect.stringContaining('Slack could not say who you are (no answer)'),
    });
  });

  it('is asked for nothing in a place that is refused anyway', async () => {
    const never = directory({ person: silent });
    const refused = await answer(asks('AP', 'review', { channel: 'C9' }), never);
    expect(refused).toMatchObject({ reason: expect.stringContaining('channel') });
  });

  it('leaves a bug a bug', async () => {
    const broken = directory({ person: () => Promise.reject(new TypeError('a bug')) });
    await expect(answer(asks('AP', 'review'), broken)).rejects.toThrow('a bug');
  });
});
