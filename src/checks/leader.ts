import type { Check, Observation } from '../domain/finding.js';
import { membersOf, type MemberView } from '../domain/members.js';
import { exceptFor, hasStatus, lines, nameOf, names, statusesOf, unseen } from '../domain/readings.js';
import type { Snapshot } from '../domain/snapshot.js';

const check: Check = {
  title: 'Leader',
  why: 'Without one leader that all members follow, etcd accepts no write and serves no consistent read',
  runbook: null,
  needs: ['status'],
  uses: ['members'],
  rank: 5,
  run,
};

/** What Status says where a member knows no leader. */
const NOBODY = '0';

function run(snapshot: Snapshot): readonly Observation[] {
  const views = membersOf(snapshot);
  const said = statusesOf(views);
  if (said.length === 0) return [unseen('the status of any member', snapshot.facts.status)];
  const evidence = lines(views, (member) => opinion(views, member));
  const leaders = [...new Set(said.map(({ value }) => value.leaderId))].filter((id) => id !== NOBODY);
  const lost = said.filter(({ value }) => value.leaderId === NOBODY).map(({ member }) => member.label);
  const [leader] = leaders;
  if (leader === undefined) return [{ ...none(snapshot, views), evidence }];
  if (leaders.length > 1 || lost.length > 0) return [{ ...split(views, leaders, lost), evidence }];
  const summary = `${nameOf(views, leader)} leads${exceptFor(views, hasStatus)}`;
  return [{ severity: 'ok', summary, evidence }];
}

function opinion(views: readonly MemberView[], member: MemberView): string | null {
  if (!member.status.known) return null;
  const { leaderId, term } = member.status.value;
  const says = leaderId === NOBODY ? 'no leader' : `${nameOf(views, leaderId)} leads`;
  return `${says}, term ${String(term)}`;
}

function none(snapshot: Snapshot, views: readonly MemberView[]): Observation {
  return {
    severity: 'critical',
    summary: `${snapshot.cluster} has no leader: it accepts no writes${exceptFor(views, hasStatus)}`,
    advice: 'Bring members back until a majority runs; then look at the network and the disks between them',
  };
}

/** Members are not read in the same instant, so an election looks the same. */
function split(
  views: readonly MemberView[],
  leaders: readonly string[],
  lost: readonly string[],
): Observation {
  const candidates = names(leaders.map((id) => nameOf(views, id)));
  const summary =
    leaders.length > 1
      ? `Members disagree on the leader: ${candidates} are each followed by some`
      : `Members disagree on the leader: ${candidates} leads, and ${names(lost)} ${lost.length === 1 ? 'sees' : 'see'} none`;
  return {
    severity: 'critical',
    summary,
    advice:
      'Ask again in a few seconds, it may be an election; if it stays, look at the network between the members',
  };
}

export default check;
