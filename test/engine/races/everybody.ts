import type { Person, Policy } from '../../../src/domain/actor.js';
import { TargetError } from '../../../src/domain/errors.js';
import type { Directory } from '../../../src/domain/ports.js';
import { pendingFix } from '../../operations.js';
import { HERE, TEAM, type Desk } from '../../slack/desk.js';

/** Who they are to the policy; ALL has every right by name, so that only what else is said of them can be a no. */
export const POLICY: Policy = {
  ...pendingFix().policy,
  approvals: 2,
  operators: { users: ['PROPOSER', 'OPERATOR', 'ALL'], groups: [] },
  approvers: { users: ['APPROVER', 'ALL'], groups: ['S1'] },
  emergency: { users: ['ALONE', 'ALL'], groups: [] },
};

/** Somebody who clicks or types, and what Slack says of them and of the channel. */
export interface Somebody {
  readonly userId: string;
  readonly teamId?: string;
  readonly channel?: string;
  readonly person?: Partial<Person>;
  readonly slack?: Partial<Directory>;
}

const silent = () => Promise.reject(new TargetError('unavailable', 'slack', 'no answer'));

export const EVERYBODY = {
  'somebody who is not in the channel': { userId: 'NOBODY' },
  'a viewer': { userId: 'VIEWER' },
  'the proposer': { userId: 'PROPOSER' },
  'another operator': { userId: 'OPERATOR' },
  'an approver': { userId: 'APPROVER' },
  'an approver by user group': { userId: 'MEMBER' },
  'who may approve alone': { userId: 'ALONE' },
  'who may all': { userId: 'ALL' },
  'a guest': { userId: 'ALL', person: { guest: true } },
  'a bot': { userId: 'ALL', person: { bot: true } },
  'a deactivated account': { userId: 'ALL', person: { deleted: true } },
  'a stranger by Slack Connect': { userId: 'ALL', person: { stranger: true } },
  'one of another team, says Slack': { userId: 'ALL', person: { teamId: 'T2' } },
  'one of another team, says the click': { userId: 'ALL', teamId: 'T2' },
  'one of no team': { userId: 'ALL', teamId: '' },
  'nobody at all': { userId: '' },
  'one in another channel': { userId: 'ALL', channel: 'C0OTHER' },
  // What comes from no channel comes from App Home, which stands for the cluster's first one.
  'one in App Home': { userId: 'ALL', channel: '' },
  'one in App Home who is not in the channel': {
    userId: 'ALL',
    channel: '',
    slack: { isMember: async () => false },
  },
  'one in a shared channel': { userId: 'ALL', slack: { isShared: async () => true } },
  'one while Slack does not say who they are': { userId: 'ALL', slack: { person: silent } },
  'one while Slack does not say whether it is shared': { userId: 'ALL', slack: { isShared: silent } },
  'one of the group while Slack does not know it': { userId: 'MEMBER', slack: { groupMembers: silent } },
} as const satisfies Readonly<Record<string, Somebody>>;

export type Who = keyof typeof EVERYBODY;

/** Lets Slack say of everybody what it says of this one. */
export function meets(desk: Desk, { person = {}, slack = {} }: Somebody): void {
  const directory: Directory = {
    person: async (id) => ({ id, teamId: TEAM, ...person }),
    isMember: async (_channel, id) => id !== 'NOBODY' && id !== '',
    isShared: async () => false,
    groupMembers: async () => ['MEMBER'],
    ...slack,
  };
  Object.assign(desk.deps, { directory });
}

export function actorOf({ userId, teamId = TEAM }: Somebody): { teamId: string; userId: string } {
  return { teamId, userId };
}

export function channelOf({ channel = HERE }: Somebody): string {
  return channel;
}

/** Those of the channel who may look; a guest may, too. Under the group's silence a member of it is a viewer. */
export const READERS: readonly Who[] = [
  'a viewer',
  'the proposer',
  'another operator',
  'an approver',
  'an approver by user group',
  'who may approve alone',
  'who may all',
  'a guest',
  'one of the group while Slack does not know it',
];
export const OPERATORS: readonly Who[] = ['the proposer', 'another operator', 'who may all'];
/** In App Home a button counts as one in the cluster's first channel. */
export const HOME: readonly Who[] = ['one in App Home'];
export const APPROVERS: readonly Who[] = ['an approver', 'an approver by user group', 'who may all'];
