import { calm, measure, measured, within } from '../domain/alerting/activity.js';
import { count, rule, span, type AlertView, type Reading } from '../domain/alerting/rule.js';
import { totalOf } from '../domain/alerting/windows.js';

const thresholds = {
  changes: count(4, 'changes of the leader within the window'),
  window: span(15 * 60_000, 'the window in which changes are counted'),
  for: span(5 * 60_000, 'how long it is seen before it is told'),
};

type View = AlertView<typeof thresholds>;

export default rule({
  title: 'Frequent leader changes',
  means:
    'Each election stops all writes for a moment, and many of them mean overloaded disks or a bad network',
  advice: 'Look at disk latency and network between the members, and at who restarts them',
  runbook: null,
  cause: 'leader',
  joins: ['members', 'disk'],
  every: 'metrics',
  quietInMaintenance: true,
  needsSight: false,
  thresholds,
  forMs: (_severity, limits) => limits.for,
  judge,
});

/** Every member counts the same elections, so the one that saw most of them counts. */
function judge(view: View): Reading {
  const { changes, window } = view.limits;
  const measures = measure(view, window, (rows, time) => totalOf(rows, time, (row) => row.leaderChanges));
  const read = measured(measures);
  const most = Math.max(0, ...read.map(({ value }) => value.sum));
  // It ends at half of where it began. Rows that count by a share give fractions.
  const limit = view.firing === null ? changes : changes / 2;
  if (most < limit)
    return calm(measures, `${times(most)} ${within(window)}`, 'no member tells of its leaders');
  return {
    state: 'firing',
    severity: 'warning',
    summary: `The leader changed ${timesOnly(most)} ${within(window)}`,
    evidence: read.map(({ label, value }) => `${label}: saw ${times(value.sum)} ${within(window)}`),
  };
}

function times(changes: number): string {
  const whole = Math.round(changes);
  if (whole === 0) return 'no change of the leader';
  return `${String(whole)} ${whole === 1 ? 'change' : 'changes'} of the leader`;
}

function timesOnly(changes: number): string {
  const whole = Math.round(changes);
  return whole === 1 ? 'once' : `${String(whole)} times`;
}
