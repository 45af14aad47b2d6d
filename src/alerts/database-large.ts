import { rule, size, span, type AlertView, type Reading } from '../domain/alerting/rule.js';
import { silentVoters } from '../domain/alerting/silence.js';
import { sizeOf } from '../domain/alerting/usage.js';
import { membersOf } from '../domain/members.js';
import { namesAre } from '../domain/readings.js';
import { bytes } from '../domain/units.js';

const thresholds = {
  size: size(8 * 1024 ** 3, 'physical size; etcd recommends no more than 8 GiB'),
  for: span(10 * 60_000, 'how long it is seen before it is told'),
};

type View = AlertView<typeof thresholds>;

/** What has begun ends this far below the limit. */
const EASE = 0.95;

export default rule({
  title: 'Database too large',
  means:
    'etcd recommends at most 8 GiB: above it restarts, backups and recoveries take long, and members fall behind',
  advice: 'Find out what fills it, move events or other large data to an etcd of their own',
  runbook: null,
  cause: 'size',
  every: 'sample',
  quietInMaintenance: false,
  needsSight: false,
  thresholds,
  forMs: (_severity, limits) => limits.for,
  judge,
});

function judge(view: View): Reading {
  const { snapshot, limits, firing } = view;
  const read = membersOf(snapshot).flatMap((member) => {
    const physical = sizeOf(member);
    return physical === null ? [] : [{ label: member.label, physical }];
  });
  if (read.length === 0) return { state: 'unknown', reason: 'no member told its size' };
  const most = Math.max(...read.map(({ physical }) => physical));
  const large = read.filter(({ physical }) => physical > limits.size * (firing ? EASE : 1));
  if (large.length === 0)
    return silentVoters(view) ?? { state: 'clear', because: `no member is larger than ${bytes(most)}` };
  return {
    state: 'firing',
    severity: 'warning',
    summary: `${namesAre(large.map(({ label }) => label))} up to ${bytes(most)} large; ${bytes(limits.size)} are recommended at most`,
    evidence: read.map(({ label, physical }) => `${label}: ${bytes(physical)}`),
  };
}
