import { no, yes, type Verdict } from '../errors.js';
import type { RunbookSetting } from '../runbook.js';
import type { Snapshot } from '../snapshot.js';
import { isFull } from './alarms.js';
import { unsafe } from './safety.js';
import { leaderOf, readVoters, type ReadMember } from './voters.js';

/** What every plan stands on: facts that maintenance is safe with. */
export interface Ground {
  readonly snapshot: Snapshot;
  readonly setting: RunbookSetting;
  readonly leader: ReadMember;
  readonly voters: readonly ReadMember[];
  /** NOSPACE is armed, so no plan can end with a write but one that makes room. */
  readonly full: boolean;
}

export function groundOf(snapshot: Snapshot, setting: RunbookSetting): Verdict<Ground> {
  const refusal = unsafe(snapshot);
  if (refusal) return refusal;
  const leader = leaderOf(snapshot);
  if (!leader) return no('The cluster has no leader.');
  return yes({ snapshot, setting, leader, voters: readVoters(snapshot), full: isFull(snapshot) });
}
