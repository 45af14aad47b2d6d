import { rule, span, type AlertView, type Reading } from '../domain/alerting/rule.js';
import { membersOf } from '../domain/members.js';
import { isDefragmenting, quorumOf } from '../domain/quorum.js';
import { lines } from '../domain/readings.js';

const thresholds = { for: span(60_000, 'how long the quorum is lost before it is told') };

export default rule({
  title: 'Quorum lost',
  means: 'Fewer voters than a majority can be reached, and without a majority etcd accepts no write',
  advice: 'Bring members back; if all of them run, look at the network between them and me',
  runbook: null,
  cause: 'members',
  swallows: ['members-down', 'no-leader', 'proposals-failing', 'requests-failing', 'raft-lag'],
  every: 'sample',
  quietInMaintenance: false,
  needsSight: true,
  thresholds,
  forMs: (_severity, limits) => limits.for,
  judge,
});

function judge({ snapshot }: AlertView<typeof thresholds>): Reading {
  const { voters, majority, up, lost } = quorumOf(snapshot);
  const counts = `${String(up.length)} of ${String(voters)} voters`;
  if (voters === 0) return { state: 'unknown', reason: 'no voter is known' };
  if (lost) {
    const all = up.length === 0 ? '; either it is down, or the network between it and me' : '';
    return {
      state: 'firing',
      severity: 'critical',
      summary: `Quorum is lost: ${counts} can be reached, ${String(majority)} are needed${all}`,
      evidence: lines(membersOf(snapshot), (member) => {
        if (isDefragmenting(member)) return 'defragments';
        return member.status.known ? 'answers' : member.started ? member.status.reason : null;
      }),
    };
  }
  if (up.length < majority) return { state: 'unknown', reason: `only ${counts} could be read` };
  return { state: 'clear', because: `${counts} are up, ${String(majority)} are needed` };
}
