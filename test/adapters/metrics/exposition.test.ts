import { describe, expect, it } from '@jest/globals';
import { parseMetrics } from '../../../src/adapters/metrics/exposition.js';

const nothing = {
  ...{ quotaBytes: null, sizeBytes: null, inUseBytes: null, currentRevision: null, compactRevision: null },
  ...{ compactions: null, compactedKeys: null, lastCompactionAt: null, liveKeys: null },
  ...{ defragmentations: null, defragmenting: null, processStartedAt: null },
  ...{ watchers: null, slowWatchers: null, leases: null },
};

/** From etcd 3.5.16: two of the leases have been given back or have run out. */
const CLIENTS = `# HELP etcd_debugging_lease_granted_total The total number of granted leases.
# TYPE etcd_debugging_lease_granted_total counter
etcd_debugging_lease_granted_total 414
# HELP etcd_debugging_lease_renewed_total The number of renewed leases seen by the leader.
# TYPE etcd_debugging_lease_renewed_total counter
etcd_debugging_lease_renewed_total 90211
# HELP etcd_debugging_lease_revoked_total The total number of revoked leases.
# TYPE etcd_debugging_lease_revoked_total counter
etcd_debugging_lease_revoked_total 2
# HELP etcd_debugging_mvcc_slow_watcher_total Total number of unsynced slow watchers.
# TYPE etcd_debugging_mvcc_slow_watcher_total gauge
etcd_debugging_mvcc_slow_watcher_total 3
# HELP etcd_debugging_mvcc_watch_stream_total Total number of watch streams.
# TYPE etcd_debugging_mvcc_watch_stream_total gauge
etcd_debugging_mvcc_watch_stream_total 7
# HELP etcd_debugging_mvcc_watcher_total Total number of watchers.
# TYPE etcd_debugging_mvcc_watcher_total gauge
etcd_debugging_mvcc_watcher_total 120
# HELP etcd_debugging_server_lease_expired_total The total number of expired leases.
# TYPE etcd_debugging_server_lease_expired_total counter
etcd_debugging_server_lease_expired_total 1
`;

describe("a member's metrics", () => {
  it.each([
    ['nothing', '', {}],
    ['comments', '# HELP etcd_server_quota_backend_bytes 1\n# TYPE x gauge\n', {}],
    ['other metrics', 'go_goroutines 80\netcd_server_has_leader 1', {}],
    ['exponents', 'etcd_server_quota_backend_bytes 2.147483648e+09\n', { quotaBytes: 2 ** 31 }],
    ['a quota that is off', 'etcd_server_quota_backend_bytes -1', { quotaBytes: -1 }],
    ['the size under its old name', 'etcd_debugging_mvcc_db_total_size_in_bytes 5\n', { sizeBytes: 5 }],
    [
      'the size under both names',
      'etcd_debugging_mvcc_db_total_size_in_bytes 5\netcd_mvcc_db_total_size_in_bytes 6\n',
      { sizeBytes: 6 },
    ],
    ['no compaction yet', 'etcd_debugging_mvcc_db_compaction_last 0\n', { lastCompactionAt: null }],
    [
      'a compaction',
      'etcd_debugging_mvcc_db_compaction_last 1.7954524e+09\n',
      { lastCompactionAt: 1_795_452_400_000 },
    ],
    ['a defragmentation under way', 'etcd_disk_defrag_inflight 1\n', { defragmenting: true }],
    ['none under way', 'etcd_disk_defrag_inflight 0\n', { defragmenting: false }],
    ['its clients', CLIENTS, { watchers: 120, slowWatchers: 3, leases: 412 }],
    [
      'no leases before etcd 3.4',
      CLIENTS.replaceAll(/^.*etcd_debugging_lease.*\n/gm, ''),
      { watchers: 120, slowWatchers: 3 },
    ],
    [
      'more leases that ended than began since its start',
      'etcd_debugging_lease_granted_total 5\netcd_debugging_lease_revoked_total 6\n',
      { leases: null },
    ],
    [
      'as many leases that ended as began',
      'etcd_debugging_lease_granted_total 5\netcd_debugging_lease_revoked_total 5\n',
      { leases: 0 },
    ],
    ['its start', 'process_start_time_seconds 1.79545226729e+09\n', { processStartedAt: 1_795_452_267_290 }],
    ['a name with labels, which is another series', 'etcd_disk_defrag_inflight{a="b"} 1\n', {}],
  ])('may hold %s', (_what, text, expected) => {
    expect(parseMetrics(text)).toEqual({ ...nothing, ...expected });
  });
});
