import { count, rule, share } from '../domain/alerting/rule.js';

/** Judged over all clusters at once, by `blindness`; of one cluster it knows nothing. */
export default rule({
  title: 'Monitor blind',
  means: 'Many clusters became unreadable at once, so the trouble is most likely mine or my network',
  advice: 'Look at the network and DNS of the monitor, and watch etcd by other means until I see again',
  runbook: null,
  cause: 'monitor',
  every: 'sample',
  quietInMaintenance: false,
  needsSight: false,
  thresholds: {
    share: share(0.2, 'clusters of all that turn unreadable within one interval'),
    least: count(3, 'clusters that turn unreadable within one interval'),
  },
  forMs: () => 0,
  judge: () => ({ state: 'unknown', reason: 'judged over all clusters at once' }),
});
