import { valueOf } from '../domain/fact.js';
import type { Check, Observation } from '../domain/finding.js';
import { membersOf, type MemberView } from '../domain/members.js';
import { exceptFor, hasMetrics, historyOf, holdersOf, lines, metricsOf, unseen } from '../domain/readings.js';
import type { MemberMetrics, Snapshot } from '../domain/snapshot.js';
import { duration, grouped } from '../domain/units.js';
import { isBefore } from '../domain/version.js';

const check: Check = {
  title: 'Auto-compaction',
  why: 'When nothing compacts, each write makes the database larger until the quota stops all writes',
  runbook: null,
  needs: ['metrics'],
  uses: ['members', 'status', 'alarms'],
  rank: 35,
  run,
};

const HOUR = 3_600_000;
/** Kubernetes compacts every 5 minutes, Calico every 10, etcd by the hour as commonly set. */
const OVERDUE = 2 * HOUR;
/** An idle cluster has nothing to compact. */
const FEW = 1000;
const MANY = 10_000;
const FAR_BEHIND = 100_000;

/** What all members' metrics say together: a compaction goes through raft, so one member's word is enough. */
interface Signs {
  readonly history: number;
  readonly everCompacted: boolean;
  /** Milliseconds since the last compaction that was seen; null: none was. */
  readonly age: number | null;
  /** Milliseconds since the first process started; null: not told. */
  readonly uptime: number | null;
  /** etcd says the time of the last compaction from 3.5 on. */
  readonly tellsTime: boolean;
}

function run(snapshot: Snapshot): readonly Observation[] {
  const views = membersOf(snapshot);
  if (metricsOf(views).length === 0) return [unseen('the metrics of any member', snapshot.facts.metrics)];
  const evidence = lines(views, (member) => line(member, snapshot.at));
  const signs = signsOf(snapshot, views);
  if (!signs) {
    return [{ severity: 'unknown', summary: 'Not known: no member says how far it is compacted', evidence }];
  }
  return [
    { ...judge(signs, snapshot, exceptFor(views, hasMetrics)), evidence: [...evidence, ...notes(snapshot)] },
  ];
}

function signsOf(snapshot: Snapshot, views: readonly MemberView[]): Signs | null {
  const read = metricsOf(views);
  const histories = read.map(({ value }) => historyOf(value)).filter((count) => count !== null);
  if (histories.length === 0) return null;
  const last = read.map(({ value }) => value.lastCompactionAt).filter((at) => at !== null);
  const starts = read.map(({ value }) => value.processStartedAt).filter((at) => at !== null);
  return {
    history: Math.max(...histories),
    everCompacted: read.some(({ value }) => (value.compactRevision ?? 0) > 0),
    age: last.length === 0 ? null : Math.max(0, snapshot.at - Math.max(...last)),
    uptime: starts.length === 0 ? null : Math.max(0, snapshot.at - Math.min(...starts)),
    tellsTime: last.length > 0 || read.some(({ member }) => isRecent(member)),
  };
}

function isRecent(member: MemberView): boolean {
  const version = valueOf(member.status)?.version;
  return version !== undefined && !isBefore(version, '3.5.0');
}

function judge(signs: Signs, snapshot: Snapshot, blind: string): Observation {
  const { history, age, uptime } = signs;
  const waiting = `${grouped(history)} revisions`;
  if (age !== null && age <= OVERDUE) {
    return { severity: 'ok', summary: `Something compacts: last time ${duration(age)} ago${blind}` };
  }
  if (history < FEW) return { severity: 'ok', summary: `Little to compact yet: ${waiting}${blind}` };
  const reason = reasonAgainst(signs);
  if (reason === null) return { severity: 'ok', summary: `Something compacts: ${waiting} wait${blind}` };
  if (age === null && uptime !== null && uptime <= patience(signs)) {
    return {
      severity: 'info',
      summary: `Too early to tell: started ${duration(uptime)} ago, ${reason}${blind}`,
    };
  }
  return off(reason, history, snapshot);
}

/** Why we think that nothing compacts, once the last time is overdue or not known; null: no sign of it. */
function reasonAgainst({ history, everCompacted, age, tellsTime }: Signs): string | null {
  if (age !== null) return `the last compaction was ${duration(age)} ago`;
  if (!everCompacted) return 'nothing was ever compacted';
  if (tellsTime) return 'no compaction since the start';
  return history >= FAR_BEHIND ? 'it is far behind' : null;
}

/** A process that just started has not seen the last compaction, so its silence means something only later. */
function patience({ tellsTime, everCompacted }: Signs): number {
  return tellsTime && everCompacted ? OVERDUE : HOUR;
}

function off(reason: string, history: number, snapshot: Snapshot): Observation {
  const old = membersOf(snapshot).some((member) => isBefore(valueOf(member.status)?.version ?? '', '3.3.0'));
  const flags = old
    ? '`--auto-compaction-retention=1`'
    : '`--auto-compaction-mode=periodic --auto-compaction-retention=1h`';
  return {
    severity: history >= MANY ? 'warning' : 'info',
    summary: `Auto-compaction is apparently off: ${reason}, ${grouped(history)} revisions wait`,
    advice: `Start every member with ${flags}, or see why whoever compacts here has stopped`,
  };
}

function notes(snapshot: Snapshot): readonly string[] {
  const now = holdersOf(snapshot, 'NOSPACE').length > 0 ? ', as now' : '';
  return [
    'kube-apiserver compacts for Kubernetes, calico-kube-controllers for Calico',
    `Both put a key first, so they stop under NOSPACE${now}; etcd's own auto-compaction goes on`,
  ];
}

function line(member: MemberView, now: number): string | null {
  const metrics = valueOf(member.metrics);
  return metrics ? said(metrics, now) : null;
}

function said({ compactRevision, lastCompactionAt, processStartedAt }: MemberMetrics, now: number): string {
  const until =
    compactRevision === null
      ? 'a revision that is not told'
      : compactRevision > 0
        ? grouped(compactRevision)
        : 'nothing';
  const last = lastCompactionAt === null ? '' : `, last ${duration(Math.max(0, now - lastCompactionAt))} ago`;
  const up = processStartedAt === null ? '' : `, up ${duration(Math.max(0, now - processStartedAt))}`;
  return `compacted up to ${until}${last}${up}`;
}

export default check;
