import { beforeAll, describe, expect, it } from '@jest/globals';
import { join } from 'node:path';
import { startEtcd } from '../../infra/local/etcd.js';
import type { LocalUser, Message, SlackOptions } from '../../infra/local/slack/types.js';
import { CLUSTER, type Settings } from './configuration.js';
import { aScene, PEOPLE, WORKSPACE, type StartedParts } from './scene.js';
import { cardSays, cardTells, fillIn, press, propose, textOf, whispered } from './talk.js';
import { idOf, operationOf } from './truth.js';

const GROUP = 'S0ONCALL';

/** Named as approvers, and none of them may be one. */
const OTHERS: LocalUser[] = [
  { name: 'gus', realName: 'Gus Guest', restricted: true },
  { name: 'robo', realName: 'Robo Bot', bot: true },
  { name: 'stan', realName: 'Stan Stranger', teamId: 'T0OTHER', stranger: true },
];

const SLACK: Partial<SlackOptions> = {
  users: [...PEOPLE, { name: 'carl', realName: 'Carl of the group' }, ...OTHERS],
  channels: [...WORKSPACE.channels, { name: 'shared', extShared: true }],
  userGroups: { [GROUP]: ['U0CARL', 'U0OLGA'] },
};

describe('Where two have to approve', () => {
  const scene = aScene({ etcd: { members: 1 }, slack: SLACK, cluster, others });
  let hurried: Message;
  let card: Message;

  beforeAll(async () => {
    hurried = await propose(scene, 'backup hurried');
    await press(scene, 'anna', hurried, 'operation.approve');
    card = await proposeCompaction('1');
  });

  describe('those who can’t be one of them are told why', () => {
    // Before anything of the group is known.
    it('somebody of a group, while Slack can’t say who is in it', async () => {
      scene.slack.faults.fail('usergroups.users.list', { status: 500, times: 100 });
      const said = await approveAs('carl');
      expect(said).toContain('Slack could not say who you are (Slack does not answer), so this is refused.');
      scene.slack.faults.clear();
    });

    it.each([
      ['who proposed it, though in the group', 'olga', 'Nobody approves their own proposal.'],
      ['a guest, though named', 'gus', 'Guests may look, but not propose, review or steer.'],
      ['a bot, though named', 'robo', 'Bots and workflows may not use this bot.'],
      ['a stranger, though named', 'stan', 'Only members of this workspace may use this bot.'],
      ['who is not named', 'vera', `You are not among the approvers of ${CLUSTER}`],
    ])('%s', async (_who, user, why) => {
      expect(await approveAs(user)).toContain(why);
    });

    it('an approver in a channel that is shared with others', async () => {
      const { ts } = await scene.drive.say({ user: 'anna', channel: 'shared', text: 'and here?' });
      const click = { user: 'anna', channel: 'shared', ts, actionId: 'operation.approve', value: idOf(card) };
      const said = await whispered(scene, 'anna', () => scene.drive.click(click));
      expect(said).toContain('This channel is shared with another organisation');
    });

    it('none of them is counted', async () => {
      expect(await operationOf(scene.redis, card)).toMatchObject({ state: 'pending', reviews: [] });
    });
  });

  it('one comes by a user group, says why, and is counted once', async () => {
    await press(scene, 'carl', card, 'operation.review');
    const counted = await whispered(scene, 'carl', () =>
      fillIn(scene, 'carl', { form: 'operation.review', reason: 'looked at it twice' }),
    );
    expect(counted).toContain('Your approval counts: 1 of 2.');
    const said = textOf(await cardTells(scene, card, /1 of 2 approvals/));
    expect(said).toMatch(/Approved by <@U0CARL> by right of a group.*: looked at it twice/);
    expect(await approveAs('carl')).toContain('You have already reviewed this operation.');
    expect((await operationOf(scene.redis, card)).state).toBe('pending');
  });

  it('the other one, by name, starts it', async () => {
    expect(await approveAs('ben')).toContain('Your approval counts: 2 of 2. It starts now.');
    const said = textOf(await cardSays(scene, card, /Done/));
    expect(said).toMatch(/Approved by <@U0CARL>[^]*Approved by <@U0BEN>/);
  });

  it('one who says no ends it, whoever has approved before', async () => {
    card = await proposeCompaction('2');
    await approveAs('ben');
    await press(scene, 'anna', card, 'operation.deny');
    await fillIn(scene, 'anna', { form: 'operation.review', reason: 'a release is under way' });
    const said = textOf(await cardSays(scene, card, /Denied/));
    expect(said).toMatch(/<@U0ANNA>.*a release is under way/);
    expect(said).toContain('Nothing was touched');
  });

  it('one is enough for the kinds of change of which the policy says so', async () => {
    card = await propose(scene, `backup ${CLUSTER}`);
    expect(textOf(card)).toContain('0 of 1 approvals');
    await press(scene, 'anna', card, 'operation.approve');
    await cardSays(scene, card, /Done/);
  });

  it('who has not decided is reminded when time runs short, and then it expires', async () => {
    const isReminder = (one: Message): boolean =>
      one.thread_ts === hurried.ts && textOf(one).includes('left to approve');
    const reminder = textOf(await scene.drive.waitForMessage('platform', isReminder, { timeoutMs: 25_000 }));
    expect(reminder).toContain(`<@U0BEN> <!subteam^${GROUP}> – 1 of 2 approvals so far`);
    expect(reminder).not.toMatch(/U0ANNA|U0OLGA/);
    const said = textOf(await cardSays(scene, hurried, /Expired, nothing touched/));
    expect(said).toContain('Nobody approved it in time');
    expect(said).toContain('Approved by <@U0ANNA>');
  });

  function approveAs(user: string): Promise<string> {
    return whispered(scene, user, () => press(scene, user, card, 'operation.approve'));
  }

  async function proposeCompaction(value: string): Promise<Message> {
    await scene.etcd.etcdctl('put', 'pod', value);
    return propose(scene, `compact ${CLUSTER}`);
  }

  async function others({ directory, slack: { channels, users } }: StartedParts): Promise<Settings[]> {
    const { endpoints } = scene.also(await startEtcd({ version: '3.5', members: 1 }));
    const approvers = { users: [users['anna'], users['ben']], groups: [GROUP] };
    // A third of it is as long as the sweep may take to come round.
    const policy = { approvals: 2, approvers, approveWithin: '20s' };
    return [
      {
        ...{ name: 'hurried', endpoints, channels: [channels['platform']], policy },
        backup: { directory: join(directory, 'hurried') },
      },
    ];
  }
});

function cluster({ directory, slack: { channels, users } }: StartedParts): Settings {
  const named = ['anna', 'ben', 'gus', 'robo', 'stan'].map((name) => users[name]);
  return {
    channels: [channels['platform'], channels['shared']],
    backup: { directory: join(directory, 'backups') },
    policy: {
      approvals: 2,
      approvers: { users: named, groups: [GROUP] },
      kinds: { backup: { approvals: 1 } },
    },
  };
}
