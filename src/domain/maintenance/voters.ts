import { membersOf, type MemberView } from '../members.js';
import type { Snapshot } from '../snapshot.js';

/** A member whose Status was read. */
export type ReadMember = MemberView & {
  readonly id: string;
  readonly endpoint: string;
  readonly status: Extract<MemberView['status'], { known: true }>;
};

export function isRead(member: MemberView): member is ReadMember {
  return member.status.known && member.id !== null && member.endpoint !== null;
}

/** The members that were read, learners among them. */
export function readMembers(snapshot: Snapshot): readonly ReadMember[] {
  return membersOf(snapshot).filter(isRead);
}

/** Members that vote; learners neither vote nor can be defragmented through their API. */
export function votersOf(snapshot: Snapshot): readonly MemberView[] {
  return membersOf(snapshot).filter((member) => member.role !== 'learner');
}

/** As `votersOf`, of those that were read. */
export function readVoters(snapshot: Snapshot): readonly ReadMember[] {
  return readMembers(snapshot).filter((member) => member.role !== 'learner');
}

export function leaderOf(snapshot: Snapshot): ReadMember | undefined {
  return readMembers(snapshot).find((member) => member.role === 'leader');
}

/** Whom to back up from: a follower, so that the leader keeps its disk for itself. */
export function backupSource(snapshot: Snapshot): ReadMember | undefined {
  return readMembers(snapshot).find((member) => member.role === 'follower') ?? leaderOf(snapshot);
}

/** Raft entries that a member still has to apply; null where its version does not say. */
export function applyGap(member: ReadMember): number | null {
  const { raftIndex, appliedIndex } = member.status.value;
  return appliedIndex === null ? null : raftIndex - appliedIndex;
}

/** A member counts as caught up within this many raft entries of the furthest one. */
export const CAUGHT_UP_WITHIN = 1000;

/** How far behind the furthest member's index this member is, in raft entries. */
export function behind(snapshot: Snapshot, member: ReadMember): number {
  const furthest = Math.max(...readMembers(snapshot).map((other) => other.status.value.raftIndex));
  return furthest - (member.status.value.appliedIndex ?? member.status.value.raftIndex);
}

/** The highest revision that every member has: a compaction must not reach above it. */
export function lowestRevision(snapshot: Snapshot): number {
  return Math.min(...readMembers(snapshot).map((member) => member.status.value.revision));
}
