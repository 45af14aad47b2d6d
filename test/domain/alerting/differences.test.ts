import { describe, expect, it } from '@jest/globals';
import { activityBetween } from '../../../src/domain/alerting/differences.js';
import type { MemberCounters } from '../../../src/domain/snapshot.js';
import { healthyMetrics } from '../../facts.js';

const bounds = [0.001, 0.002, Infinity];

const zero: MemberCounters = {
  ...{ hasLeader: true, leaderChanges: 1, proposalsFailed: 2, proposalsPending: 0, slowApplies: 3 },
  ...{ peerSendFailures: 4, requests: { handled: 100, failed: 5 }, walFsync: { bounds, counts: [1, 2, 3] } },
  ...{ backendCommit: null, peerRoundTrip: null, unaryRequests: null, openFiles: 1, mostOpenFiles: 2 },
};

function reading(
  at: number,
  counters: Partial<MemberCounters> | undefined,
  processStartedAt: number | null = 7,
) {
  const all = counters ? { ...zero, ...counters } : undefined;
  return { at, metrics: { ...healthyMetrics(), processStartedAt, counters: all } };
}

const nothingHappened = {
  ...{ from: 1000, to: 61_000, leaderChanges: 0, proposalsFailed: 0, slowApplies: 0, peerSendFailures: 0 },
  ...{ requests: { handled: 0, failed: 0 }, walFsync: { bounds, counts: [0, 0, 0] } },
  ...{ backendCommit: null, peerRoundTrip: null, unaryRequests: null },
};

describe('what happened between two readings', () => {
  it.each([
    ['nothing', {}, {}],
    ['changes of leader', { leaderChanges: 4 }, { leaderChanges: 3 }],
    ['what the version does not say', { slowApplies: null }, { slowApplies: null }],
    ['requests', { requests: { handled: 110, failed: 6 } }, { requests: { handled: 10, failed: 1 } }],
    ['requests that are not told', { requests: null }, { requests: null }],
    ['syncs', { walFsync: { bounds, counts: [2, 4, 9] } }, { walFsync: { bounds, counts: [1, 2, 6] } }],
    ['other buckets', { walFsync: { bounds: [1, 2, Infinity], counts: [2, 4, 9] } }, { walFsync: null }],
    ['fewer buckets', { walFsync: { bounds: [0.001], counts: [2] } }, { walFsync: null }],
    ['a gauge that went down', { openFiles: 0 }, {}],
  ])('is %s', (_what, after, expected) => {
    const found = activityBetween(reading(1000, {}), reading(61_000, after));
    expect(found).toEqual({ ...nothingHappened, ...expected });
  });

  it('is the same where the reading before was saved as JSON', () => {
    const before = { at: 1000, metrics: JSON.parse(JSON.stringify(reading(1000, {}).metrics)) };
    expect(activityBetween(before, reading(61_000, {}))).toEqual(nothingHappened);
  });

  it.each([
    ['another process answers', reading(1000, {}, 6), reading(61_000, {})],
    ['a counter went down', reading(1000, {}), reading(61_000, { proposalsFailed: 1 })],
    ['requests went down', reading(1000, {}), reading(61_000, { requests: { handled: 99, failed: 5 } })],
    ['a bucket went down', reading(1000, {}), reading(61_000, { walFsync: { bounds, counts: [0, 2, 3] } })],
    ['the clock went back', reading(61_000, {}), reading(1000, {})],
    ['it is the same moment', reading(1000, {}), reading(1000, {})],
    ['they are more than ten minutes apart', reading(1000, {}), reading(601_001, {})],
    ['the older one has no counters', reading(1000, undefined), reading(61_000, {})],
  ])('is not known where %s', (_why, before, after) => {
    expect(activityBetween(before, after)).toBeNull();
  });
});
