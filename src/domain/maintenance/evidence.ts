import { valueOf } from '../fact.js';
import type { Plan } from '../plan.js';
import type { Snapshot } from '../snapshot.js';
import { readMembers } from './voters.js';

/**
 * Whether a member was defragmented since the plan was made, by its own counter, whatever our memory says: by somebody
 * else, or by us, and Redis was set back since. Null metrics, or another process whose count began anew, prove nothing.
 */
export function wasDefragmented({ baseline }: Plan, snapshot: Snapshot, memberId: string): boolean {
  const before = baseline.members.find(({ id }) => id === memberId);
  const member = readMembers(snapshot).find(({ id }) => id === memberId);
  const now = member ? valueOf(member.metrics) : undefined;
  const known = before?.defragmentations ?? null;
  if (known === null || now?.defragmentations === undefined || now.defragmentations === null) return false;
  return now.processStartedAt === before?.processStartedAt && now.defragmentations > known;
}
