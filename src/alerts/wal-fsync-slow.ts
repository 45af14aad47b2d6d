import { count, rule, seconds, span } from '../domain/alerting/rule.js';
import { judgeSlowness } from '../domain/alerting/slow.js';

const thresholds = {
  warning: seconds(0.5, 'time that 99 of 100 WAL fsyncs stay under'),
  critical: seconds(1, 'time that 99 of 100 WAL fsyncs stay under'),
  window: span(5 * 60_000, 'the window in which WAL fsyncs are measured'),
  least: count(10, 'WAL fsyncs within the window below which their times say nothing'),
  for: span(10 * 60_000, 'how long it is seen before it is told'),
};

export default rule({
  title: 'Slow WAL fsync',
  means: 'Every write waits for this disk, and a leader that waits too long loses its leadership',
  advice: 'Look at the disk of the member and at what else writes to it; give etcd a fast disk of its own',
  runbook: null,
  cause: 'disk',
  every: 'metrics',
  quietInMaintenance: true,
  needsSight: false,
  thresholds,
  forMs: (_severity, limits) => limits.for,
  judge: (view) =>
    judgeSlowness(view, {
      pick: (row) => row.walFsync,
      what: ['WAL fsync', 'WAL fsyncs'],
      limits: { warning: view.limits.warning, critical: view.limits.critical },
      windowMs: view.limits.window,
      least: view.limits.least,
      missing: 'no member tells of its WAL fsyncs',
    }),
});
