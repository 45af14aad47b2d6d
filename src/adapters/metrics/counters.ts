import type { Histogram } from '../../domain/alerting/past.js';
import type { MemberCounters } from '../../domain/snapshot.js';
import type { Plain } from './page.js';
import type { Tallies } from './labelled.js';

export function countersOf(get: Plain, tallies: Tallies): MemberCounters {
  const leader = get('hasLeader');
  const { handled, failed, peerSendFailures } = tallies;
  return {
    hasLeader: leader === null ? null : leader > 0,
    leaderChanges: get('leaderChanges'),
    proposalsFailed: get('proposalsFailed'),
    proposalsPending: get('proposalsPending'),
    slowApplies: get('slowApplies'),
    // Every version counts them, but has no line for a peer before its first failure.
    peerSendFailures: peerSendFailures ?? (leader === null ? null : 0),
    requests: handled === null ? null : { handled, failed },
    walFsync: histogramOf(tallies.walFsync),
    backendCommit: histogramOf(tallies.backendCommit),
    peerRoundTrip: histogramOf(tallies.peerRoundTrip),
    unaryRequests: histogramOf(tallies.unaryRequests),
    openFiles: get('filesUsed') ?? get('filesOpen'),
    mostOpenFiles: get('filesLimit') ?? get('filesMost'),
  };
}

function histogramOf(buckets: ReadonlyMap<number, number>): Histogram | null {
  if (buckets.size === 0) return null;
  const rows = [...buckets].sort(([one], [other]) => one - other);
  return { bounds: rows.map(([bound]) => bound), counts: rows.map(([, count]) => count) };
}
