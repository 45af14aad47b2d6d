import { count, rule, seconds, span } from '../domain/alerting/rule.js';
import { judgeSlowness } from '../domain/alerting/slow.js';

const thresholds = {
  warning: seconds(0.25, 'time that 99 of 100 backend commits stay under'),
  window: span(5 * 60_000, 'the window in which backend commits are measured'),
  least: count(10, 'backend commits within the window below which their times say nothing'),
  for: span(10 * 60_000, 'how long it is seen before it is told'),
};

export default rule({
  title: 'Slow backend commit',
  means: 'The disk takes long to store the database, and reads and writes wait for it',
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
      pick: (row) => row.backendCommit,
      what: ['backend commit', 'backend commits'],
      limits: { warning: view.limits.warning },
      windowMs: view.limits.window,
      least: view.limits.least,
      missing: 'no member tells of its backend commits',
    }),
});
