import type { Plan } from '../../src/domain/plan.js';
import type { Runbook, RunbookSetting } from '../../src/domain/runbook.js';
import type { Snapshot } from '../../src/domain/snapshot.js';
import { HOUR, NOW } from '../facts.js';

export const BACKUP = { directory: '/var/lib/steward/backups', keep: 3 };

/** Nothing is configured, and nothing is known of the past. */
export const SETTING: RunbookSetting = {
  backup: null,
  etcdctlFlags: [],
  kubernetes: { kubeconfig: null, context: null, patienceMs: 180_000 },
  options: {},
  now: NOW,
  revisions: [],
  pace: null,
  lastBackupAt: null,
};

/** Whether a plan that takes something away for good begins with a backup. */
export const BACKUP_CASES: readonly (readonly [string, Partial<RunbookSetting>, boolean])[] = [
  ['none is configured', { backup: null, lastBackupAt: null }, false],
  ['none is known', { backup: BACKUP, lastBackupAt: null }, true],
  ['the last one is a day old', { backup: BACKUP, lastBackupAt: NOW - 24 * HOUR }, true],
  ['the last one is younger', { backup: BACKUP, lastBackupAt: NOW - 24 * HOUR + 1 }, false],
];

export function planned(runbook: Runbook, snapshot: Snapshot, setting: Partial<RunbookSetting> = {}): Plan {
  const made = runbook.plan(snapshot, { ...SETTING, ...setting });
  if (!made.ok) throw new Error(made.reason);
  return made.value;
}

export function refused(
  runbook: Runbook,
  snapshot: Snapshot,
  setting: Partial<RunbookSetting> = {},
): { reason: string; instead: string } {
  const made = runbook.plan(snapshot, { ...SETTING, ...setting });
  if (made.ok) throw new Error(`there is a plan: ${made.value.title}`);
  return { reason: made.reason, instead: (made.instead ?? []).join(' ') };
}

/** Each step in a few words: "defragment m2". */
export function outline(made: Plan): readonly string[] {
  const name = (id: string): string => made.members.find((member) => member.id === id)?.name ?? id;
  return made.steps.map((step) => {
    if (step.kind === 'defragment') return `${step.kind} ${name(step.memberId)}`;
    if (step.kind === 'move-leader' && step.to !== null) return `${step.kind} ${name(step.to)}`;
    return step.kind;
  });
}
