import {
  rule,
  share,
  span,
  type AlertSeverity,
  type AlertView,
  type Reading,
} from '../domain/alerting/rule.js';
import { silentVoters } from '../domain/alerting/silence.js';
import { usageOf, type Usage } from '../domain/alerting/usage.js';
import { names, namesAre } from '../domain/readings.js';
import { bytes, percent } from '../domain/units.js';

const thresholds = {
  warning: share(0.8, 'physical size of the quota'),
  critical: share(0.95, 'physical size of the quota'),
  inUse: share(0.8, 'size in use of the quota, below which a defragmentation helps and nobody is woken'),
  for: span(10 * 60_000, 'how long it is seen before it is told'),
};

type View = AlertView<typeof thresholds>;

/** What has begun ends this much below where it began. */
const EASE = 0.04;

export default rule({
  title: 'Quota nearly used',
  means: 'At 100 % of the quota etcd arms NOSPACE and refuses every write',
  advice: 'Propose the fix before that: compact, then defragment each member',
  runbook: 'fix',
  cause: 'space',
  swallows: ['database-growth'],
  every: 'sample',
  quietInMaintenance: false,
  needsSight: false,
  thresholds,
  forMs: (_severity, limits) => limits.for,
  judge,
});

function judge(view: View): Reading {
  const { usages, untold } = usageOf(view.snapshot);
  if (usages.length === 0) return { state: 'unknown', reason: 'no member told its size and quota' };
  const worst = usages.toSorted((a, b) => b.share - a.share)[0];
  const judged = usages.map((usage) => ({ usage, severity: severityOf(usage, view) }));
  const critical = judged.filter(({ severity }) => severity === 'critical');
  const over = critical.length > 0 ? critical : judged.filter(({ severity }) => severity !== null);
  const [first] = over;
  if (!first?.severity || !worst) {
    if (untold.length > 0)
      return { state: 'unknown', reason: `nothing that was read says the quota of ${names(untold)}` };
    const because = `no member is over ${percent(worst?.share ?? 0)} of its quota`;
    return silentVoters(view) ?? { state: 'clear', because };
  }
  return {
    state: 'firing',
    severity: first.severity,
    summary: summaryOf(
      over.map(({ usage }) => usage),
      view.limits,
    ),
    evidence: usages.map(line),
  };
}

/**
 * Where the size in use is not known, nobody can say that a defragmentation would do: the worse case is taken. Nobody is
 * woken by a quota that was guessed; NOSPACE itself would.
 */
function severityOf(usage: Usage, { limits, firing }: View): AlertSeverity | null {
  const above = (limit: number, severity: AlertSeverity): boolean =>
    usage.share >= limit - (firing === severity || firing === 'critical' ? EASE : 0);
  const used = limits.inUse - (firing === 'critical' ? EASE : 0);
  const filled = usage.inUseShare === null || usage.inUseShare >= used;
  if (above(limits.critical, 'critical') && filled && !usage.guessed) return 'critical';
  return above(limits.warning, 'warning') ? 'warning' : null;
}

function summaryOf(over: readonly Usage[], limits: View['limits']): string {
  const most = over.toSorted((a, b) => b.share - a.share)[0];
  const quota = most?.guessed === true ? 'etcd’s default quota, which is a guess' : 'the quota';
  const size = most
    ? `${percent(most.share)} of ${quota} (${bytes(most.sizeBytes)} of ${bytes(most.quotaBytes)})`
    : '';
  const who = `${namesAre(over.map(({ label }) => label))} at ${over.length > 1 ? 'up to ' : ''}${size}`;
  const loose = most?.inUseShare !== null && (most?.inUseShare ?? 1) < limits.inUse;
  return loose ? `${who}, but only ${percent(most?.inUseShare ?? 0)} in use: a defragmentation helps` : who;
}

function line({ label, share: part, inUseShare, sizeBytes, guessed }: Usage): string {
  const used = inUseShare === null ? 'size in use not known' : `${percent(inUseShare)} in use`;
  const guess = guessed ? ': nothing that was read says it; give it as `quota` in my configuration' : '';
  return `${label}: ${bytes(sizeBytes)}, ${percent(part)} of the quota, ${used}${guess}`;
}
