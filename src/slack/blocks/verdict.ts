import type { TargetErrorCode } from '../../domain/errors.js';
import { SEVERITIES, type Finding } from '../../domain/finding.js';
import { membersOf, type MemberView } from '../../domain/members.js';
import { isDefragmenting } from '../../domain/quorum.js';
import type { Snapshot } from '../../domain/snapshot.js';
import { valueOf } from '../../domain/fact.js';
import { SEVERITY_MARK } from './marks.js';

const MUTE: ReadonlySet<TargetErrorCode> = new Set(['unreachable', 'timeout', 'unavailable']);

/** Worst first; among equals in the order given, which is the catalogue's. */
export function findingsOrdered(findings: readonly Finding[]): readonly Finding[] {
  return findings.toSorted((a, b) => SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity));
}

/** One line, raw: mark, cluster, and the one thing to know. */
export function verdictOf(snapshot: Snapshot, findings: readonly Finding[]): string {
  const { cluster } = snapshot;
  const alarm = alarmVerdict(snapshot);
  if (alarm !== null) return alarm;
  const worst = findingsOrdered(findings)[0];
  if (worst?.severity === 'critical') return marked(cluster, worst);
  const silence = silenceVerdict(snapshot);
  if (silence !== null) return silence;
  if (worst === undefined) return `${SEVERITY_MARK.unknown} ${cluster}: nothing was checked`;
  if (worst.severity === 'unknown' || worst.severity === 'warning') return marked(cluster, worst);
  return `${SEVERITY_MARK.ok} ${cluster} is healthy`;
}

/** Whether the header says already what the finding says. */
export function repeats(verdict: string, { summary }: Finding): boolean {
  return verdict.endsWith(summary) || summary.startsWith(verdict.replace(/^\S+ /, ''));
}

/** Members joined with "and", as a sentence needs them. */
export function namesOf(labels: readonly string[]): string {
  const last = labels.at(-1) ?? 'nobody';
  return labels.length < 2 ? last : `${labels.slice(0, -1).join(', ')} and ${last}`;
}

/** An alarm says more than any finding: etcd itself has stopped taking writes. */
function alarmVerdict(snapshot: Snapshot): string | null {
  const alarms = valueOf(snapshot.facts.alarms)?.alarms ?? [];
  if (alarms.some((alarm) => alarm.kind === 'CORRUPT')) {
    return `${SEVERITY_MARK.critical} ${snapshot.cluster}: the data of a member is corrupt, writes are refused`;
  }
  if (alarms.some((alarm) => alarm.kind === 'NOSPACE')) {
    return `${SEVERITY_MARK.critical} ${snapshot.cluster} is full: every write is refused`;
  }
  return null;
}

function silenceVerdict(snapshot: Snapshot): string | null {
  const members = membersOf(snapshot).filter((member) => member.started && member.endpoint !== null);
  const silent = members.filter((member) => !member.status.known && !isDefragmenting(member));
  if (silent.length === 0) return null;
  const all = silent.length === members.length;
  const labels = silent.map((member) => member.label);
  const who = all ? snapshot.cluster : `${snapshot.cluster}: ${namesOf(labels)}`;
  return `${SEVERITY_MARK.unknown} ${who} ${silenceOf(silent, all || silent.length === 1)}`;
}

function silenceOf(silent: readonly MemberView[], singular: boolean): string {
  const mute = silent.every(({ status }) => !status.known && MUTE.has(status.code));
  if (!mute) return 'cannot be read';
  return singular ? 'does not answer' : 'do not answer';
}

function marked(cluster: string, { severity, summary }: Finding): string {
  const subject = summary.includes(cluster) ? '' : `${cluster}: `;
  return `${SEVERITY_MARK[severity]} ${subject}${summary}`;
}
