import { judgeRate } from '../domain/alerting/frequent.js';
import { perSecond, rule, span } from '../domain/alerting/rule.js';

const thresholds = {
  warning: perSecond(5, 'failed proposals on one member'),
  window: span(15 * 60_000, 'the window in which they are counted'),
  for: span(15 * 60_000, 'how long it is seen before it is told'),
};

export default rule({
  title: 'Failing proposals',
  means: 'Writes fail on their way through raft, most often for want of a leader or of a majority',
  advice: 'Diagnose the cluster, and look at leader elections and at the network between the members',
  runbook: null,
  cause: 'proposals',
  joins: ['space', 'members', 'leader'],
  lingers: true,
  every: 'metrics',
  quietInMaintenance: true,
  needsSight: false,
  thresholds,
  forMs: (_severity, limits) => limits.for,
  judge: (view) =>
    judgeRate(view, {
      pick: (row) => row.proposalsFailed,
      what: 'failed proposals',
      limits: { warning: view.limits.warning },
      windowMs: view.limits.window,
      missing: 'no member tells of its proposals',
    }),
});
