import { rule, span, type AlertView, type Reading } from '../domain/alerting/rule.js';
import { silentVoters } from '../domain/alerting/silence.js';
import { membersOf } from '../domain/members.js';
import { lines, names, statusesOf } from '../domain/readings.js';
import { minorOf } from '../domain/version.js';

const thresholds = { for: span(24 * 3_600_000, 'how long an upgrade may take') };

export default rule({
  title: 'Version skew',
  means: 'Members of different minor versions are meant for the hours of an upgrade, not for longer',
  advice: 'Finish the upgrade, and start no maintenance meanwhile',
  runbook: null,
  cause: 'version',
  every: 'sample',
  quietInMaintenance: false,
  needsSight: false,
  thresholds,
  forMs: (_severity, limits) => limits.for,
  judge,
});

/** Different patches of one minor work together for good, so they are not told. */
function judge(view: AlertView<typeof thresholds>): Reading {
  const views = membersOf(view.snapshot);
  const versions = [...new Set(statusesOf(views).map(({ value }) => value.version))].sort();
  const minors = [...new Set(versions.map(minorOf))];
  if (minors.length === 0) return { state: 'unknown', reason: 'the version of no member could be read' };
  if (minors.length === 1) {
    return silentVoters(view) ?? { state: 'clear', because: `all members run etcd ${names(minors)}` };
  }
  return {
    state: 'firing',
    severity: 'warning',
    summary: `The members run etcd ${names(versions)}`,
    evidence: lines(views, ({ status }) => (status.known ? `etcd ${status.value.version}` : null)),
  };
}
