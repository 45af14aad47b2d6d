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

/** Every precondition begins here: the facts anew, and a stop where maintenance is not safe now. */
export async function whenSafe(
  context: Pick<StepContext, 'examine'>,
  decide: (snapshot: Snapshot) => Precondition | Promise<Precondition>,
): Promise<Precondition> {
  const snapshot = await context.examine(['status', 'members', 'metrics', 'alarms']);
  const refusal = unsafe(snapshot);
  return refusal ? { go: 'stop', because: refusal.reason, next: refusal.instead ?? [] } : decide(snapshot);
}
