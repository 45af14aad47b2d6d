import type { Check, Observation } from '../domain/finding.js';
import { membersOf, type MemberView } from '../domain/members.js';
import { isDefragmenting, quorumOf, type Quorum } from '../domain/quorum.js';
import { lines, names, namesAre } from '../domain/readings.js';
import type { Snapshot } from '../domain/snapshot.js';

const check: Check = {
  title: 'Quorum margin',
  why: 'With fewer voters than a majority etcd stops, and without a margin the next failure does that',
  runbook: null,
  needs: ['status'],
  uses: ['members', 'metrics'],
  rank: 6,
  run,
};

function run(snapshot: Snapshot): readonly Observation[] {
  const quorum = quorumOf(snapshot);
  const notes = quorum.listed ? [] : ['Member list: not read, the configured endpoints are counted instead'];
  return [{ ...judge(quorum), evidence: [...lines(membersOf(snapshot), stateOf), ...notes] }];
}

function judge(quorum: Quorum): Observation {
  const { voters, majority, up, down, unseen, lost, listed } = quorum;
  if (lost) return gone(quorum);
  if (!listed || up.length < majority || (up.length === majority && unseen.length > 0)) return dim(quorum);
  if (down.length > 0 && up.length === majority) return bare(quorum);
  if (voters <= 2) return small(voters);
  const counts = `${String(up.length)} of ${String(voters)} voters are up, ${String(majority)} are needed`;
  const blind = unseen.length > 0 ? `; ${names(labels(unseen))} not read` : '';
  return { severity: down.length > 0 ? 'info' : 'ok', summary: counts + blind };
}

function gone({ voters, majority, up }: Quorum): Observation {
  return {
    severity: 'critical',
    summary: `Quorum is lost: ${String(up.length)} of ${String(voters)} voters can be reached, ${String(majority)} are needed`,
    advice: 'Bring members back; if all of them run, look at the network between them and the bot',
  };
}

function bare({ voters, up, down }: Quorum): Observation {
  return {
    severity: 'warning',
    summary: `One more loss stops everything: ${namesAre(labels(down))} down, ${String(up.length)} of ${String(voters)} voters left`,
    advice: `Bring ${names(labels(down))} back before anything else, and start no maintenance`,
  };
}

function dim({ voters, majority, up, unseen, listed }: Quorum): Observation {
  const why = listed ? `${names(labels(unseen))} can't be judged` : 'the member list could not be read';
  return {
    severity: 'unknown',
    summary: `The margin is not known: ${String(up.length)} of ${String(voters)} voters answer, ${String(majority)} are needed, ${why}`,
    advice: 'Give the bot an endpoint of every member, and the right to read them',
  };
}

function small(voters: number): Observation {
  const summary =
    voters === 1
      ? 'One voter: there is no margin by design, its loss stops everything'
      : 'Two voters: there is no margin by design, the loss of either one stops everything';
  return { severity: 'info', summary, advice: 'Run three or five members' };
}

function stateOf(member: MemberView): string | null {
  if (!member.started) return null;
  if (member.status.known) return member.role;
  return isDefragmenting(member) ? 'defragmenting' : `not read (${member.status.code})`;
}

function labels(members: readonly MemberView[]): readonly string[] {
  return members.map((member) => member.label);
}

export default check;
