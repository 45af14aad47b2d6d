import { rule, type AlertView, type Reading } from '../domain/alerting/rule.js';
import { membersOf } from '../domain/members.js';
import { holdersOf, lines, names } from '../domain/readings.js';
import { valueOf } from '../domain/fact.js';
import { bytes, percent } from '../domain/units.js';

export default rule({
  title: 'Out of space',
  means:
    'etcd has armed NOSPACE and refuses every write, in Kubernetes no pod starts and nothing can be changed',
  advice:
    'Propose the fix and have it approved: it compacts, defragments each member, disarms the alarm and tests a write',
  runbook: 'fix',
  cause: 'space',
  swallows: ['quota-low', 'quota-forecast', 'database-growth', 'proposals-failing', 'requests-failing'],
  every: 'sample',
  quietInMaintenance: false,
  needsSight: false,
  thresholds: {},
  forMs: () => 0,
  judge,
});

/** The alarm decides, not the size: a member below 3.4 can carry it under its quota. */
function judge({ snapshot }: AlertView): Reading {
  const fact = snapshot.facts.alarms;
  if (!fact?.known) return { state: 'unknown', reason: fact?.reason ?? 'the alarms were not read' };
  const holders = holdersOf(snapshot, 'NOSPACE');
  if (holders.length === 0) return { state: 'clear', because: 'no NOSPACE alarm is armed any more' };
  const views = membersOf(snapshot);
  return {
    state: 'firing',
    severity: 'critical',
    summary: `Every write is refused: NOSPACE on ${names(holders)}`,
    evidence: lines(views, ({ status, quota, share }) => {
      const size = valueOf(status)?.sizeBytes;
      if (size === undefined) return null;
      const of = Number.isFinite(quota.bytes)
        ? `${percent(share ?? 0)} of ${bytes(quota.bytes)}`
        : 'no quota';
      return `${bytes(size)}, ${of}`;
    }),
  };
}
