import type { Check, Observation } from '../domain/finding.js';
import { membersOf, type MemberView } from '../domain/members.js';
import { historyOf, holdersOf, lines, names, unseen } from '../domain/readings.js';
import type { Snapshot } from '../domain/snapshot.js';
import { bytes, grouped, percent } from '../domain/units.js';

const check: Check = {
  title: 'NOSPACE alarm',
  why: 'While one member carries it the whole cluster refuses every write, and it never clears by itself',
  runbook: 'fix',
  needs: ['alarms'],
  uses: ['members', 'status', 'metrics'],
  rank: 10,
  run,
};

function run(snapshot: Snapshot): readonly Observation[] {
  if (!snapshot.facts.alarms?.known) return [unseen('the alarms', snapshot.facts.alarms)];
  const holders = holdersOf(snapshot, 'NOSPACE');
  if (holders.length === 0) return [{ severity: 'ok', summary: 'No NOSPACE alarm' }];
  return [
    {
      severity: 'critical',
      summary: `${snapshot.cluster} is full: every write is refused (NOSPACE on ${names(holders)})${cause(snapshot)}`,
      evidence: [
        ...lines(membersOf(snapshot), size),
        'The alarm names members that refused a write, not every member that is full',
      ],
      advice: 'Approve the fix: compact, defragment each member, then disarm; `/etcd fix` proposes it',
    },
  ];
}

/** History that nothing compacted, where it outweighs what is alive: the commonest cause by far. */
const MOSTLY_HISTORY = 3;

function cause(snapshot: Snapshot): string {
  const read = membersOf(snapshot).flatMap((member) => (member.metrics.known ? [member.metrics.value] : []));
  const live = Math.max(0, ...read.map((metrics) => metrics.liveKeys ?? 0));
  const history = Math.max(0, ...read.map((metrics) => historyOf(metrics) ?? 0));
  if (live === 0 || history < MOSTLY_HISTORY * live) return '';
  return `; it filled with history that nothing compacted: ${grouped(history)} revisions for ${grouped(live)} live keys`;
}

function size(member: MemberView): string | null {
  if (!member.status.known || member.share === null) return null;
  const used = bytes(member.status.value.sizeBytes);
  return Number.isFinite(member.quota.bytes)
    ? `${used} of ${bytes(member.quota.bytes)} (${percent(member.share)})`
    : `${used}, no quota`;
}

export default check;
