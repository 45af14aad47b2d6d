import { count, rule, span, type AlertView, type Reading } from '../domain/alerting/rule.js';
import { compactionSigns } from '../domain/compaction.js';
import { membersOf } from '../domain/members.js';
import { duration, grouped } from '../domain/units.js';

const HOUR_MS = 3_600_000;

const thresholds = {
  after: span(3 * HOUR_MS, 'how long nothing was compacted'),
  revisions: count(10_000, 'revisions since the last compaction, below which nothing is said'),
};

type View = AlertView<typeof thresholds>;

export default rule({
  title: 'Compaction stopped',
  means: 'Nothing removes old revisions, so the database grows with every write until the quota is reached',
  advice:
    'See who should compact: the API server, Calico’s controllers, or etcd by `--auto-compaction-retention`',
  runbook: 'compact',
  cause: 'compaction',
  joins: ['space'],
  every: 'metrics',
  quietInMaintenance: false,
  needsSight: false,
  thresholds,
  forMs: () => 0,
  judge,
});

function judge({ snapshot, trend, limits, now, firing }: View): Reading {
  const signs = compactionSigns(snapshot, membersOf(snapshot));
  if (!signs) return { state: 'unknown', reason: 'no member tells how far it is compacted' };
  const since = standsSince(signs.age, trend?.notCompactedSince ?? null, now);
  if (since === null) return { state: 'unknown', reason: 'the compaction has not been watched yet' };
  const stoppedMs = now - since;
  const many = signs.history >= limits.revisions * (firing ? 0.5 : 1);
  if (stoppedMs < limits.after || !many) {
    const because =
      stoppedMs < limits.after
        ? 'compactions are seen again'
        : `only ${grouped(signs.history)} revisions are kept`;
    return { state: 'clear', because };
  }
  const history = `${grouped(signs.history)} revisions have gathered`;
  return {
    state: 'firing',
    severity: 'warning',
    summary: `Nothing was compacted for ${duration(stoppedMs)}: ${history}`,
    evidence: [
      signs.everCompacted
        ? `Last compaction: at least ${duration(stoppedMs)} ago`
        : 'Nothing was ever compacted',
      history,
    ],
  };
}

/** Etcd's own word (3.5 and newer) where it is later than what was watched: each alone may miss a compaction. */
function standsSince(ageMs: number | null, watched: number | null, now: number): number | null {
  const told = ageMs === null ? null : now - ageMs;
  if (told === null || watched === null) return told ?? watched;
  return Math.max(told, watched);
}
