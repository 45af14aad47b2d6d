import { no, yes, type Verdict } from '../domain/errors.js';
import { backupStep } from '../domain/maintenance/backups.js';
import { groundOf, type Ground } from '../domain/maintenance/ground.js';
import { nothingBack, planOf } from '../domain/maintenance/plan-parts.js';
import { backupSource } from '../domain/maintenance/voters.js';
import type { BackupSettings } from '../domain/cluster.js';
import type { Plan } from '../domain/plan.js';
import type { Runbook, RunbookSetting } from '../domain/runbook.js';
import type { Snapshot } from '../domain/snapshot.js';
import { bytes } from '../domain/units.js';

/** The whole database as a file, its checksum verified; changes nothing in the cluster. */
const backup: Runbook = {
  title: 'Back up to the configured directory',
  needs: ['members', 'status', 'metrics', 'alarms'],
  plan,
};

export default backup;

function plan(snapshot: Snapshot, setting: RunbookSetting): Verdict<Plan> {
  const place = setting.backup;
  if (!place) {
    return no(`No place for backups of ${snapshot.cluster} is configured.`, [
      'Set `backup.directory` for it in `clusters` of the configuration, and restart the bot.',
      'By hand it is safe at any time: `etcdctl snapshot save FILE`, at one member.',
    ]);
  }
  const ground = groundOf(snapshot, setting);
  return ground.ok ? yes(planFor(ground.value, place)) : ground;
}

function planFor(ground: Ground, { directory, keep }: BackupSettings): Plan {
  const source = backupSource(ground.snapshot) ?? ground.leader;
  return planOf(ground, {
    runbook: 'backup',
    title: `Back up ${ground.snapshot.cluster}`,
    drafts: backupStep(ground.setting),
    expected: nothingBack('a backup reads only'),
    risks: [
      `${source.label} reads and sends its whole database, ${bytes(source.status.value.sizeBytes)}.`,
      `Of this cluster's backups in ${directory} the newest ${String(keep)} are kept, older ones are removed.`,
    ],
    onFailure: 'If it fails, no unfinished file is kept, the cluster is as it was, and the card says why.',
    forGood: false,
  });
}
