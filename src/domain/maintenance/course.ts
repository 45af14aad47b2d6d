import { duration, bytes } from '../units.js';
import { isBefore, partsOf } from '../version.js';
import type { MemberPause } from '../plan.js';
import type { Ground } from './ground.js';
import type { Draft } from './drafts.js';
import type { ReadMember } from './voters.js';

/** Which members are defragmented in which order, and what becomes of their leader. */
export interface Course {
  /** Followers, the fullest of them first; the leader last. */
  readonly order: readonly ReadMember[];
  readonly leads: boolean;
  /** Leadership moves away before the leader's turn. */
  readonly moves: boolean;
  /** Everybody stands still: one or two members, or a leader that can't hand over. */
  readonly still: boolean;
}

export function courseOf({ leader, voters }: Ground, members: readonly ReadMember[]): Course {
  const weight = (member: ReadMember): number => (member.role === 'leader' ? 1 : 0);
  const order = [...members].sort(
    (a, b) => weight(a) - weight(b) || b.status.value.sizeBytes - a.status.value.sizeBytes,
  );
  const leads = members.some((member) => member.id === leader.id);
  const movable = voters.length > 2 && canMoveLeader(leader);
  return { order, leads, moves: leads && movable, still: voters.length <= 2 || (leads && !movable) };
}

/** etcd before 3.3 has no MoveLeader; a version that can't be read is not trusted to have it. */
export function canMoveLeader(leader: ReadMember): boolean {
  const { version } = leader.status.value;
  return partsOf(version) !== null && !isBefore(version, '3.3.0');
}

/** `evenIfCompact`: also a member that turns out to have nothing to give back. */
export function defragmentSteps(
  { order, moves }: Course,
  act: { readonly evenIfCompact?: true } = {},
): readonly Draft[] {
  return order.flatMap((member): readonly Draft[] => {
    const size = bytes(member.status.value.sizeBytes);
    const label = `Defragment ${member.label}, ${size}`;
    const defragment: Draft = { kind: 'defragment', memberId: member.id, ...act, label };
    return moves && member.role === 'leader' ? [MOVE_AWAY, defragment] : [defragment];
  });
}

const MOVE_AWAY: Draft = { kind: 'move-leader', to: null, label: 'Move the leader to another member' };

/** The sentence that the approver has to confirm; null: somebody always serves. */
export function standstillOf({ still }: Course, pauses: readonly MemberPause[]): string | null {
  if (!still || pauses.length === 0) return null;
  const longest = Math.max(...pauses.map((pause) => pause.pauseMs));
  return `all clients stand still for about ${duration(longest)}`;
}
