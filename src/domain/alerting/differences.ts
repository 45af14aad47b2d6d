import type { MemberCounters, MemberMetrics } from '../snapshot.js';
import type { Activity, Histogram } from './past.js';

/** Further apart than this, it can't be said when it happened. */
const MOST_APART_MS = 10 * 60_000;

export interface MetricsReading {
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly metrics: MemberMetrics;
}

/**
 * What one member did between two readings of its metrics. Null where that can't be said: another process, whose
 * counters began at zero; a counter that went down; a clock that went back; readings too far apart.
 */
export function activityBetween(before: MetricsReading, after: MetricsReading): Activity | null {
  const [was, is] = [before.metrics.counters, after.metrics.counters];
  const apart = after.at - before.at;
  if (!was || !is || apart <= 0 || apart > MOST_APART_MS) return null;
  if (before.metrics.processStartedAt !== after.metrics.processStartedAt) return null;
  const activity = { from: before.at, to: after.at, ...growthOf(was, is) };
  return wentDown(activity) ? null : activity;
}

type Growth = Omit<Activity, 'from' | 'to'>;

function growthOf(was: MemberCounters, is: MemberCounters): Growth {
  return {
    leaderChanges: less(was.leaderChanges, is.leaderChanges),
    proposalsFailed: less(was.proposalsFailed, is.proposalsFailed),
    slowApplies: less(was.slowApplies, is.slowApplies),
    peerSendFailures: less(was.peerSendFailures, is.peerSendFailures),
    requests:
      was.requests && is.requests
        ? {
            handled: is.requests.handled - was.requests.handled,
            failed: is.requests.failed - was.requests.failed,
          }
        : null,
    walFsync: grown(was.walFsync, is.walFsync),
    backendCommit: grown(was.backendCommit, is.backendCommit),
    peerRoundTrip: grown(was.peerRoundTrip, is.peerRoundTrip),
    unaryRequests: grown(was.unaryRequests, is.unaryRequests),
  };
}

function less(was: number | null, is: number | null): number | null {
  return was === null || is === null ? null : is - was;
}

/** Null as well where the buckets are others than before. A saved reading has null for Infinity: JSON knows none. */
function grown(was: Histogram | null, is: Histogram | null): Histogram | null {
  if (!was || !is || was.bounds.length !== is.bounds.length) return null;
  if (is.bounds.some((bound, index) => Number.isFinite(bound) && bound !== was.bounds[index])) return null;
  return { bounds: is.bounds, counts: is.counts.map((count, index) => count - (was.counts[index] ?? 0)) };
}

/** A peer that was removed takes its share along: the sum of the peers' histograms goes down without a restart. */
function wentDown(growth: Growth): boolean {
  const { leaderChanges, proposalsFailed, slowApplies, peerSendFailures, requests } = growth;
  const plain = [leaderChanges, proposalsFailed, slowApplies, peerSendFailures];
  const histograms = [growth.walFsync, growth.backendCommit, growth.peerRoundTrip, growth.unaryRequests];
  const all = [...plain, requests?.handled, requests?.failed, ...histograms.flatMap((one) => one?.counts)];
  return all.some((one) => typeof one === 'number' && one < 0);
}
