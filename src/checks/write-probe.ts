import type { Check, Observation } from '../domain/finding.js';
import { unseen } from '../domain/readings.js';
import type { Snapshot } from '../domain/snapshot.js';
import { duration } from '../domain/units.js';

const check: Check = {
  title: 'Write probe',
  why: 'Member lists and reads look healthy while every write is refused: only a write tells',
  runbook: 'fix',
  needs: ['write-probe'],
  rank: 12,
  run,
};

/** etcd's words under NOSPACE. */
const FULL = 'database space exceeded';

function run(snapshot: Snapshot): readonly Observation[] {
  const probe = snapshot.facts['write-probe'];
  if (!probe?.known) return [unseen('the end of the test write', probe)];
  const { accepted, refusedWith, tookMs } = probe.value;
  if (accepted) return [{ severity: 'ok', summary: `A test write was accepted in ${duration(tookMs)}` }];
  const words = refusedWith ?? 'no reason given';
  return [
    {
      severity: 'critical',
      summary: `${snapshot.cluster} refuses writes: ${words}`,
      evidence: [`A test write was refused after ${duration(tookMs)}`],
      advice: words.includes(FULL)
        ? 'Approve the fix: compact, defragment each member, then disarm; `/etcd fix` proposes it'
        : 'Look at the leader and the alarms first: `/etcd diagnose`',
    },
  ];
}

export default check;
