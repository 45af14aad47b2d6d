import type { MemberView } from '../members.js';
import { quorumOf } from '../quorum.js';
import { names } from '../readings.js';
import type { AlertView, Reading } from './rule.js';

/** Why a rule says nothing of a member's end of trouble. */
export type Dark = Extract<Reading, { state: 'unknown' }>;

/**
 * What a rule that reads Status says instead of "clear" while voters are silent: trouble that was seen on one of them
 * may go on. A member that answers and refuses the bot was never judged, so it holds nothing.
 */
export function silentVoters(view: Pick<AlertView, 'snapshot'>): Dark | null {
  const { up, down } = quorumOf(view.snapshot);
  return darkFor([...up, ...down].filter((member) => member.started && !member.status.known));
}

/** The same for a rule that reads metrics: members whose metrics were read within the last half hour, and are not now. */
export function silentMetrics(
  view: Pick<AlertView, 'activity'>,
  members: readonly MemberView[],
): Dark | null {
  const lately = new Set(view.activity.filter((one) => one.activity.length > 0).map((one) => one.memberId));
  return darkFor(
    members.filter((member) => !member.metrics.known && member.id !== null && lately.has(member.id)),
  );
}

function darkFor(members: readonly MemberView[]): Dark | null {
  if (members.length === 0) return null;
  return { state: 'unknown', reason: `${names(members.map((member) => member.label))} could not be read` };
}
