import { rule, span, type AlertView, type Reading } from '../domain/alerting/rule.js';

const thresholds = { for: span(10 * 60_000, 'how long it is seen before it is told') };

/** The check that knows the defects. */
const CHECK = 'dangerous-version';

export default rule({
  title: 'Dangerous version',
  means: 'This version of etcd has a defect that hurts when the database is full or defragmented',
  advice: 'Upgrade when the cluster is calm, and defragment nothing online before',
  runbook: null,
  cause: 'version',
  every: 'sample',
  quietInMaintenance: false,
  needsSight: false,
  thresholds,
  forMs: (_severity, limits) => limits.for,
  judge,
});

/** What is merely good to know stays in the diagnosis: nearly every version has something, and nobody acts on it. */
function judge({ findings }: AlertView<typeof thresholds>): Reading {
  const found = findings.filter((finding) => finding.check === CHECK);
  const loud = found.filter(({ severity }) => severity === 'warning' || severity === 'critical');
  const [first] = loud;
  if (first) {
    return {
      state: 'firing',
      severity: 'warning',
      summary: first.summary,
      evidence: loud.flatMap(({ summary, evidence, advice }) => [
        ...(summary === first.summary ? [] : [summary]),
        ...(evidence ?? []),
        ...(advice === undefined ? [] : [advice]),
      ]),
    };
  }
  const dim = found.find(({ severity }) => severity === 'unknown');
  if (dim) return { state: 'unknown', reason: dim.summary };
  if (found.length === 0) return { state: 'unknown', reason: 'the versions were not checked' };
  return { state: 'clear', because: 'no member runs a dangerous version' };
}
