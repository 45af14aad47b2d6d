import { valueOf, type Fact } from './fact.js';
import type { Observation } from './finding.js';
import { membersOf, type MemberView } from './members.js';
import type { Alarm, MemberMetrics, MemberStatus, Snapshot } from './snapshot.js';
import { hexId } from './units.js';

/** A member together with what was read from it. */
export interface Reading<T> {
  readonly member: MemberView;
  readonly value: T;
}

export function statusesOf(views: readonly MemberView[]): readonly Reading<MemberStatus>[] {
  return views.flatMap((member) => (member.status.known ? [{ member, value: member.status.value }] : []));
}

export function metricsOf(views: readonly MemberView[]): readonly Reading<MemberMetrics>[] {
  return views.flatMap((member) => (member.metrics.known ? [{ member, value: member.metrics.value }] : []));
}

/** `m1`, `m1 and m2`, `m1, m2 and m3`. */
export function names(labels: readonly string[]): string {
  if (labels.length < 2) return labels[0] ?? 'no member';
  return `${labels.slice(0, -1).join(', ')} and ${labels.at(-1) ?? ''}`;
}

/** `m1 is`, `m1 and m2 are`. */
export function namesAre(labels: readonly string[]): string {
  return `${names(labels)} ${labels.length === 1 ? 'is' : 'are'}`;
}

/** A line for each member. One that could not be read says so: left out, it would look like a good reading. */
export function lines(
  views: readonly MemberView[],
  say: (member: MemberView) => string | null | undefined,
): readonly string[] {
  return views.map(
    (member) => `${member.label}: ${say(member) ?? (member.started ? 'not read' : 'never started')}`,
  );
}

/** The end of a good summary: `; m3 not read`, or nothing. A member that never started has nothing to read. */
export function exceptFor(views: readonly MemberView[], seen: (member: MemberView) => boolean): string {
  const blind = views.filter((member) => member.started && !seen(member)).map((member) => member.label);
  return blind.length === 0 ? '' : `; ${names(blind)} not read`;
}

export function hasStatus(member: MemberView): boolean {
  return member.status.known;
}

export function hasMetrics(member: MemberView): boolean {
  return member.metrics.known;
}

/** What a check says that sees nothing at all. */
export function unseen(what: string, fact?: Fact<unknown>): Observation {
  const evidence = fact && !fact.known ? [fact.reason] : [];
  return { severity: 'unknown', summary: `Could not read ${what}`, evidence };
}

/** Names of the members that carry the alarm; an id that no member has is shown in hex. */
export function holdersOf(snapshot: Snapshot, kind: Alarm['kind']): readonly string[] {
  const views = membersOf(snapshot);
  const alarms = valueOf(snapshot.facts.alarms)?.alarms ?? [];
  return alarms.filter((alarm) => alarm.kind === kind).map((alarm) => nameOf(views, alarm.memberId));
}

/** A member's name by its id. '0' is what etcd says where it names nobody. */
export function nameOf(views: readonly MemberView[], id: string): string {
  if (id === '0') return 'an unnamed member';
  return views.find((member) => member.id === id)?.label ?? `${hexId(id)} (not in the member list)`;
}

/** Revisions since the last compaction; null: this member's metrics do not say. */
export function historyOf(metrics: MemberMetrics): number | null {
  const { currentRevision, compactRevision } = metrics;
  if (currentRevision === null || compactRevision === null) return null;
  // etcd says -1 where nothing was ever compacted.
  return Math.max(0, currentRevision - Math.max(0, compactRevision));
}
