/* What is looked for in a page of metrics, and where in it one is. */

/** The names that are read and have no labels. */
export const names = {
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
  hasLeader: 'etcd_server_has_leader',
  leaderChanges: 'etcd_server_leader_changes_seen_total',
  proposalsFailed: 'etcd_server_proposals_failed_total',
  proposalsPending: 'etcd_server_proposals_pending',
  slowApplies: 'etcd_server_slow_apply_total',
  // From 3.2.31, 3.3.24 and 3.4.11 on; the process's own figures are older, and missing off Linux.
  filesUsed: 'os_fd_used',
  filesLimit: 'os_fd_limit',
  filesOpen: 'process_open_fds',
  filesMost: 'process_max_fds',
} as const;

/** What a page says under names without labels; null: it does not have the name. */
export type Plain = (name: keyof typeof names) => number | null;

/** A line of the page, by its place in it: cutting out each would cost more than reading it. */
export interface Line {
  readonly text: string;
  readonly start: number;
  readonly end: number;
}
