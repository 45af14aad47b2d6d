import { no, type Refusal, type Verdict, yes } from '../domain/errors.js';
import { backupStep } from '../domain/maintenance/backups.js';
import { courseOf, defragmentSteps, standstillOf } from '../domain/maintenance/course.js';
import { compactStep, DISARM, GATE, PROBE, type Draft } from '../domain/maintenance/drafts.js';
import { expectedOf } from '../domain/maintenance/estimate.js';
import { groundOf, type Ground } from '../domain/maintenance/ground.js';
import { onFailure, planOf } from '../domain/maintenance/plan-parts.js';
import { preventionOf } from '../domain/maintenance/prevention.js';
import { restartsAfter } from '../domain/maintenance/restarts-after.js';
import {
  backupRisks,
  blindRisks,
  compactRisks,
  defragmentRisks,
  HISTORY_GONE,
  quotaRisks,
} from '../domain/maintenance/risks.js';
import { dangerousVersion } from '../domain/maintenance/safety.js';
import { lowestRevision, readMembers, type ReadMember } from '../domain/maintenance/voters.js';
import type { Plan } from '../domain/plan.js';
import type { Runbook, RunbookSetting } from '../domain/runbook.js';
import type { Snapshot } from '../domain/snapshot.js';
import { grouped, percent } from '../domain/units.js';

const WORTH_FIXING = 0.8;
const MOSTLY_FREE = 0.5;
const WORTH_DEFRAGMENTING_BYTES = 100 * 1024 ** 2;

/** The whole recovery of a cluster that has run full, or is about to: the order of the incident's own mending. */
const fix: Runbook = {
  title: 'Make room: compact, defragment every member, disarm NOSPACE, prove a write',
  needs: ['members', 'status', 'metrics', 'alarms', 'live-keys', 'pods'],
  uses: ['calico-parts', 'cron-jobs', 'etcd-pods'],
  plan,
};

export default fix;

function plan(snapshot: Snapshot, setting: RunbookSetting): Verdict<Plan> {
  const ground = groundOf(snapshot, setting);
  if (!ground.ok) return ground;
  return dangerousVersion(snapshot) ?? nothingWrong(ground.value) ?? yes(planFor(ground.value));
}

function planFor(ground: Ground): Plan {
  const { snapshot, setting, voters, full } = ground;
  const course = courseOf(ground, voters);
  const revision = lowestRevision(snapshot);
  const expected = expectedOf(ground, course.order, 'compaction');
  const [first, ...rest] = defragmentSteps(course);
  const restarts = restartsAfter(snapshot, setting);
  const drafts: readonly (Draft | undefined)[] = [
    ...backupStep(setting),
    compactStep(revision),
    first,
    GATE,
    ...rest,
    DISARM,
    PROBE,
    ...restarts.drafts,
  ];
  return planOf(ground, {
    runbook: 'fix',
    title: `Make room in ${snapshot.cluster}`,
    drafts: drafts.filter((draft) => draft !== undefined),
    expected,
    reaches: `Revision ${grouped(revision)}, the newest now`,
    standstill: standstillOf(course, expected.pauses),
    risks: [
      ...backupRisks(ground, HISTORY_GONE),
      ...compactRisks(ground),
      ...defragmentRisks(ground, course),
      ...quotaRisks(ground),
      ...blindRisks(ground),
      ...restarts.notes,
    ],
    onFailure: onFailure(
      full ? 'writes stay refused until a later try succeeds' : 'members that are done stay done',
    ),
    prevention: preventionOf(ground),
    forGood: true,
  });
}

/** Judged by physical size, which the quota is checked against, and by what a defragmentation would give back. */
function nothingWrong({ snapshot, full }: Ground): Refusal | null {
  const members = readMembers(snapshot);
  if (full || members.some((member) => (member.share ?? 0) >= WORTH_FIXING || isMostlyFree(member)))
    return null;
  const fullest = Math.max(...members.map((member) => member.share ?? 0));
  return no(`Nothing to fix: no alarm, and the fullest member is at ${percent(fullest)} of its quota.`, [
    '`/etcd diagnose` shows what else there is to know.',
  ]);
}

function isMostlyFree(member: ReadMember): boolean {
  const { sizeBytes, inUseBytes } = member.status.value;
  if (inUseBytes === null || sizeBytes < WORTH_DEFRAGMENTING_BYTES) return false;
  return inUseBytes / sizeBytes < MOSTLY_FREE;
}
