import { membersOf } from '../members.js';
import type { MemberOperator, MemberReader } from '../ports.js';
import type { Snapshot } from '../snapshot.js';
import type { Precondition, StepContext } from '../step.js';
import { unsafe } from './safety.js';
import { readMembers, type ReadMember } from './voters.js';

/** The connection to act on exactly this member, and no other. */
export function operatorOf(context: Pick<StepContext, 'operator'>, member: ReadMember): MemberOperator {
  const found = context.operator().members.find((candidate) => candidate.endpoint === member.endpoint);
  if (!found) throw new Error(`no connection to ${member.endpoint}`);
  return found;
}

/** The connection to read from exactly this member. */
export function readerOf(context: Pick<StepContext, 'reader'>, member: ReadMember): MemberReader {
  const found = context.reader.members.find((candidate) => candidate.endpoint === member.endpoint);
  if (!found) throw new Error(`no connection to ${member.endpoint}`);
  return found;
}

export function memberById(snapshot: Snapshot, id: string): ReadMember | undefined {
  return readMembers(snapshot).find((member) => member.id === id);
}

/** The name under which people know a member of this plan. */
export function nameIn(context: Pick<StepContext, 'plan'>, memberId: string): string {
  return context.plan.members.find((member) => member.id === memberId)?.name ?? memberId;
}

const SAFETY_FACTS = ['status', 'members', 'metrics', 'alarms'] as const;
const MOST_LOOKS = 3;

/** An answer did not come in time: that may be a moment's trouble, and says nothing of the cluster yet. */
export function isSlow(snapshot: Snapshot): boolean {
  const { alarms } = snapshot.facts;
  const late = alarms?.known === false && alarms.code === 'timeout';
  return late || membersOf(snapshot).some(({ status }) => !status.known && status.code === 'timeout');
}

/**
 * One answer that came late must neither end a mending that is half done, nor cost people their approvals; a member that
 * stays silent does.
 */
export async function patientLook(look: () => Promise<Snapshot>): Promise<Snapshot> {
  let snapshot = await look();
  for (let looks = 1; looks < MOST_LOOKS && isSlow(snapshot); looks++) snapshot = await look();
  return snapshot;
}

/** Every precondition begins here: the facts anew, and a stop, or a wait, where maintenance is not safe now. */
export async function whenSafe(
  context: Pick<StepContext, 'examine'>,
  decide: (snapshot: Snapshot) => Precondition | Promise<Precondition>,
): Promise<Precondition> {
  const snapshot = await patientLook(() => context.examine(SAFETY_FACTS));
  const refusal = unsafe(snapshot);
  if (!refusal) return decide(snapshot);
  const go = refusal.passes === true ? 'wait' : 'stop';
  return { go, because: refusal.reason, next: refusal.instead ?? [] };
}
