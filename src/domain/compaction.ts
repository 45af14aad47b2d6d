import { valueOf } from './fact.js';
import { membersOf, type MemberView } from './members.js';
import { historyOf, metricsOf } from './readings.js';
import type { Snapshot } from './snapshot.js';
import { duration } from './units.js';
import { isBefore } from './version.js';

const HOUR = 3_600_000;
/** Kubernetes compacts every 5 minutes, Calico every 10, etcd by the hour as commonly set. */
export const OVERDUE_MS = 2 * HOUR;
const FAR_BEHIND = 100_000;

/** What all members' metrics say together: a compaction goes through raft, so one member's word is enough. */
export interface CompactionSigns {
  readonly history: number;
  readonly everCompacted: boolean;
  /** Milliseconds since the last compaction that was seen; null: none was. */
  readonly age: number | null;
  /** Milliseconds since the first process started; null: not told. */
  readonly uptime: number | null;
  /** etcd says the time of the last compaction from 3.5 on. */
  readonly tellsTime: boolean;
}

/** Null: no member says how far it is compacted. */
export function compactionSigns(snapshot: Snapshot, views: readonly MemberView[]): CompactionSigns | null {
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

/** Why we think that nothing compacts; null: no sign of it. */
export function whyUncompacted({ history, everCompacted, age, tellsTime }: CompactionSigns): string | null {
  if (age !== null) return age <= OVERDUE_MS ? null : `the last compaction was ${duration(age)} ago`;
  if (!everCompacted) return 'nothing was ever compacted';
  if (tellsTime) return 'no compaction since the start';
  return history >= FAR_BEHIND ? 'it is far behind' : null;
}

/** What to start every member with, so that etcd itself compacts; etcd 3.2 knows hours alone. */
export function autoCompactionFlags(snapshot: Snapshot): string {
  const old = membersOf(snapshot).some((member) => isBefore(valueOf(member.status)?.version ?? '', '3.3.0'));
  return old
    ? '`--auto-compaction-retention=1`'
    : '`--auto-compaction-mode=periodic --auto-compaction-retention=1h`';
}
