import { judgeRate } from '../domain/alerting/frequent.js';
import { perSecond, rule, span } from '../domain/alerting/rule.js';

const thresholds = {
  warning: perSecond(1, 'slow applies on one member'),
  window: span(5 * 60_000, 'the window in which they are counted'),
  for: span(10 * 60_000, 'how long it is seen before it is told'),
};

export default rule({
  title: 'Slow applies',
  means: 'A member takes long to carry out what is agreed, so it falls behind and serves late',
  advice: 'Look at disk and processor of the member, and for clients that read or write very much at once',
  runbook: null,
  cause: 'disk',
  every: 'metrics',
  quietInMaintenance: true,
  needsSight: false,
  thresholds,
  forMs: (_severity, limits) => limits.for,
  judge: (view) =>
    judgeRate(view, {
      pick: (row) => row.slowApplies,
      what: 'slow applies',
      limits: { warning: view.limits.warning },
      windowMs: view.limits.window,
      missing: 'no member tells of its slow applies',
    }),
});
