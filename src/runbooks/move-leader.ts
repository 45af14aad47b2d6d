import { no, yes, type Refusal, type Verdict } from '../domain/errors.js';
import { canMoveLeader } from '../domain/maintenance/course.js';
import { probeUnlessFull } from '../domain/maintenance/drafts.js';
import { groundOf, type Ground } from '../domain/maintenance/ground.js';
import { nothingBack, onFailure, planOf } from '../domain/maintenance/plan-parts.js';
import { leasesText, stillFullRisks } from '../domain/maintenance/risks.js';
import { behind, CAUGHT_UP_WITHIN, type ReadMember } from '../domain/maintenance/voters.js';
import { memberCalled } from '../domain/maintenance/which-member.js';
import type { Plan } from '../domain/plan.js';
import type { Runbook, RunbookSetting } from '../domain/runbook.js';
import type { Snapshot } from '../domain/snapshot.js';
import { grouped } from '../domain/units.js';

/** Before a leader's machine is worked on, or where another member has the better disk. */
const moveLeader: Runbook = {
  title: 'Move the leader to a named member, or to the best one',
  needs: ['members', 'status', 'metrics', 'alarms'],
  plan,
};

export default moveLeader;

function plan(snapshot: Snapshot, setting: RunbookSetting): Verdict<Plan> {
  const ground = groundOf(snapshot, setting);
  if (!ground.ok) return ground;
  const chosen = unmovable(ground.value) ?? chosenOf(ground.value);
  return chosen.ok ? yes(planFor(ground.value, chosen.value)) : chosen;
}

function unmovable({ leader, voters }: Ground): Refusal | null {
  if (voters.length === 1)
    return no(`${leader.label} is the only voting member: there is nobody to lead instead.`);
  if (canMoveLeader(leader)) return null;
  return no(
    `${leader.label} runs etcd ${leader.status.value.version}, which can't hand over: etcd 3.3 is the first.`,
    ['Restarting its process makes the others elect a leader, within a second or two without one.'],
  );
}

function chosenOf(ground: Ground): Verdict<ReadMember> {
  const word = ground.setting.options['to'];
  const found = typeof word === 'string' ? memberCalled(ground.snapshot, word) : bestOf(ground);
  return found.ok ? (unfit(ground, found.value) ?? found) : found;
}

/** The most caught-up voter; among equals the one that uses the least of its quota. */
function bestOf({ snapshot, voters }: Ground): Verdict<ReadMember> {
  const [best] = voters
    .filter((member) => member.role === 'follower')
    .sort((a, b) => behind(snapshot, a) - behind(snapshot, b) || (a.share ?? 1) - (b.share ?? 1));
  return best ? yes(best) : no('There is no other voting member.');
}

function unfit({ snapshot, leader }: Ground, member: ReadMember): Refusal | null {
  if (member.id === leader.id) return no(`${member.label} leads already.`);
  if (member.role === 'learner')
    return no(`${member.label} is a learner: it can't lead before it is promoted.`);
  const entries = behind(snapshot, member);
  if (entries <= CAUGHT_UP_WITHIN) return null;
  return no(`${member.label} is ${grouped(entries)} entries behind.`, [
    'Wait until it has caught up, or name another member with `--to`.',
  ]);
}

function planFor(ground: Ground, to: ReadMember): Plan {
  const { leader, snapshot } = ground;
  const move = `Move the leader from ${leader.label} to ${to.label}`;
  return planOf(ground, {
    runbook: 'move-leader',
    title: `${move} in ${snapshot.cluster}`,
    drafts: [{ kind: 'move-leader', to: to.id, label: move }, ...probeUnlessFull(ground)],
    expected: nothingBack('moving the leader moves no data'),
    risks: [
      ...stillFullRisks(ground, 'another leader gives no room'),
      'For a moment nobody leads, and writes wait.',
      ...leaseRisks(leader),
    ],
    onFailure: onFailure('whoever leads then goes on leading'),
    forGood: false,
  });
}

function leaseRisks(leader: ReadMember): readonly string[] {
  const leases = leasesText(leader);
  return leases === null ? [] : [`${leases}; their time begins anew with the new one.`];
}
