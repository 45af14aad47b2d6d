import { describe, expect, it } from '@jest/globals';
import { parseMetrics } from '../../../src/adapters/metrics/exposition.js';

const nothing = {
  ...{ quotaBytes: null, sizeBytes: null, inUseBytes: null, currentRevision: null, compactRevision: null },
  ...{ compactions: null, compactedKeys: null, lastCompactionAt: null, liveKeys: null },
  ...{ defragmentations: null, defragmenting: null, processStartedAt: null },
  ...{ watchers: null, slowWatchers: null, leases: null },
};

const noCounters = {
  ...{ hasLeader: null, leaderChanges: null, proposalsFailed: null, proposalsPending: null },
  ...{ slowApplies: null, peerSendFailures: null, requests: null, walFsync: null, backendCommit: null },
  ...{ peerRoundTrip: null, unaryRequests: null, openFiles: null, mostOpenFiles: null },
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
    const { counters, ...rest } = parseMetrics(text);
    expect(rest).toEqual({ ...nothing, ...expected });
    if (!text.includes('has_leader')) expect(counters).toEqual(noCounters);
  });
});

const handled = (labels: string, value: number): string =>
  `grpc_server_handled_total{grpc_code=${labels}} ${String(value)}\n`;

/** One bucket, of the method and kind that are given. */
const handling = (method: string, kind: string, value: number): string =>
  `grpc_server_handling_seconds_bucket{grpc_method="${method}",grpc_service="s",grpc_type="${kind}",le="0.005"} ${String(value)}\n`;

describe('the counters of a member', () => {
  it.each([
    ['a leader', 'etcd_server_has_leader 1\n', { hasLeader: true, peerSendFailures: 0 }],
    ['no leader', 'etcd_server_has_leader 0\n', { hasLeader: false, peerSendFailures: 0 }],
    [
      'proposals and applies',
      `etcd_server_leader_changes_seen_total 3
etcd_server_proposals_failed_total 4
etcd_server_proposals_pending 5
etcd_server_slow_apply_total 1.5e+06
`,
      { leaderChanges: 3, proposalsFailed: 4, proposalsPending: 5, slowApplies: 1_500_000 },
    ],
    [
      'failures of all peers together',
      'etcd_network_peer_sent_failures_total{To="a"} 2\netcd_network_peer_sent_failures_total{To="b"} 5\n',
      { peerSendFailures: 7 },
    ],
    [
      'requests, without the streams that end with an error by nature',
      handled('"OK",grpc_method="Range",grpc_service="etcdserverpb.KV",grpc_type="unary"', 100) +
        handled('"Unavailable",grpc_method="Put",grpc_service="etcdserverpb.KV",grpc_type="unary"', 7) +
        handled('"NotFound",grpc_method="Put",grpc_service="etcdserverpb.KV",grpc_type="unary"', 3) +
        handled(
          '"Unavailable",grpc_method="Watch",grpc_service="etcdserverpb.Watch",grpc_type="bidi_stream"',
          50,
        ) +
        handled(
          '"OK",grpc_method="LeaseKeepAlive",grpc_service="etcdserverpb.Lease",grpc_type="bidi_stream"',
          9,
        ),
      { requests: { handled: 110, failed: 7 } },
    ],
    [
      'no request yet',
      handled('"OK",grpc_method="Range",grpc_service="etcdserverpb.KV",grpc_type="unary"', 0),
      { requests: { handled: 0, failed: 0 } },
    ],
    [
      'a histogram',
      `# HELP etcd_disk_wal_fsync_duration_seconds The latency distributions of fsync called by WAL.
# TYPE etcd_disk_wal_fsync_duration_seconds histogram
etcd_disk_wal_fsync_duration_seconds_bucket{le="0.001"} 1
etcd_disk_wal_fsync_duration_seconds_bucket{le="0.002"} 20
etcd_disk_wal_fsync_duration_seconds_bucket{le="+Inf"} 21
etcd_disk_wal_fsync_duration_seconds_sum 0.5
etcd_disk_wal_fsync_duration_seconds_count 21
`,
      { walFsync: { bounds: [0.001, 0.002, Infinity], counts: [1, 20, 21] } },
    ],
    [
      'the round trips to all peers together',
      ['a', 'b']
        .map((to) => `etcd_network_peer_round_trip_time_seconds_bucket{To="${to}",le="0.0001"} 4\n`)
        .join(''),
      { peerRoundTrip: { bounds: [0.0001], counts: [8] } },
    ],
    [
      'unary requests but Defragment',
      handling('Range', 'unary', 3) +
        handling('Put', 'unary', 4) +
        handling('Defragment', 'unary', 1) +
        handling('Watch', 'bidi_stream', 9),
      { unaryRequests: { bounds: [0.005], counts: [7] } },
    ],
    [
      'open files, by etcd rather than by Go',
      'process_open_fds 9\nprocess_max_fds 10\nos_fd_used 5\nos_fd_limit 6\n',
      { openFiles: 5, mostOpenFiles: 6 },
    ],
    ['open files by Go', 'process_open_fds 9\nprocess_max_fds 10\n', { openFiles: 9, mostOpenFiles: 10 }],
    [
      'what comes behind families that nobody wants',
      `# HELP go_goroutines x
# TYPE go_goroutines gauge
go_goroutines 80
etcd_server_proposals_failed_total 99
# HELP etcd_server_proposals_pending x
# TYPE etcd_server_proposals_pending gauge
etcd_server_proposals_pending 5`,
      { proposalsPending: 5 },
    ],
  ])('are %s', (_what, text, expected) => {
    expect(parseMetrics(text).counters).toEqual({ ...noCounters, ...expected });
  });
});
