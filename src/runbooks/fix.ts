import { defectsOf } from '../domain/defects.js';
import { no, yes, type Refusal, type Verdict } from '../domain/errors.js';
import { valueOf } from '../domain/fact.js';
import { byHand } from '../domain/maintenance/by-hand.js';
import { bytesBack, historyIn, pausesOf } from '../domain/maintenance/estimate.js';
import { unsafe } from '../domain/maintenance/safety.js';
import { leaderOf, lowestRevision, readMembers, type ReadMember } from '../domain/maintenance/voters.js';
import type { Plan, PlannedAct, PlannedGate, PlannedStep } from '../domain/plan.js';
import type { Runbook, RunbookSetting } from '../domain/runbook.js';
import type { Snapshot } from '../domain/snapshot.js';
import { bytes, duration, grouped, percent } from '../domain/units.js';

/** Under this share of its quota a member is well; the alarm may be disarmed. */
const WELL_UNDER = 0.9;
const WORTH_FIXING = 0.8;
const MOSTLY_FREE = 0.5;
const WORTH_DEFRAGMENTING_BYTES = 100 * 1024 ** 2;

/** The whole recovery of a cluster that has run full, or is about to: the order of the incident's own mending. */
const fix: Runbook = {
  title: 'Make room: compact, defragment every member, disarm NOSPACE, prove a write',
  needs: ['members', 'status', 'metrics', 'alarms', 'live-keys'],
  plan,
};

export default fix;

function plan(snapshot: Snapshot, setting: RunbookSetting): Verdict<Plan> {
  const refusal = unsafe(snapshot) ?? dangerousVersion(snapshot) ?? nothingWrong(snapshot);
  if (refusal) return refusal;
  const leader = leaderOf(snapshot);
  if (!leader) return no('The cluster has no leader.');
  const order = leaderLast(snapshot);
  const moves = order.length > 2 && canMoveLeader(leader);
  const steps = number(stepsOf(snapshot, setting, { order, moves }));
  const pauses = pausesOf(snapshot, order);
  return yes({
    runbook: 'fix',
    title: `Make room in ${snapshot.cluster}`,
    cluster: snapshot.cluster,
    clusterId: leader.status.value.clusterId,
    members: readMembers(snapshot).map((member) => ({ id: member.id, name: member.label })),
    steps,
    expected: { bytesBack: bytesBack(snapshot, order), pauses },
    risks: risksOf(snapshot, setting, moves),
    standstill: moves ? null : standstill(Math.max(...pauses.map((pause) => pause.pauseMs))),
    backup: setting.backup !== null,
    byHand: byHand(snapshot, steps, setting.etcdctlFlags),
    factsAt: snapshot.at,
  });
}

type Draft = (PlannedAct | PlannedGate) & { readonly label: string };

/** Whom it concerns, the leader last, and whether leadership can move away before its turn comes. */
interface Course {
  readonly order: readonly ReadMember[];
  readonly moves: boolean;
}

function stepsOf(snapshot: Snapshot, setting: RunbookSetting, { order, moves }: Course): Draft[] {
  const revision = lowestRevision(snapshot);
  const defragments = order.map((member): Draft => ({
    kind: 'defragment',
    memberId: member.id,
    label: `Defragment ${member.label}, ${bytes(member.status.value.sizeBytes)}`,
  }));
  const last = defragments.pop();
  const [first, ...middle] = last && defragments.length === 0 ? [last] : defragments;
  const leading = last && last !== first ? [last] : [];
  return [
    ...backupStep(setting),
    { kind: 'compact', revision, label: `Compact history up to revision ${grouped(revision)}` },
    ...(first ? [first] : []),
    {
      kind: 'gate',
      condition: 'below-quota-share',
      share: WELL_UNDER,
      label: `Go on only if it is under ${percent(WELL_UNDER)} of its quota`,
    },
    ...middle,
    ...(moves ? [{ kind: 'move-leader', label: 'Move the leader to a member that is done' } as const] : []),
    ...leading,
    { kind: 'disarm', alarm: 'NOSPACE', belowShare: WELL_UNDER, label: 'Disarm NOSPACE, member by member' },
    { kind: 'write-probe', label: 'Prove that a write goes through' },
  ];
}

function backupStep(setting: RunbookSetting): readonly Draft[] {
  if (!setting.backup) return [];
  const { directory, keep } = setting.backup;
  return [{ kind: 'backup', directory, keep, label: `Back up to ${directory}` }];
}

function number(drafts: readonly Draft[]): readonly PlannedStep[] {
  return drafts.map((draft, index) => ({ ...draft, id: `s${String(index + 1)}` }));
}

/** Followers first, the fullest of them first; the leader last. Learners can't be defragmented through their API. */
function leaderLast(snapshot: Snapshot): readonly ReadMember[] {
  const weight = (member: ReadMember): number => (member.role === 'leader' ? 1 : 0);
  return readMembers(snapshot)
    .filter((member) => member.role !== 'learner')
    .sort((a, b) => weight(a) - weight(b) || b.status.value.sizeBytes - a.status.value.sizeBytes);
}

/** etcd before 3.3 has no MoveLeader. */
function canMoveLeader(leader: ReadMember): boolean {
  const [major = 0, minor = 0] = leader.status.value.version.split('.').map(Number);
  return major > 3 || (major === 3 && minor >= 3);
}

function dangerousVersion(snapshot: Snapshot): Refusal | null {
  for (const member of readMembers(snapshot)) {
    const defect = defectsOf(member.status.value.version).find((entry) => entry.forbidsDefragment);
    if (defect) {
      return no(`${member.label} runs etcd ${member.status.value.version}: ${defect.summary}`, [
        'Upgrade the members first; a backup (`etcdctl snapshot save`) and a compaction by hand are safe.',
      ]);
    }
  }
  return null;
}

/** Judged by physical size, which the quota is checked against, and by what a defragmentation would give back. */
function nothingWrong(snapshot: Snapshot): Refusal | null {
  const armed = (valueOf(snapshot.facts.alarms)?.alarms ?? []).length > 0;
  const members = readMembers(snapshot);
  if (armed || members.some((member) => (member.share ?? 0) >= WORTH_FIXING || isMostlyFree(member)))
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

function risksOf(snapshot: Snapshot, setting: RunbookSetting, moves: boolean): readonly string[] {
  const members = readMembers(snapshot);
  const guessed = members.find((member) => member.quota.source === 'default');
  const learner = members.find((member) => member.role === 'learner');
  const blind = members.some((member) => historyIn(member) === null);
  return [
    ...(setting.backup
      ? []
      : ['No backup is configured: there is no way back to the history that is compacted.']),
    'Watchers that are behind the compacted revision have to list again.',
    `Clients of a member stand still while it is defragmented${moves ? '; the others go on' : ''}.`,
    'Free disk on the members is not known: a defragmentation needs 1.1 × the size in use beside the database.',
    ...(guessed
      ? [`The quota of ${guessed.label} could not be read: etcd's default of 2 GiB is assumed.`]
      : []),
    ...(learner
      ? [`${learner.label} is a learner and is left out: etcd can't defragment it while it learns.`]
      : []),
    ...(blind ? ['Some metrics could not be read: the effect is proven by other readings.'] : []),
  ];
}

function standstill(pauseMs: number): string {
  return `all clients stand still for about ${duration(pauseMs)}`;
}
