import type { MemberMetrics } from '../../domain/snapshot.js';

/** The names that are read; none of them has labels. */
const names = {
  quota: 'etcd_server_quota_backend_bytes',
  size: 'etcd_mvcc_db_total_size_in_bytes',
  // Before 3.2.24 and 3.3.9 only under this name.
  sizeOld: 'etcd_debugging_mvcc_db_total_size_in_bytes',
  inUse: 'etcd_mvcc_db_total_size_in_use_in_bytes',
  currentRevision: 'etcd_debugging_mvcc_current_revision',
  compactRevision: 'etcd_debugging_mvcc_compact_revision',
  compactions: 'etcd_debugging_mvcc_db_compaction_total_duration_milliseconds_count',
  compactedKeys: 'etcd_debugging_mvcc_db_compaction_keys_total',
  lastCompaction: 'etcd_debugging_mvcc_db_compaction_last',
  liveKeys: 'etcd_debugging_mvcc_keys_total',
  defragmentations: 'etcd_disk_backend_defrag_duration_seconds_count',
  defragmenting: 'etcd_disk_defrag_inflight',
  watchers: 'etcd_debugging_mvcc_watcher_total',
  slowWatchers: 'etcd_debugging_mvcc_slow_watcher_total',
  // From 3.4 on; an expired lease is counted as revoked, too.
  leasesGranted: 'etcd_debugging_lease_granted_total',
  leasesRevoked: 'etcd_debugging_lease_revoked_total',
  processStart: 'process_start_time_seconds',
} as const;

const wanted: ReadonlySet<string> = new Set(Object.values(names));

/**
 * A member's /metrics, of which only a dozen of two thousand lines matter. Relied on, alike on 3.3.25, 3.4.23, 3.5.16:
 * - compactRevision moves on every member as soon as a compaction is begun. Its end on this member adds one to
 *   compactions, also when there was nothing to remove; compactedKeys counts removed revisions, and then stays.
 *   A refused compaction ("has been compacted") moves nothing.
 * - the end of a defragmentation adds one to defragmentations, on that member alone. Until then Status hangs, while
 *   this page answers and shows defragmenting, where the version has it.
 * - counters begin at zero with the process, compactRevision is kept. A compaction that a crash cut short is finished
 *   at the next start and counted then, so after a restart zero means: finished before, or still at it.
 * - every member counts every lease, also those that it gave out before its start only when they end.
 */
export function parseMetrics(text: string): MemberMetrics {
  const values = pick(text);
  const get = (name: string) => values.get(name) ?? null;
  const lastCompaction = get(names.lastCompaction);
  const started = get(names.processStart);
  const inflight = get(names.defragmenting);
  return {
    quotaBytes: get(names.quota),
    sizeBytes: get(names.size) ?? get(names.sizeOld),
    inUseBytes: get(names.inUse),
    currentRevision: get(names.currentRevision),
    compactRevision: get(names.compactRevision),
    compactions: get(names.compactions),
    compactedKeys: get(names.compactedKeys),
    // Seconds; 0: none since the start.
    lastCompactionAt: lastCompaction ? lastCompaction * 1000 : null,
    liveKeys: get(names.liveKeys),
    defragmentations: get(names.defragmentations),
    defragmenting: inflight === null ? null : inflight > 0,
    watchers: get(names.watchers),
    slowWatchers: get(names.slowWatchers),
    leases: leasesOf(get(names.leasesGranted), get(names.leasesRevoked)),
    processStartedAt: started === null ? null : Math.round(started * 1000),
  };
}

/** More ended than began: leases from before the start are among them, so the rest says nothing. */
function leasesOf(granted: number | null, revoked: number | null): number | null {
  if (granted === null || revoked === null || revoked > granted) return null;
  return granted - revoked;
}

function pick(text: string): ReadonlyMap<string, number> {
  const values = new Map<string, number>();
  for (let start = 0; start < text.length;) {
    const newline = text.indexOf('\n', start);
    const end = newline < 0 ? text.length : newline;
    const space = text.indexOf(' ', start);
    if (space > start && space < end) {
      const name = text.slice(start, space);
      if (wanted.has(name)) values.set(name, Number.parseFloat(text.slice(space + 1, end)));
    }
    start = end + 1;
  }
  return values;
}
