import type { PlannedAct, PlannedGate } from '../plan.js';
import { grouped, percent } from '../units.js';
import type { Ground } from './ground.js';

/** Under this share of its quota a member is well; the alarm may be disarmed. */
export const WELL_UNDER = 0.9;

/** A step before it has its number. */
export type Draft = (PlannedAct | PlannedGate) & { readonly label: string };

export function compactStep(revision: number): Draft {
  return { kind: 'compact', revision, label: `Compact history up to revision ${grouped(revision)}` };
}

export const GATE: Draft = {
  kind: 'gate',
  condition: 'below-quota-share',
  share: WELL_UNDER,
  label: `Go on only if it is under ${percent(WELL_UNDER)} of its quota`,
};

export const DISARM: Draft = {
  kind: 'disarm',
  alarm: 'NOSPACE',
  belowShare: WELL_UNDER,
  label: 'Disarm NOSPACE, member by member',
};

export const PROBE: Draft = { kind: 'write-probe', label: 'Prove that a write goes through' };

/** The last step of whatever does not make room itself: under NOSPACE no write can go through. */
export function probeUnlessFull({ full }: Ground): readonly Draft[] {
  return full ? [] : [PROBE];
}
