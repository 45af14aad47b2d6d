import type { Activity, Histogram, MemberActivity } from '../../src/domain/alerting/past.js';
import type { AlertRule, AlertSeverity, AlertView, Reading } from '../../src/domain/alerting/rule.js';
import type { MemberCounters } from '../../src/domain/snapshot.js';
import { clusterOf } from '../engine/world.js';
import { DAY, healthy, IDS, MINUTE, NOW, withEveryMetrics } from '../facts.js';
import { pendingFix } from '../operations.js';

/** Bounds of a histogram in these tests, seconds. */
const BOUNDS: readonly number[] = [0.01, 0.1, 0.2, 0.4, 0.8, 1.6, 3.2, Infinity];

const COUNTERS: MemberCounters = {
  hasLeader: true,
  leaderChanges: 1,
  proposalsFailed: 0,
  proposalsPending: 0,
  slowApplies: 0,
  peerSendFailures: 0,
  requests: { handled: 6_000_000, failed: 12 },
  walFsync: null,
  backendCommit: null,
  peerRoundTrip: null,
  unaryRequests: null,
  openFiles: 120,
  mostOpenFiles: 1000,
};

/** What happened on one member in one quiet minute. */
const QUIET: Omit<Activity, 'from' | 'to'> = {
  leaderChanges: 0,
  proposalsFailed: 0,
  slowApplies: 0,
  peerSendFailures: 0,
  requests: { handled: 600, failed: 0 },
  walFsync: took([100, 0.01]),
  backendCommit: took([100, 0.01]),
  peerRoundTrip: took([100, 0.01]),
  unaryRequests: took([100, 0.01]),
};

/** Buckets of so many observations in the bucket that ends at that bound. */
export function took(...entries: readonly (readonly [observations: number, bound: number])[]): Histogram {
  const counts = BOUNDS.map((bound) =>
    entries.reduce((sum, [observations, at]) => sum + (at <= bound ? observations : 0), 0),
  );
  return { bounds: BOUNDS, counts };
}

/** Where a member's rows lie: minutes ago, the older one first; the last half hour where nothing is said. */
export interface Stretch {
  readonly from?: number;
  readonly to?: number;
}

/** A row for each minute of one member, m1 being 0. */
export function minutes(
  member: number,
  patch: Partial<Activity> = {},
  stretch: Stretch = {},
): MemberActivity {
  const { from = 30, to = 0 } = stretch;
  const activity = Array.from({ length: from - to }, (_, index) => ({
    from: NOW - (from - index) * MINUTE,
    to: NOW - (from - index - 1) * MINUTE,
    ...QUIET,
    ...patch,
  }));
  return { memberId: IDS[member] ?? '', activity };
}

/** Rows of several stretches of one member, one behind the other. */
export function joined(...parts: readonly MemberActivity[]): MemberActivity {
  return { memberId: parts[0]?.memberId ?? '', activity: parts.flatMap((part) => part.activity) };
}

/** Three members, of which m2 does this. */
export function onM2(patch: Partial<Activity>, stretch?: Stretch): readonly MemberActivity[] {
  return [minutes(0), minutes(1, patch, stretch), minutes(2)];
}

export function everyMember(patch: Partial<Activity>, stretch?: Stretch): readonly MemberActivity[] {
  return [0, 1, 2].map((member) => minutes(member, patch, stretch));
}

export function withCounters(patch: Partial<MemberCounters>): AlertView['snapshot'] {
  return withEveryMetrics(healthy(), { counters: { ...COUNTERS, ...patch } });
}

/** A healthy cluster in all that a rule may look at. */
export function look(patch: Partial<AlertView> = {}): AlertView {
  return {
    cluster: { ...clusterOf(pendingFix()), name: 'calico-prod' },
    now: NOW,
    snapshot: withCounters({}),
    findings: [],
    activity: everyMember({}),
    trend: null,
    lastBackupAt: null,
    watchedSince: NOW - 40 * DAY,
    limits: {},
    firing: null,
    ...patch,
  };
}

/** Judges with the rule's own limits, but for those that are given. */
export function judged(rule: AlertRule, patch: Partial<AlertView> = {}): Reading {
  const own = Object.entries(rule.thresholds).map(([name, { value }]) => [name, value] as const);
  return rule.judge(look({ ...patch, limits: { ...Object.fromEntries(own), ...patch.limits } }));
}

/** The state, or the severity where it fires. */
export function verdict(reading: Reading): 'clear' | 'unknown' | AlertSeverity {
  return reading.state === 'firing' ? reading.severity : reading.state;
}

/** What a person reads of it. */
export function words(reading: Reading): string {
  if (reading.state === 'firing') return reading.summary;
  return reading.state === 'clear' ? reading.because : reading.reason;
}
