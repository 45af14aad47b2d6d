import { rule, span, type AlertView, type Reading } from '../domain/alerting/rule.js';
import { age } from '../domain/units.js';

const DAY_MS = 24 * 3_600_000;

const thresholds = {
  maxAge: span(7 * DAY_MS, 'age of the newest backup that I have made'),
};

type View = AlertView<typeof thresholds>;

export default rule({
  title: 'Backup too old',
  means: 'What was written since the last backup is lost if the members’ disks are',
  advice: 'Propose a backup, or see why whoever should make one does not',
  runbook: 'backup',
  cause: 'backup',
  every: 'metrics',
  quietInMaintenance: false,
  needsSight: false,
  thresholds,
  forMs: () => 0,
  judge,
});

/** Only where backups are configured. What was made before this bot came it can't know. */
function judge({ cluster, lastBackupAt, watchedSince, limits, now }: View): Reading {
  if (!cluster.backup) return { state: 'clear', because: 'no backups are configured' };
  const old = now - (lastBackupAt ?? watchedSince);
  if (old <= limits.maxAge) {
    const because =
      lastBackupAt === null ? 'it is not watched for long enough' : `the last backup is ${age(old)} old`;
    return { state: 'clear', because };
  }
  const summary =
    lastBackupAt === null
      ? `I have made no backup in the ${age(old)} that I have been watching`
      : `The last backup that I have made is ${age(old)} old`;
  return {
    state: 'firing',
    severity: 'warning',
    summary,
    evidence: [`Directory: ${cluster.backup.directory}`],
  };
}
