import { rule, share, size, span, type AlertView, type Reading } from '../domain/alerting/rule.js';
import { silentVoters } from '../domain/alerting/silence.js';
import { inUseOf, sizeOf } from '../domain/alerting/usage.js';
import { membersOf } from '../domain/members.js';
import { namesAre } from '../domain/readings.js';
import { bytes, percent } from '../domain/units.js';

const thresholds = {
  inUse: share(0.5, 'size in use of the physical size, below which it is told'),
  least: size(100 * 1024 ** 2, 'size in use below which a defragmentation is not worth a word'),
  for: span(10 * 60_000, 'how long it is seen before it is told'),
};

type View = AlertView<typeof thresholds>;

/** What has begun ends when this much more of the file is in use. */
const EASE = 0.05;

export default rule({
  title: 'Fragmentation',
  means: 'Much of the database file is free pages, which etcd uses again but does not give back to the disk',
  advice: 'Propose a defragmentation in a quiet hour; it goes member by member',
  runbook: 'defrag',
  cause: 'fragmentation',
  every: 'sample',
  quietInMaintenance: true,
  needsSight: false,
  thresholds,
  forMs: (_severity, limits) => limits.for,
  judge,
});

const DAY_MS = 24 * 3_600_000;

/**
 * By the most that was in use within a day: what is free between two tops of a saw-tooth is filled again, and a
 * defragmentation would give nothing back for long. Never from a missing size: members that do not tell theirs are left out.
 */
function judge(view: View): Reading {
  const { snapshot, limits, firing, trend } = view;
  const read = membersOf(snapshot).flatMap((member) => {
    const [physical, now] = [sizeOf(member), inUseOf(member)];
    if (physical === null || now === null || physical === 0) return [];
    const inUse = Math.min(physical, Math.max(now, trend?.topInUseBytes?.[member.id ?? ''] ?? 0));
    return [{ label: member.label, physical, inUse, used: inUse / physical }];
  });
  if (read.length === 0) return { state: 'unknown', reason: 'no member told its size in use' };
  if (view.now - view.watchedSince < DAY_MS)
    return { state: 'unknown', reason: 'what is in use has not been watched for a day yet' };
  const limit = limits.inUse + (firing ? EASE : 0);
  const loose = read.filter(({ inUse, used }) => used < limit && inUse > limits.least);
  if (loose.length === 0) {
    const least = Math.min(...read.map(({ used }) => used));
    return (
      silentVoters(view) ?? { state: 'clear', because: `at least ${percent(least)} of every file are in use` }
    );
  }
  const free = loose.reduce((sum, { physical, inUse }) => sum + physical - inUse, 0);
  return {
    state: 'firing',
    severity: 'warning',
    summary: `${namesAre(loose.map(({ label }) => label))} fragmented: a defragmentation gives back about ${bytes(free)}`,
    evidence: read.map(
      ({ label, physical, inUse, used }) =>
        `${label}: at most ${bytes(inUse)} of ${bytes(physical)} in use within a day (${percent(used)})`,
    ),
  };
}
