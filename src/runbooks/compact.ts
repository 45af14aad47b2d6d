import { yes, type Verdict } from '../domain/errors.js';
import { backupStepUnlessFresh } from '../domain/maintenance/backups.js';
import { compactStep, probeUnlessFull } from '../domain/maintenance/drafts.js';
import { groundOf, type Ground } from '../domain/maintenance/ground.js';
import { nothingBack, onFailure, planOf } from '../domain/maintenance/plan-parts.js';
import { preventionOf } from '../domain/maintenance/prevention.js';
import { reachOf, type Reach } from '../domain/maintenance/revision.js';
import {
  backupRisks,
  blindRisks,
  compactRisks,
  HISTORY_GONE,
  stillFullRisks,
} from '../domain/maintenance/risks.js';
import type { Plan } from '../domain/plan.js';
import type { Runbook, RunbookSetting } from '../domain/runbook.js';
import type { Snapshot } from '../domain/snapshot.js';
import { grouped } from '../domain/units.js';

/** Lets old history go, as a compactor should by itself. Its room is used again, but the files keep their size. */
const compact: Runbook = {
  title: 'Compact history up to a revision',
  needs: ['members', 'status', 'metrics', 'alarms', 'live-keys'],
  plan,
};

export default compact;

function plan(snapshot: Snapshot, setting: RunbookSetting): Verdict<Plan> {
  const ground = groundOf(snapshot, setting);
  if (!ground.ok) return ground;
  const reach = reachOf(ground.value);
  return reach.ok ? yes(planFor(ground.value, reach.value)) : reach;
}

function planFor(ground: Ground, { revision, sentence }: Reach): Plan {
  return planOf(ground, {
    runbook: 'compact',
    title: `Compact ${ground.snapshot.cluster} up to revision ${grouped(revision)}`,
    drafts: [...backupStepUnlessFresh(ground.setting), compactStep(revision), ...probeUnlessFull(ground)],
    expected: nothingBack('a compaction frees pages inside the files, which keep their size'),
    reaches: sentence,
    risks: [
      ...stillFullRisks(ground, 'a compaction alone gives no room'),
      ...backupRisks(ground, HISTORY_GONE),
      ...compactRisks(ground),
      'The files keep their size: only a defragmentation gives room back to the quota.',
      ...blindRisks(ground),
    ],
    onFailure: onFailure('history that is compacted is gone, and nothing else has changed'),
    prevention: preventionOf(ground),
    forGood: true,
  });
}
