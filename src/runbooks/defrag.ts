import { no, yes, type Refusal, type Verdict } from '../domain/errors.js';
import { backupStepUnlessFresh } from '../domain/maintenance/backups.js';
import { courseOf, defragmentSteps, standstillOf } from '../domain/maintenance/course.js';
import { probeUnlessFull } from '../domain/maintenance/drafts.js';
import { expectedOf, inUseOf } from '../domain/maintenance/estimate.js';
import { groundOf, type Ground } from '../domain/maintenance/ground.js';
import { onFailure, planOf } from '../domain/maintenance/plan-parts.js';
import { backupRisks, blindRisks, defragmentRisks, stillFullRisks } from '../domain/maintenance/risks.js';
import { dangerousVersion } from '../domain/maintenance/safety.js';
import type { ReadMember } from '../domain/maintenance/voters.js';
import { memberCalled } from '../domain/maintenance/which-member.js';
import type { Plan } from '../domain/plan.js';
import { names } from '../domain/readings.js';
import type { Runbook, RunbookSetting } from '../domain/runbook.js';
import type { Snapshot } from '../domain/snapshot.js';
import { bytes } from '../domain/units.js';

/** A third of the file is free: less is used up again before long. */
const PAYS_SIZE_OVER_IN_USE = 1.5;
/** A small gain is not worth a pause, but in a file that takes up much of its quota. */
const PAYS_BYTES = 16 * 1024 ** 2;
const PAYS_QUOTA_SHARE = 0.5;

/** Gives the free space inside the files back to the quota and the disk, member by member. */
const defrag: Runbook = {
  title: 'Defragment all members, or those that are named',
  needs: ['members', 'status', 'metrics', 'alarms'],
  plan,
};

export default defrag;

function plan(snapshot: Snapshot, setting: RunbookSetting): Verdict<Plan> {
  const ground = groundOf(snapshot, setting);
  if (!ground.ok) return ground;
  const chosen = dangerousVersion(snapshot) ?? chosenOf(ground.value);
  return chosen.ok ? yes(planFor(ground.value, chosen.value)) : chosen;
}

function chosenOf(ground: Ground): Verdict<readonly ReadMember[]> {
  const named = namedIn(ground);
  if (!named.ok || isForced(ground)) return named.ok ? yes(named.value ?? ground.voters) : named;
  const candidates = named.value ?? ground.voters;
  const paying = candidates.filter((member) => pays(ground, member));
  const wanting = candidates.filter((member) => !paying.includes(member));
  // Whoever names a member wants this one, not the others without it.
  if (paying.length === 0 || (named.value && wanting.length > 0)) return notWorth(wanting);
  return yes(paying);
}

function isForced({ setting }: Ground): boolean {
  return setting.options['all'] === true;
}

/** Null: none is named. */
function namedIn({ snapshot, setting }: Ground): Verdict<readonly ReadMember[] | null> {
  const typed = setting.options['members'];
  const words = typeof typed === 'string' ? typed.split(/[\s,]+/).filter((word) => word !== '') : [];
  const found = new Map<string, ReadMember>();
  for (const word of words) {
    const member = memberCalled(snapshot, word);
    if (!member.ok) return member;
    if (member.value.role === 'learner') return learner(member.value);
    found.set(member.value.id, member.value);
  }
  return yes(found.size === 0 ? null : [...found.values()]);
}

function learner({ label }: ReadMember): Refusal {
  return no(`${label} is a learner: etcd can't defragment it while it learns.`, [
    `Promote it first (\`etcdctl member promote\`), or name another member.`,
  ]);
}

/** Where nobody can say what is free inside, it may pay: under NOSPACE the size in use is an old one. */
function pays({ full }: Ground, member: ReadMember): boolean {
  const inUse = inUseOf(member);
  const { sizeBytes } = member.status.value;
  if (full || inUse === null) return true;
  const worth = sizeBytes - inUse >= PAYS_BYTES || (member.share ?? 0) >= PAYS_QUOTA_SHARE;
  return worth && sizeBytes > PAYS_SIZE_OVER_IN_USE * inUse;
}

function notWorth(members: readonly ReadMember[]): Refusal {
  const gains = members.map((member) => {
    const { sizeBytes } = member.status.value;
    return `${member.label} ${bytes(Math.max(0, sizeBytes - (inUseOf(member) ?? 0)))} of ${bytes(sizeBytes)}`;
  });
  return no(`Not worth a pause; it would give back: ${gains.join(', ')}.`, [
    'With `--all` it is done all the same.',
  ]);
}

function planFor(ground: Ground, members: readonly ReadMember[]): Plan {
  const { snapshot, setting } = ground;
  const course = courseOf(ground, members);
  const expected = expectedOf(ground, course.order, 'nothing');
  const act = isForced(ground) ? ({ evenIfCompact: true } as const) : {};
  return planOf(ground, {
    runbook: 'defrag',
    title: `Defragment ${names(course.order.map(({ label }) => label))} of ${snapshot.cluster}`,
    drafts: [...backupStepUnlessFresh(setting), ...defragmentSteps(course, act), ...probeUnlessFull(ground)],
    expected,
    standstill: standstillOf(course, expected.pauses),
    risks: [
      ...stillFullRisks(ground, 'a defragmentation neither compacts nor disarms'),
      ...backupRisks(ground, 'a member whose file is damaged by it has to be replaced from the others'),
      ...defragmentRisks(ground, course),
      ...unknownGain(members),
      ...blindRisks(ground),
    ],
    onFailure: onFailure('members that are done stay done'),
    forGood: true,
  });
}

function unknownGain(members: readonly ReadMember[]): readonly string[] {
  const silent = members.filter((member) => inUseOf(member) === null).map(({ label }) => label);
  if (silent.length === 0) return [];
  return [
    `Whether it pays is not known: the size in use of ${names(silent)} can't be read (etcd before 3.4).`,
  ];
}
