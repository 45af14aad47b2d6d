import { valueOf } from '../domain/fact.js';
import type { Check, Observation } from '../domain/finding.js';
import { membersOf, type MemberView } from '../domain/members.js';
import { exceptFor, historyOf, lines, metricsOf, unseen } from '../domain/readings.js';
import type { Snapshot } from '../domain/snapshot.js';
import { grouped, percent } from '../domain/units.js';

const check: Check = {
  title: 'Uncompacted history',
  why: 'Every revision since the last compaction keeps its place in the database, also those of deleted keys',
  runbook: 'fix',
  needs: ['metrics'],
  uses: ['members', 'status', 'live-keys'],
  rank: 25,
  run,
};

const NOTED = 10_000;
const MUCH = 100_000;
/** Fewer revisions than that are much too, where they outnumber the keys so far and the quota is nearly used. */
const PER_LIVE_KEY = 10;
const NEAR_QUOTA = 0.8;

function run(snapshot: Snapshot): readonly Observation[] {
  const views = membersOf(snapshot);
  const history = largest(views.map(revisionsOf));
  if (history === null) return [blind(snapshot, views)];
  const keys = largest([
    ...metricsOf(views).map(({ value }) => value.liveKeys),
    valueOf(snapshot.facts['live-keys']),
  ]);
  const share = largest(views.map((member) => member.share));
  const evidence = [...lines(views, line), `Live keys: ${keys === null ? 'not read' : grouped(keys)}`];
  const count = `${grouped(history)} revisions since the last compaction`;
  if (history >= MUCH) return [much(count, evidence)];
  if (keys !== null && share !== null && history > PER_LIVE_KEY * keys && share >= NEAR_QUOTA) {
    return [much(`${count} for ${grouped(keys)} live keys, at ${percent(share)} of the quota`, evidence)];
  }
  if (history >= NOTED) return [{ severity: 'info', summary: count, evidence }];
  return [{ severity: 'ok', summary: `${count}${exceptFor(views, isRead)}`, evidence }];
}

function much(summary: string, evidence: readonly string[]): Observation {
  const advice = 'Compact, then defragment each member: `/etcd fix` proposes it';
  return { severity: 'warning', summary, evidence, advice };
}

function blind(snapshot: Snapshot, views: readonly MemberView[]): Observation {
  if (metricsOf(views).length === 0) return unseen('the metrics of any member', snapshot.facts.metrics);
  return {
    severity: 'unknown',
    summary: 'Not known: the metrics of this version do not say how far it is compacted',
    evidence: lines(views, line),
    advice: 'Upgrade: etcd says it from 3.2.27, 3.3.16 and 3.4.1 on',
  };
}

function revisionsOf(member: MemberView): number | null {
  const metrics = valueOf(member.metrics);
  return metrics ? historyOf(metrics) : null;
}

function isRead(member: MemberView): boolean {
  return revisionsOf(member) !== null;
}

function line(member: MemberView): string | null {
  const metrics = valueOf(member.metrics);
  if (!metrics) return null;
  const { currentRevision, compactRevision } = metrics;
  if (currentRevision === null || compactRevision === null) return 'does not say how far it is compacted';
  const until = compactRevision > 0 ? `compacted up to ${grouped(compactRevision)}` : 'never compacted';
  return `revision ${grouped(currentRevision)}, ${until}`;
}

function largest(counts: readonly (number | null | undefined)[]): number | null {
  const known = counts.filter((count) => typeof count === 'number');
  return known.length === 0 ? null : Math.max(...known);
}

export default check;
