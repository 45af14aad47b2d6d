import { count, rule, seconds, span } from '../domain/alerting/rule.js';
import { judgeSlowness } from '../domain/alerting/slow.js';

const thresholds = {
  warning: seconds(0.15, 'round trip that 99 of 100 messages between members stay under'),
  window: span(5 * 60_000, 'the window in which round trips to peers are measured'),
  least: count(10, 'round trips to peers within the window below which their times say nothing'),
  for: span(10 * 60_000, 'how long it is seen before it is told'),
};

export default rule({
  title: 'Slow peers',
  means: 'Members wait long for each other, so each write takes longer and elections come sooner',
  advice: 'Look at the network between the members, and at the load of the slow one',
  runbook: null,
  cause: 'peers',
  every: 'metrics',
  quietInMaintenance: true,
  needsSight: false,
  thresholds,
  forMs: (_severity, limits) => limits.for,
  judge: (view) =>
    judgeSlowness(view, {
      pick: (row) => row.peerRoundTrip,
      what: ['round trip to peers', 'round trips to peers'],
      limits: { warning: view.limits.warning },
      windowMs: view.limits.window,
      least: view.limits.least,
      missing: 'no member tells of its peers',
    }),
});
