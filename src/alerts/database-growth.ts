import { rule, share, span, type AlertView, type Reading } from '../domain/alerting/rule.js';
import { usageOf } from '../domain/alerting/usage.js';
import { bytes, percent } from '../domain/units.js';

const thresholds = {
  least: share(0.5, 'physical size of the quota below which growth is left to the forecast'),
  for: span(10 * 60_000, 'how long it is seen before it is told'),
};

type View = AlertView<typeof thresholds>;

/** What has begun ends when so much less would be grown. */
const EASE = 0.8;

export default rule({
  title: 'Excessive growth',
  means: 'The database grows so fast that four more hours like the last four fill the quota',
  advice: 'Find out what writes so much, and propose the fix',
  runbook: 'fix',
  cause: 'space',
  every: 'metrics',
  quietInMaintenance: false,
  needsSight: false,
  thresholds,
  forMs: (_severity, limits) => limits.for,
  judge,
});

/** The least share keeps the saw-tooth of compactions in a small database from looking like growth. */
function judge({ snapshot, trend, limits, firing }: View): Reading {
  const { usages } = usageOf(snapshot);
  const grown = trend?.grownIn4hBytes ?? null;
  if (usages.length === 0) return { state: 'unknown', reason: 'no member told its size and quota' };
  if (grown === null)
    return { state: 'unknown', reason: 'the sizes have not been watched for two hours yet' };
  const most = usages.toSorted((a, b) => b.share - a.share)[0];
  const expected = most ? most.sizeBytes + grown : 0;
  const full =
    most && most.share >= limits.least && expected >= most.quotaBytes * (firing ? EASE : 1) && grown > 0;
  if (!full)
    return { state: 'clear', because: `the database grew by ${bytes(Math.max(0, grown))} in four hours` };
  return {
    state: 'firing',
    severity: 'warning',
    summary: `It grew by ${bytes(grown)} in four hours, and ${bytes(most.quotaBytes - most.sizeBytes)} are left on ${most.label}`,
    evidence: usages.map(
      ({ label, sizeBytes, share: part }) => `${label}: ${bytes(sizeBytes)}, ${percent(part)} of the quota`,
    ),
  };
}
