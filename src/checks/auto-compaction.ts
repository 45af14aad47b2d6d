import {
  autoCompactionFlags,
  compactionSigns,
  OVERDUE_MS,
  whyUncompacted,
  type CompactionSigns,
} from '../domain/compaction.js';
import { valueOf } from '../domain/fact.js';
import type { Check, Observation } from '../domain/finding.js';
import { membersOf, type MemberView } from '../domain/members.js';
import { exceptFor, hasMetrics, holdersOf, lines, metricsOf, unseen } from '../domain/readings.js';
import type { MemberMetrics, Snapshot } from '../domain/snapshot.js';
import { duration, grouped } from '../domain/units.js';

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
/** An idle cluster has nothing to compact. */
const FEW = 1000;
const MANY = 10_000;

function run(snapshot: Snapshot): readonly Observation[] {
  const views = membersOf(snapshot);
  if (metricsOf(views).length === 0) return [unseen('the metrics of any member', snapshot.facts.metrics)];
  const evidence = lines(views, (member) => line(member, snapshot.at));
  const signs = compactionSigns(snapshot, views);
  if (!signs) {
    return [{ severity: 'unknown', summary: 'Not known: no member says how far it is compacted', evidence }];
  }
  return [
    { ...judge(signs, snapshot, exceptFor(views, hasMetrics)), evidence: [...evidence, ...notes(snapshot)] },
  ];
}

function judge(signs: CompactionSigns, snapshot: Snapshot, blind: string): Observation {
  const { history, age, uptime } = signs;
  const waiting = `${grouped(history)} revisions`;
  if (age !== null && age <= OVERDUE_MS) {
    return { severity: 'ok', summary: `Something compacts: last time ${duration(age)} ago${blind}` };
  }
  if (history < FEW) return { severity: 'ok', summary: `Little to compact yet: ${waiting}${blind}` };
  const reason = whyUncompacted(signs);
  if (reason === null) return { severity: 'ok', summary: `Something compacts: ${waiting} wait${blind}` };
  if (age === null && uptime !== null && uptime <= patience(signs)) {
    return {
      severity: 'info',
      summary: `Too early to tell: started ${duration(uptime)} ago, ${reason}${blind}`,
    };
  }
  return off(reason, history, snapshot);
}

/** A process that just started has not seen the last compaction, so its silence means something only later. */
function patience({ tellsTime, everCompacted }: CompactionSigns): number {
  return tellsTime && everCompacted ? OVERDUE_MS : HOUR;
}

function off(reason: string, history: number, snapshot: Snapshot): Observation {
  return {
    severity: history >= MANY ? 'warning' : 'info',
    summary: `Auto-compaction is apparently off: ${reason}, ${grouped(history)} revisions wait`,
    advice: `Start every member with ${autoCompactionFlags(snapshot)}, or see why whoever compacts here has stopped`,
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
