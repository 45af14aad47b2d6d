import { levelOf } from '../domain/alerting/levels.js';
import { count, rule, span, type AlertView, type Reading } from '../domain/alerting/rule.js';
import { silentVoters } from '../domain/alerting/silence.js';
import { membersOf } from '../domain/members.js';
import { namesAre, statusesOf } from '../domain/readings.js';
import { grouped } from '../domain/units.js';

const thresholds = {
  // etcd's own limit between committed and applied: beyond it a server answers "too many requests".
  entries: count(5000, 'raft entries that a member may be behind the newest one'),
  for: span(2 * 60_000, 'how long it is seen before it is told'),
};

type View = AlertView<typeof thresholds>;

export default rule({
  title: 'Raft lag',
  means: 'A member that applies late serves old data, and far behind it refuses requests',
  advice: 'Look at disk and network of the member, and start no maintenance before it has caught up',
  runbook: null,
  cause: 'lag',
  joins: ['disk', 'members'],
  every: 'sample',
  quietInMaintenance: true,
  needsSight: false,
  thresholds,
  forMs: (_severity, limits) => limits.for,
  judge,
});

/** Learners lag by nature while they load, and have their own rule. */
function judge(view: View): Reading {
  const read = statusesOf(membersOf(view.snapshot).filter((member) => member.role !== 'learner'));
  if (read.length === 0) return { state: 'unknown', reason: 'the status of no voter could be read' };
  if (read.length === 1 && read[0]?.value.appliedIndex === null) {
    return { state: 'unknown', reason: 'one member was read, and it does not say what it has applied' };
  }
  const newest = Math.max(...read.map(({ value }) => value.raftIndex));
  const lags = read.map(({ member, value }) => ({
    label: member.label,
    entries: newest - (value.appliedIndex ?? value.raftIndex),
  }));
  const most = Math.max(...lags.map((lag) => lag.entries));
  const late = lags.filter((lag) => isLate(lag.entries, view)).map((lag) => lag.label);
  if (late.length === 0) {
    const because = `no member is more than ${grouped(most)} raft entries behind`;
    return silentVoters(view) ?? { state: 'clear', because };
  }
  return {
    state: 'firing',
    severity: 'warning',
    summary: `${namesAre(late)} up to ${grouped(most)} raft entries behind; the limit is ${grouped(view.limits.entries)}`,
    evidence: lags.map(({ label, entries }) => `${label}: ${grouped(entries)} entries behind the newest`),
  };
}

function isLate(entries: number, { limits, firing }: View): boolean {
  return levelOf(entries, { warning: limits.entries }, firing) !== null;
}
