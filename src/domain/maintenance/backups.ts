import type { RunbookSetting } from '../runbook.js';
import { age } from '../units.js';
import type { Draft } from './drafts.js';

const FRESH_MS = 24 * 3_600_000;

/** A backup before anything else, where there is a place for it. */
export function backupStep({ backup }: RunbookSetting): readonly Draft[] {
  if (!backup) return [];
  const { directory, keep } = backup;
  return [{ kind: 'backup', directory, keep, label: `Back up to ${directory}` }];
}

/** The same, but not where the last one that we know of is less than a day old. */
export function backupStepUnlessFresh(setting: RunbookSetting): readonly Draft[] {
  const { now, lastBackupAt } = setting;
  return lastBackupAt !== null && now - lastBackupAt < FRESH_MS ? [] : backupStep(setting);
}

export function lastBackupText({ now, lastBackupAt }: RunbookSetting): string {
  if (lastBackupAt === null) return 'I know of no backup of this cluster.';
  return `The last backup by me is ${age(now - lastBackupAt)} old.`;
}
