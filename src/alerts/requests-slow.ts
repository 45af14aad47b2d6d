import { count, rule, seconds, span } from '../domain/alerting/rule.js';
import { judgeSlowness } from '../domain/alerting/slow.js';

const thresholds = {
  warning: seconds(0.15, 'time that 99 of 100 unary requests stay under'),
  critical: seconds(1, 'time that 99 of 100 unary requests stay under'),
  window: span(5 * 60_000, 'the window in which requests are measured'),
  least: count(10, 'requests within the window below which their times say nothing'),
  for: span(10 * 60_000, 'how long it is seen before it is told'),
};

export default rule({
  title: 'Slow requests',
  means: 'Clients wait long for the answers of etcd',
  advice: 'Look at disk and processor of the member, and for clients that list too much at once',
  runbook: null,
  cause: 'requests',
  joins: ['space', 'members', 'disk'],
  every: 'metrics',
  quietInMaintenance: true,
  needsSight: false,
  thresholds,
  forMs: (_severity, limits) => limits.for,
  judge: (view) =>
    judgeSlowness(view, {
      pick: (row) => row.unaryRequests,
      what: ['request', 'requests'],
      limits: { warning: view.limits.warning, critical: view.limits.critical },
      windowMs: view.limits.window,
      least: view.limits.least,
      missing: 'no member measures its requests: that takes --metrics=extensive',
    }),
});
