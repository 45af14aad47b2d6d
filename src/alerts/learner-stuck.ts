import { EASE } from '../domain/alerting/levels.js';
import { count, rule, span, type AlertView, type Reading } from '../domain/alerting/rule.js';
import { valueOf } from '../domain/fact.js';
import { membersOf, type MemberView } from '../domain/members.js';
import { namesAre, statusesOf } from '../domain/readings.js';
import { grouped } from '../domain/units.js';

const thresholds = {
  entries: count(5000, 'raft entries from which on a learner counts as far behind'),
  for: span(30 * 60_000, 'how long there is a learner before it is told'),
};

type View = AlertView<typeof thresholds>;

export default rule({
  title: 'Learner not promoted',
  means: 'A learner has no vote, and one that stays a learner protects nothing',
  advice: 'Promote it with `etcdctl member promote` once it keeps up, else look at its disk and network',
  runbook: null,
  cause: 'learner',
  every: 'sample',
  quietInMaintenance: true,
  needsSight: false,
  thresholds,
  forMs: (_severity, limits) => limits.for,
  judge,
});

function judge(view: View): Reading {
  const views = membersOf(view.snapshot);
  const learners = views.filter((member) => member.role === 'learner');
  if (learners.length === 0) return none(view, views);
  const newest = Math.max(0, ...statusesOf(views).map(({ value }) => value.raftIndex));
  const judged = learners.map((member) => ({ label: member.label, behind: behindOf(member, newest) }));
  const limit = view.firing === 'warning' ? view.limits.entries * EASE : view.limits.entries;
  const late = judged.filter(({ behind }) => behind === null || behind > limit);
  const named = late.length > 0 ? late : judged;
  return {
    state: 'firing',
    severity: late.length > 0 ? 'warning' : 'info',
    summary: `${namesAre(named.map(({ label }) => label))} still ${named.length === 1 ? 'a learner' : 'learners'}, and ${stateOf(late, named.length)}`,
    evidence: judged.map(({ label, behind }) => `${label}: ${lag(behind)}`),
  };
}

/** The member list names every learner; without it only those that answer are known. */
function none({ snapshot }: View, views: readonly MemberView[]): Reading {
  const listed = snapshot.facts.members?.known === true;
  if (listed || views.every((member) => member.status.known)) {
    if (views.length > 0) return { state: 'clear', because: 'no member is a learner' };
  }
  return { state: 'unknown', reason: 'the member list could not be read' };
}

function behindOf(member: MemberView, newest: number): number | null {
  const status = valueOf(member.status);
  // Learners came with 3.4, and so did the applied index.
  return status ? newest - (status.appliedIndex ?? status.raftIndex) : null;
}

function stateOf(late: readonly { readonly behind: number | null }[], named: number): string {
  const them = named === 1 ? 'it' : 'them';
  if (late.length === 0) return `up to date: nobody has promoted ${them}`;
  const most = Math.max(...late.map(({ behind }) => behind ?? -1));
  return most < 0 ? `I cannot read ${them}` : `${grouped(most)} raft entries behind`;
}

function lag(behind: number | null): string {
  return behind === null ? 'not read' : `${grouped(behind)} raft entries behind the newest`;
}
