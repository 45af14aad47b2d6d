import { valueOf } from '../fact.js';
import type { Baseline, Plan, PlannedStep } from '../plan.js';
import { lastBackupText } from './backups.js';
import { byHand } from './by-hand.js';
import type { Draft } from './drafts.js';
import type { Ground } from './ground.js';
import { readMembers } from './voters.js';

/** What a runbook decides; all the rest of a plan follows from the facts. */
export interface Outline extends Pick<Plan, 'runbook' | 'title' | 'expected' | 'risks' | 'onFailure'> {
  readonly drafts: readonly Draft[];
  readonly reaches?: string;
  readonly prevention?: readonly string[];
  readonly standstill?: string | null;
  /** What it does can't be taken back, so it should not be done without a backup. */
  readonly forGood: boolean;
}

export function planOf(ground: Ground, { drafts, forGood, ...outline }: Outline): Plan {
  const { snapshot, setting, leader } = ground;
  const steps = number(drafts);
  const backedUp = outline.runbook !== 'backup' && drafts.some(({ kind }) => kind === 'backup');
  return {
    reaches: null,
    prevention: [],
    standstill: null,
    ...outline,
    cluster: snapshot.cluster,
    clusterId: leader.status.value.clusterId,
    members: readMembers(snapshot).map((member) => ({ id: member.id, name: member.label })),
    steps,
    lastBackup: lastBackupText(setting) + (backedUp ? ' A backup is taken first.' : ''),
    baseline: baselineOf(ground),
    backup: !forGood || setting.backup !== null,
    byHand: byHand(snapshot, steps, setting),
    factsAt: snapshot.at,
  };
}

function number(drafts: readonly Draft[]): readonly PlannedStep[] {
  return drafts.map((draft, index) => ({ ...draft, id: `s${String(index + 1)}` }));
}

function baselineOf({ snapshot, leader }: Ground): Baseline {
  const members = readMembers(snapshot);
  return {
    term: Math.max(...members.map((member) => member.status.value.term)),
    leaderId: leader.id,
    members: members.map(({ id, metrics }) => ({
      id,
      defragmentations: valueOf(metrics)?.defragmentations ?? null,
      processStartedAt: valueOf(metrics)?.processStartedAt ?? null,
    })),
  };
}

/** What is done when a step fails; `stays` is what the acts before it leave behind. */
export function onFailure(stays: string): string {
  return `If a step fails, the rest is not begun, nothing is undone or repeated, and the card says how the cluster stands; ${stays}.`;
}

/** What a plan expects that defragments nobody. */
export function nothingBack(basis: string): Plan['expected'] {
  return {
    bytesBack: { lowBytes: 0, highBytes: 0, basis },
    bytesByMember: [],
    pauses: [],
    pauseBasis: null,
  };
}
