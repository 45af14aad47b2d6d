import { no, yes, type Refusal, type Verdict } from '../domain/errors.js';
import { DISARM, PROBE, WELL_UNDER } from '../domain/maintenance/drafts.js';
import { groundOf, type Ground } from '../domain/maintenance/ground.js';
import { nothingBack, onFailure, planOf } from '../domain/maintenance/plan-parts.js';
import { quotaRisks } from '../domain/maintenance/risks.js';
import { readMembers } from '../domain/maintenance/voters.js';
import type { Plan } from '../domain/plan.js';
import type { Runbook, RunbookSetting } from '../domain/runbook.js';
import type { Snapshot } from '../domain/snapshot.js';
import { percent } from '../domain/units.js';

/** For a cluster that has room again and still refuses writes, because etcd never disarms by itself. */
const disarm: Runbook = {
  title: 'Disarm NOSPACE where every member has room again',
  needs: ['members', 'status', 'metrics', 'alarms'],
  plan,
};

export default disarm;

function plan(snapshot: Snapshot, setting: RunbookSetting): Verdict<Plan> {
  const ground = groundOf(snapshot, setting);
  if (!ground.ok) return ground;
  return notArmed(ground.value) ?? stillFull(ground.value) ?? yes(planFor(ground.value));
}

function notArmed({ full }: Ground): Refusal | null {
  return full
    ? null
    : no('No NOSPACE alarm is armed.', ['`/etcd diagnose` shows what else there is to know.']);
}

function stillFull({ snapshot }: Ground): Refusal | null {
  const fullest = [...readMembers(snapshot)].sort((a, b) => (b.share ?? 1) - (a.share ?? 1))[0];
  const share = fullest?.share ?? 1;
  if (share < WELL_UNDER) return null;
  return no(`${fullest?.label ?? 'A member'} is full still, at ${percent(share)} of its quota.`, [
    `\`/etcd fix ${snapshot.cluster}\` makes room first, and disarms then.`,
  ]);
}

function planFor(ground: Ground): Plan {
  return planOf(ground, {
    runbook: 'disarm',
    title: `Disarm NOSPACE in ${ground.snapshot.cluster}`,
    drafts: [DISARM, PROBE],
    expected: nothingBack('disarming moves no data'),
    risks: ['The alarm comes back with the first write over the quota.', ...quotaRisks(ground)],
    onFailure: onFailure('an alarm that is raised again stays armed'),
    forGood: false,
  });
}
