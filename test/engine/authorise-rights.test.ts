import { describe, expect, it } from '@jest/globals';
import type { Group, Policy, Right } from '../../src/domain/actor.js';
import type { Cluster } from '../../src/domain/cluster.js';
import { TargetError } from '../../src/domain/errors.js';
import type { Directory } from '../../src/domain/ports.js';
import { accessTo, authorise, authoriseAll } from '../../src/engine/authorise.js';
import { pendingFix } from '../operations.js';
import { clusterOf } from './world.js';

const group = (users: string[], groups: string[] = []): Group => ({ users, groups });

const POLICY: Policy = {
  ...pendingFix().policy,
  operators: group(['OP']),
  approvers: group(['AP'], ['S-LEADS']),
  outsideWindow: group(['NIGHT'], ['S-NIGHT']),
  emergency: group(['ALONE'], ['S-LEADS']),
};

const PROD: Cluster = { ...clusterOf(pendingFix()), name: 'prod', channels: ['C1', 'C2'], policy: POLICY };

const members: Readonly<Record<string, readonly string[]>> = { 'S-LEADS': ['GINA'], 'S-NIGHT': ['NINA'] };

function asked(
  userId: string,
  right: Right,
  changes: Partial<Directory & { cluster: Cluster; channel: string; runbook: string }> = {},
) {
  const { cluster = PROD, channel = 'C1', runbook, ...slack } = changes;
  const directory: Directory = {
    person: async (id) => ({ id, teamId: 'T1', guest: id === 'GUEST' }),
    isMember: async () => true,
    isShared: async () => false,
    groupMembers: async (id) => members[id] ?? [],
    ...slack,
  };
  const actor = { teamId: 'T1', userId };
  const kind = runbook === undefined ? {} : { runbook };
  return authorise({ directory, teamId: 'T1' }, accessTo(cluster, { actor, right, channel, ...kind }));
}

describe('the rights beside read, propose and review', () => {
  it.each<[Right, readonly string[]]>([
    ['steer', ['OP', 'AP', 'GINA']],
    ['outside-window', ['NIGHT', 'NINA']],
    ['emergency', ['GINA', 'ALONE']],
  ])('%s is theirs whom the policy names, and nobody else’s', async (right, people) => {
    const may: string[] = [];
    for (const user of ['OP', 'AP', 'GINA', 'NIGHT', 'NINA', 'ALONE', 'ANN', 'GUEST', ''])
      if ((await asked(user, right)).ok) may.push(user);
    expect(may).toEqual(people);
  });

  it.each<[Right, RegExp]>([
    ['steer', /operators or approvers of prod.*pause and resume/],
    ['outside-window', /outsideWindow.*maintenance windows/],
    ['emergency', /emergency/],
  ])('%s is refused with the rule that says so', async (right, words) => {
    expect(await asked('ANN', right)).toMatchObject({ ok: false, reason: expect.stringMatching(words) });
  });

  it('are nobody’s where the lists are empty', async () => {
    const cluster = { ...PROD, policy: { ...POLICY, outsideWindow: group([]), emergency: group([]) } };
    for (const user of ['OP', 'AP', 'GINA', 'NIGHT', 'ALONE', ''])
      for (const right of ['outside-window', 'emergency'] as const)
        expect(await asked(user, right, { cluster })).toMatchObject({ ok: false });
  });

  it('no guest has any, named or not', async () => {
    const all = group(['GUEST']);
    const policy = { ...POLICY, operators: all, approvers: all, outsideWindow: all, emergency: all };
    for (const right of ['propose', 'review', 'steer', 'outside-window', 'emergency'] as const)
      expect(await asked('GUEST', right, { cluster: { ...PROD, policy } })).toMatchObject({
        ok: false,
        reason: expect.stringContaining('Guests may look'),
      });
  });

  it('follow the policy of the kind of change, where it has one of its own', async () => {
    const cluster = { ...PROD, policies: { defrag: { ...POLICY, approvers: group(['DB']) } } };
    const may = async (user: string, runbook: string) =>
      (await asked(user, 'review', { cluster, runbook })).ok;
    expect([await may('DB', 'defrag'), await may('AP', 'defrag')]).toEqual([true, false]);
    expect([await may('DB', 'fix'), await may('AP', 'fix')]).toEqual([false, true]);
    expect(await may('DB', 'constructor')).toBe(false);
  });
});

describe('a channel that is shared with another organisation', () => {
  it.each<Right>(['read', 'propose', 'review', 'steer', 'outside-window', 'emergency'])(
    'gives nobody the right to %s',
    async (right) => {
      const isShared = async (channel: string) => channel === 'C1';
      for (const user of ['OP', 'AP', 'NIGHT', 'ALONE'])
        expect(await asked(user, right, { isShared })).toMatchObject({
          ok: false,
          reason: expect.stringContaining('shared with another organisation'),
        });
      expect(await asked('AP', 'review', { isShared, channel: 'C2' })).toMatchObject({ ok: true });
    },
  );

  it('is taken for shared while Slack does not say', async () => {
    const isShared = () => Promise.reject(new TargetError('unavailable', 'slack', 'no answer'));
    expect(await asked('AP', 'review', { isShared })).toMatchObject({ ok: false });
  });
});

describe('a right on every cluster', () => {
  const TEST: Cluster = {
    ...PROD,
    name: 'test',
    channels: ['C9'],
    policy: { ...POLICY, operators: group(['OP', 'ANN']) },
  };

  function all(userId: string, channel: string | null, clusters: readonly Cluster[] = [PROD, TEST]) {
    const directory: Directory = {
      person: async (id) => ({ id, teamId: 'T1' }),
      isMember: async () => true,
      isShared: async () => false,
      groupMembers: async () => [],
    };
    return authoriseAll({ directory, teamId: 'T1' }, clusters, {
      actor: { teamId: 'T1', userId },
      channel,
      right: 'steer',
    });
  }

  it('takes the right on each of them, asked in a channel of one', async () => {
    expect(await all('OP', 'C1')).toMatchObject({ ok: true });
    expect(await all('OP', 'C9')).toMatchObject({ ok: true });
    expect(await all('ANN', 'C9')).toMatchObject({ ok: false, reason: expect.stringContaining('of prod') });
    expect(await all('ANN', 'C9', [TEST])).toMatchObject({ ok: true });
  });

  it.each([['C0OTHER'], [null]])('is nobody’s in %s', async (channel) => {
    expect(await all('OP', channel)).toMatchObject({ ok: false, reason: 'This channel has no cluster.' });
  });

  it('is nobody’s where there is no cluster', async () => {
    expect(await all('OP', 'C1', [])).toMatchObject({ ok: false });
  });
});
