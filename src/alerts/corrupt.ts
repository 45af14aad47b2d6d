import { rule, type AlertView, type Reading } from '../domain/alerting/rule.js';
import { holdersOf, names } from '../domain/readings.js';

export default rule({
  title: 'CORRUPT alarm',
  means: 'Members hold different data: writes are refused, and reads may be wrong',
  advice:
    'Do not compact, defragment or disarm: find the wrong member, remove it, wipe its data and add it again',
  runbook: null,
  cause: 'corrupt',
  every: 'sample',
  quietInMaintenance: false,
  needsSight: false,
  thresholds: {},
  // Each write that goes through may spread the wrong copy.
  forMs: () => 0,
  judge,
});

function judge({ snapshot }: Pick<AlertView, 'snapshot'>): Reading {
  const { alarms } = snapshot.facts;
  if (!alarms?.known) return { state: 'unknown', reason: alarms?.reason ?? 'the alarms were not read' };
  const holders = holdersOf(snapshot, 'CORRUPT');
  if (holders.length === 0) return { state: 'clear', because: 'no CORRUPT alarm is raised' };
  return {
    state: 'firing',
    severity: 'critical',
    summary: `CORRUPT alarm on ${names(holders)}: writes are refused`,
    evidence: [
      'Plain reads are still served, and may be wrong',
      'The alarm can name the wrong member: compare hashes at one revision before you decide',
    ],
  };
}
