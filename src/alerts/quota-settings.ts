import { rule, span, type AlertView, type Reading } from '../domain/alerting/rule.js';
import { membersOf, type MemberView } from '../domain/members.js';
import { names } from '../domain/readings.js';
import { bytes } from '../domain/units.js';

const thresholds = {
  for: span(10 * 60_000, 'how long it is seen before it is told'),
};

export default rule({
  title: 'Quota settings',
  means: 'The smallest quota stops all writes, and without one only the end of the disk does',
  advice: 'Start every member with the same `--quota-backend-bytes`, at most 8 GiB',
  runbook: null,
  cause: 'quota-settings',
  every: 'metrics',
  quietInMaintenance: true,
  needsSight: false,
  thresholds,
  forMs: (_severity, limits) => limits.for,
  judge,
});

/** A quota that no member told, guessed or configured, is not compared: it would make a difference where there is none. */
function judge({ snapshot }: AlertView<typeof thresholds>): Reading {
  const told = membersOf(snapshot).filter(
    ({ quota: { source } }) => source === 'status' || source === 'metrics',
  );
  if (told.length === 0) return { state: 'unknown', reason: 'no member told its quota' };
  const evidence = told.map((member) => `${member.label}: ${quotaText(member)}`);
  if (new Set(told.map(({ quota }) => quota.bytes)).size > 1)
    return {
      state: 'firing',
      severity: 'warning',
      summary: `The quotas differ: ${evidence.join(', ')}`,
      evidence,
    };
  const unlimited = told.filter(({ quota }) => !Number.isFinite(quota.bytes)).map(({ label }) => label);
  if (unlimited.length > 0) {
    const summary = `${names(unlimited)} ${unlimited.length === 1 ? 'has' : 'have'} no quota`;
    return { state: 'firing', severity: 'info', summary, evidence };
  }
  return {
    state: 'clear',
    because: `every member that tells it has a quota of ${told[0] ? quotaText(told[0]) : ''}`,
  };
}

function quotaText({ quota }: MemberView): string {
  return Number.isFinite(quota.bytes) ? bytes(quota.bytes) : 'no quota';
}
