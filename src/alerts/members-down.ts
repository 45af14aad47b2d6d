import { rateOf, totalOf, windowOf } from '../domain/alerting/windows.js';
import { aSecond } from '../domain/alerting/activity.js';
import { perSecond, rule, span, type AlertView, type Reading } from '../domain/alerting/rule.js';
import { membersOf, type MemberView } from '../domain/members.js';
import { isDefragmenting, quorumOf, type Quorum } from '../domain/quorum.js';
import { lines, nameOf, names, namesAre } from '../domain/readings.js';

const thresholds = {
  for: span(3 * 60_000, 'how long members are down before it is told'),
  peerFailures: perSecond(0.1, 'failed sends to other members from which on a member counts as cut off'),
};

type View = AlertView<typeof thresholds>;

/** Only news counts: a member that came back a minute ago has failures behind it. */
const FRESH_MS = 2 * 60_000;

export default rule({
  title: 'Members down',
  means: 'The cluster has lost some of its margin, and one more failure may stop it',
  advice: 'See whether process, machine and network of the member run, and start no maintenance meanwhile',
  runbook: null,
  cause: 'members',
  every: 'sample',
  quietInMaintenance: true,
  needsSight: true,
  thresholds,
  forMs: (_severity, limits) => limits.for,
  judge,
});

function judge(view: View): Reading {
  const quorum = quorumOf(view.snapshot);
  const { up, down, unseen, voters } = quorum;
  if (down.length > 0) return fallen(view, quorum);
  const cut = cutOff(view);
  if (cut.length > 0) return disconnected(cut);
  const unread = unseen.filter((member) => member.endpoint !== null && isUnread(member));
  if (up.length === 0) return { state: 'unknown', reason: 'the status of no member could be read' };
  if (unread.length > 0) return { state: 'unknown', reason: `${names(labels(unread))} not read` };
  return { state: 'clear', because: `${String(up.length)} of ${String(voters)} voters are up, none is down` };
}

function fallen({ snapshot }: View, { up, down, voters, majority }: Quorum): Reading {
  return {
    state: 'firing',
    severity: 'warning',
    summary: `${namesAre(labels(down))} down: ${String(up.length)} of ${String(voters)} voters are up, ${String(majority)} are needed`,
    evidence: lines(membersOf(snapshot), stateOf),
  };
}

function stateOf(member: MemberView): string | null {
  if (isDefragmenting(member)) return 'defragments';
  if (member.status.known) return 'answers';
  return member.started ? member.status.reason : null;
}

interface Cut {
  readonly label: string;
  readonly rate: number;
}

/** Every member answers the bot, and yet some do not reach each other. A silent learner explains it, and has its own rule. */
function cutOff({ snapshot, activity, now, limits }: View): readonly Cut[] {
  const views = membersOf(snapshot);
  if (views.some((member) => member.role === 'learner' && !member.status.known)) return [];
  return activity.flatMap(({ memberId, activity: rows }) => {
    const newest = rows.slice(-1);
    const total = totalOf(newest, windowOf(now, FRESH_MS), (row) => row.peerSendFailures);
    const rate = rateOf(total) ?? 0;
    return rate > limits.peerFailures ? [{ label: nameOf(views, memberId), rate }] : [];
  });
}

function disconnected(cut: readonly Cut[]): Reading {
  return {
    state: 'firing',
    severity: 'warning',
    summary: `${names(cut.map(({ label }) => label))} cannot reach another member, though all that I read answer me`,
    evidence: cut.map(({ label, rate }) => `${label}: ${aSecond(rate, 'failed sends to other members')}`),
  };
}

function isUnread(member: MemberView): boolean {
  return !member.status.known && member.status.code === 'not-read';
}

function labels(members: readonly MemberView[]): readonly string[] {
  return members.map((member) => member.label);
}
