import { rule, span, type AlertView, type Reading } from '../domain/alerting/rule.js';
import { silentVoters } from '../domain/alerting/silence.js';
import { membersOf, type MemberView } from '../domain/members.js';
import { lines, names } from '../domain/readings.js';

const thresholds = { for: span(60_000, 'how long there is no leader before it is told') };

/** What Status says where a member knows no leader. */
const NOBODY = '0';

export default rule({
  title: 'No leader',
  means: 'A member that knows no leader accepts no write and serves no consistent read',
  advice: 'Bring members back until a majority runs; then look at network and disks between them',
  runbook: null,
  cause: 'members',
  swallows: ['proposals-failing', 'requests-failing'],
  every: 'sample',
  quietInMaintenance: false,
  needsSight: true,
  thresholds,
  forMs: (_severity, limits) => limits.for,
  judge,
});

function judge(view: AlertView<typeof thresholds>): Reading {
  const { snapshot } = view;
  const views = membersOf(snapshot);
  const told = views.flatMap((member) => {
    const hasLeader = opinionOf(member, snapshot.at);
    return hasLeader === null ? [] : [{ label: member.label, hasLeader }];
  });
  const lost = told.filter((one) => !one.hasLeader).map((one) => one.label);
  if (told.length === 0) return { state: 'unknown', reason: 'no member could be asked for its leader' };
  if (lost.length === 0) {
    // One member that lags behind still names the leader of before.
    if (told.length * 2 <= views.length && silentVoters(view)) {
      return { state: 'unknown', reason: 'too few members could be asked for their leader' };
    }
    const know = `${names(told.map((one) => one.label))} ${told.length === 1 ? 'knows' : 'know'} a leader`;
    return { state: 'clear', because: know };
  }
  const evidence = lines(views, (member) => line(opinionOf(member, snapshot.at)));
  const all = lost.length === told.length;
  const whole = 'No leader: no write is accepted';
  const part = `${names(lost)} ${lost.length === 1 ? 'knows' : 'know'} no leader while others do`;
  return {
    state: 'firing',
    severity: 'critical',
    summary: all ? `${whole} (${names(lost)} asked)` : part,
    evidence,
  };
}

/** Null: not known. Metrics of an earlier moment would tell of the leader of then. */
function opinionOf(member: MemberView, at: number): boolean | null {
  if (member.status.known) return member.status.value.leaderId !== NOBODY;
  if (!member.metrics.known || member.metrics.at < at) return null;
  return member.metrics.value.counters?.hasLeader ?? null;
}

function line(hasLeader: boolean | null): string | null {
  if (hasLeader === null) return null;
  return hasLeader ? 'knows a leader' : 'no leader';
}
