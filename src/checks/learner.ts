import { valueOf } from '../domain/fact.js';
import type { Check, Observation } from '../domain/finding.js';
import { membersOf, type MemberView } from '../domain/members.js';
import { exceptFor, hasStatus, statusesOf, unseen } from '../domain/readings.js';
import type { Snapshot } from '../domain/snapshot.js';
import { grouped } from '../domain/units.js';

const check: Check = {
  title: 'Learner',
  why: 'A learner has no vote, and one that never catches up protects nothing',
  runbook: null,
  needs: ['status'],
  uses: ['members'],
  rank: 60,
  run,
};

const FAR = 5000;

function run(snapshot: Snapshot): readonly Observation[] {
  const views = membersOf(snapshot);
  const read = statusesOf(views);
  if (read.length === 0) return [unseen('the status of any member', snapshot.facts.status)];
  const learners = views.filter((member) => member.role === 'learner');
  if (learners.length === 0) return [none(snapshot, views)];
  const newest = Math.max(...read.map(({ value }) => value.raftIndex));
  return learners.map((member) => judge(member, newest));
}

/** The member list names every learner; without it only those that answer are known. */
function none(snapshot: Snapshot, views: readonly MemberView[]): Observation {
  const blind = snapshot.facts.members?.known ? '' : exceptFor(views, hasStatus);
  return { severity: 'ok', summary: `No learner${blind}` };
}

function judge(member: MemberView, newest: number): Observation {
  const status = valueOf(member.status);
  if (!status) return { severity: 'info', summary: `${member.label} is a learner, and was not read` };
  // Learners came with 3.4, and so did the applied index.
  const applied = status.appliedIndex ?? status.raftIndex;
  const behind = newest - applied;
  const advice =
    behind > FAR
      ? `See whether ${member.label} still catches up; if not, look at its disk and network`
      : `Promote ${member.label} once it keeps up: \`etcdctl member promote\``;
  return {
    severity: behind > FAR ? 'warning' : 'info',
    summary: `${member.label} is a learner, ${grouped(behind)} raft entries behind`,
    evidence: [`${member.label}: applied ${grouped(applied)} of ${grouped(newest)}`],
    advice,
  };
}

export default check;
