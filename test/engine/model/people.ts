import type { Group, Policy } from '../../../src/domain/actor.js';
import { TargetError } from '../../../src/domain/errors.js';
import type { Directory } from '../../../src/domain/ports.js';
import { MINUTE } from '../../facts.js';

export const TEAM = 'T1';

/**
 * U1 operates; U2 and U3 approve; U4 approves through the group S1; U5 operates and may approve alone in an emergency;
 * U6 operates and approves; U7 is nobody; U8 is a bot and U9 a guest, whom the policy names as approvers all the same.
 */
export const PEOPLE = ['U1', 'U2', 'U3', 'U4', 'U5', 'U6', 'U7', 'U8', 'U9'] as const;

const GROUPS: Readonly<Record<string, readonly string[]>> = { S1: ['U4'] };

const of = (users: readonly string[], groups: readonly string[] = []): Group => ({ users, groups });

const USUAL: Policy = {
  viewers: 'channel',
  operators: of(['U1', 'U5', 'U6']),
  approvers: of(['U2', 'U3', 'U6', 'U8', 'U9'], ['S1']),
  approvals: 2,
  selfApproval: false,
  approveWithinMs: 30 * MINUTE,
  startWithinMs: 10 * MINUTE,
  outsideWindow: of(['U3']),
  emergency: of(['U5']),
};

/** What may stand in the configuration from one moment to the next. */
export const POLICIES: readonly Policy[] = [
  USUAL,
  { ...USUAL, approvals: 1 },
  { ...USUAL, approvals: 1, selfApproval: true },
  { ...USUAL, approvals: 3 },
  { ...USUAL, approvers: of(['U2', 'U6']) },
  { ...USUAL, approvers: of(['U2', 'U3'], ['S1']), emergency: of([]), outsideWindow: of([]) },
];

/** Told by the test itself, not by the engine: whether this person is one of them. */
export function isIn(group: Group, user: string): boolean {
  if (user === 'U8' || user === 'U9') return false;
  return group.users.includes(user) || group.groups.some((id) => GROUPS[id]?.includes(user));
}

export function directoryOf(slack: { away: boolean }): Directory {
  const answer = async <T>(value: T): Promise<T> => {
    if (slack.away) throw new TargetError('unavailable', 'slack', 'no answer');
    return value;
  };
  return {
    person: (id) => answer({ id, teamId: TEAM, bot: id === 'U8', guest: id === 'U9' }),
    isMember: () => answer(true),
    isShared: () => answer(false),
    groupMembers: (group) => answer(GROUPS[group] ?? []),
  };
}
