import { describe, expect, it } from '@jest/globals';
import backendCommitSlow from '../../src/alerts/backend-commit-slow.js';
import leaderChanges from '../../src/alerts/leader-changes.js';
import peersSlow from '../../src/alerts/peers-slow.js';
import proposalsFailing from '../../src/alerts/proposals-failing.js';
import requestsFailing from '../../src/alerts/requests-failing.js';
import requestsSlow from '../../src/alerts/requests-slow.js';
import slowApplies from '../../src/alerts/slow-applies.js';
import walFsyncSlow from '../../src/alerts/wal-fsync-slow.js';
import type { Activity, Histogram } from '../../src/domain/alerting/past.js';
import type { AlertRule, AlertView } from '../../src/domain/alerting/rule.js';
import { healthy, MINUTE, NOW, withFact, withListed } from '../facts.js';
import { everyMember, joined, judged, minutes, onM2, took, verdict, words } from './look.js';
import { table } from './table.js';

/** One election in each of the last so many minutes. */
function elections(last: number): Partial<AlertView> {
  const seen = (member: number) => [
    minutes(member, {}, { to: last }),
    minutes(member, { leaderChanges: 1 }, { from: last }),
  ];
  return { activity: [0, 1, 2].map((member) => joined(...seen(member))) };
}

function failing(failed: number, handled = 1000): Partial<AlertView> {
  return { activity: everyMember({ requests: { handled, failed } }) };
}

describe('leader-changes', () => {
  table(leaderChanges, [
    ['none', {}, 'clear', 'no change of the leader within 15 min'],
    ['three', elections(3), 'clear', '3 changes of the leader within 15 min'],
    ['four, seen by every member', elections(4), 'warning', 'The leader changed 4 times within 15 min'],
    ['three while it fires', { ...elections(3), firing: 'warning' }, 'warning'],
    ['two while it fires', { ...elections(2), firing: 'warning' }, 'warning'],
    [
      'one while it fires',
      { ...elections(1), firing: 'warning' },
      'clear',
      '1 change of the leader within 15 min',
    ],
    ['four, long ago', { activity: everyMember({ leaderChanges: 1 }, { to: 15 }) }, 'unknown'],
    [
      'four within fewer minutes than half of the window',
      { activity: everyMember({ leaderChanges: 1 }, { from: 4 }) },
      'warning',
    ],
    [
      'none within fewer minutes than half of the window',
      { activity: everyMember({}, { from: 7 }) },
      'unknown',
    ],
    ['a lower limit', { ...elections(2), limits: { changes: 2 } }, 'warning'],
    ['a shorter window', { ...elections(4), limits: { window: 3 * MINUTE } }, 'clear'],
    ['a version that does not say', { activity: everyMember({ leaderChanges: null }) }, 'unknown'],
    [
      'no metrics',
      { activity: [] },
      'unknown',
      'the metrics of no member were read within the last half hour',
    ],
  ]);
});

describe('requests-failing', () => {
  table(requestsFailing, [
    ['none fails', {}, 'clear', '0 of 9\u202f000 requests failed within 5 min'],
    ['one in a hundred', failing(10), 'clear'],
    [
      'more than one in a hundred',
      failing(11),
      'warning',
      '1.1 % of requests fail: 165 of 15\u202f000 requests within 5 min',
    ],
    ['one in twenty', failing(50), 'warning'],
    ['more than one in twenty', failing(51), 'critical'],
    ['all of one member', { activity: onM2({ requests: { handled: 600, failed: 600 } }) }, 'critical'],
    ['nearly well while it fires', { ...failing(9), firing: 'warning' }, 'warning'],
    ['well while it fires', { ...failing(8), firing: 'warning' }, 'clear'],
    ['nearly a warning while it is critical', { ...failing(41), firing: 'critical' }, 'critical'],
    ['a warning after it was critical', { ...failing(40), firing: 'critical' }, 'warning'],
    ['all of a few', failing(3, 3), 'clear', '45 of 45 requests failed within 5 min, too few to judge'],
    ['as few as are enough', failing(7, 7), 'critical'],
    ['no request at all', failing(0, 0), 'clear'],
    ['another least number', { ...failing(3, 3), limits: { least: 45 } }, 'critical'],
    ['another limit', { ...failing(11), limits: { warning: 0.02 } }, 'clear'],
    ['another critical limit', { ...failing(11), limits: { critical: 0.01 } }, 'critical'],
    [
      'a restart of the member that failed',
      { activity: onM2({}, { from: 2 }), firing: 'warning' },
      'unknown',
    ],
    ['a version that does not say', { activity: everyMember({ requests: null }) }, 'unknown'],
    ['no metrics', { activity: [] }, 'unknown'],
  ]);

  it('tells the critical one sooner', () => {
    const limits = { for: 600_000, forCritical: 300_000 };
    expect(requestsFailing.forMs('warning', limits)).toBe(600_000);
    expect(requestsFailing.forMs('critical', limits)).toBe(300_000);
  });
});

describe.each<
  readonly [string, AlertRule, (count: number) => Partial<Activity>, perSecond: number, windowMinutes: number]
>([
  ['proposals-failing', proposalsFailing, (proposalsFailed) => ({ proposalsFailed }), 5, 15],
  ['slow-applies', slowApplies, (applies) => ({ slowApplies: applies }), 1, 5],
])('%s', (_, rule, row, limit, window) => {
  const each = (rate: number): Partial<AlertView> => ({ activity: onM2(row(rate * 60)) });

  table(rule, [
    ['none', {}, 'clear'],
    ['as many as may be', each(limit), 'clear'],
    ['more', each(limit * 1.1), 'warning'],
    ['somewhat less while it fires', { ...each(limit * 0.9), firing: 'warning' }, 'warning'],
    ['much less while it fires', { ...each(limit * 0.8), firing: 'warning' }, 'clear'],
    ['another limit', { ...each(limit * 1.1), limits: { warning: limit * 2 } }, 'clear'],
    [
      'a burst that is over',
      { activity: onM2(row(limit * 600), { to: window }), firing: 'warning' },
      'unknown',
    ],
    ['right after a restart, too many', { activity: onM2(row(limit * 120), { from: 1 }) }, 'warning'],
    ['right after a restart, none', { activity: onM2(row(0), { from: 1 }), firing: 'warning' }, 'unknown'],
    ['no metrics', { activity: [] }, 'unknown'],
  ]);

  it('says nothing where the version does not', () => {
    const none = Object.fromEntries(Object.keys(row(0)).map((key) => [key, null]));
    expect(verdict(judged(rule, { activity: everyMember(none) }))).toBe('unknown');
  });

  it('names the worst member', () => {
    const activity = [minutes(0), minutes(1, row(limit * 600)), minutes(2, row(limit * 1200))];
    expect(words(judged(rule, { activity }))).toMatch(new RegExp(`^m3 has ${String(limit * 20)} `));
  });
});

describe.each<
  readonly [string, AlertRule, keyof Activity, slow: number, well: number, critical: number | null]
>([
  ['wal-fsync-slow', walFsyncSlow, 'walFsync', 0.8, 0.4, 1.6],
  ['backend-commit-slow', backendCommitSlow, 'backendCommit', 0.4, 0.2, null],
  ['peers-slow', peersSlow, 'peerRoundTrip', 0.2, 0.1, null],
  ['requests-slow', requestsSlow, 'unaryRequests', 0.2, 0.1, 1.6],
])('%s', (_, rule, field, slow, well, critical) => {
  const each = (histogram: Histogram | null): Partial<AlertView> => ({
    activity: onM2({ [field]: histogram }),
  });
  const at = (bound: number): Histogram => took([100, bound]);

  table(rule, [
    ['all fast', {}, 'clear'],
    ['fast enough', each(at(well)), 'clear'],
    ['slow', each(at(slow)), 'warning'],
    ['one in a hundred is slow', each(took([99, 0.01], [1, slow])), 'clear'],
    ['two in a hundred are slow', each(took([98, 0.01], [2, slow])), 'warning'],
    ['very slow', each(at(1.6)), critical === null ? 'warning' : 'critical'],
    ['beyond all bounds', each(at(Infinity)), critical === null ? 'warning' : 'critical'],
    ['slow, a few times', each(took([1, slow])), 'clear'],
    ['slow, as many times as are enough', each(took([2, slow])), 'warning'],
    ['another least number', { ...each(took([1, slow])), limits: { least: 5 } }, 'warning'],
    ['another limit', { ...each(at(slow)), limits: { warning: 2 } }, 'clear'],
    ['idle', each(took()), 'clear'],
    ['slow before a gap', { activity: onM2({ [field]: at(slow) }, { to: 5 }), firing: 'warning' }, 'unknown'],
    ['fast since a restart', { activity: onM2({}, { from: 2 }), firing: 'warning' }, 'unknown'],
    ['slow since a restart', { activity: onM2({ [field]: at(slow) }, { from: 1 }) }, 'warning'],
    ['one version does not say', each(null), 'clear'],
    ['no version says', { activity: everyMember({ [field]: null }) }, 'unknown'],
    ['no metrics', { activity: [] }, 'unknown'],
  ]);

  it('ends well below the limit only', () => {
    const limit = rule.thresholds['warning']?.value ?? 0;
    const bounds = [limit * 0.7, limit * 0.9, Infinity];
    const fast = { bounds, counts: [1000, 1000, 1000] };
    const nearly = { bounds, counts: [0, 1000, 1000] };
    expect(verdict(judged(rule, each(nearly)))).toBe('clear');
    expect(verdict(judged(rule, { ...each(nearly), firing: 'warning' }))).toBe('warning');
    expect(verdict(judged(rule, { ...each(fast), firing: 'warning' }))).toBe('clear');
  });

  it('is told after ten minutes', () => {
    expect(rule.forMs('warning', { for: rule.thresholds['for']?.value ?? 0 })).toBe(10 * MINUTE);
  });
});

describe('what a slow disk is said to be', () => {
  it('says which member, how slow and what the others do', () => {
    const reading = judged(walFsyncSlow, { activity: onM2({ walFsync: took([100, 0.8]) }) });
    expect(reading).toEqual({
      state: 'firing',
      severity: 'warning',
      summary: '1 in 100 WAL fsyncs on m2 takes 796 ms or longer; the limit is 500 ms',
      evidence: [
        'm1: 99 in 100 of 500 WAL fsyncs within 5 min took at most 10 ms',
        'm2: 99 in 100 of 500 WAL fsyncs within 5 min took at most 796 ms',
        'm3: 99 in 100 of 500 WAL fsyncs within 5 min took at most 10 ms',
      ],
    });
  });

  it('forgets a member that has left the cluster, but not one that the list cannot deny', () => {
    const gone = { ...minutes(1, { walFsync: took([100, 0.8]) }), memberId: '77' };
    const activity = [minutes(0), gone];
    expect(verdict(judged(walFsyncSlow, { activity }))).toBe('clear');
    const unlisted = withFact(healthy(), 'members', {
      known: false,
      code: 'timeout',
      reason: 'no answer',
      at: NOW,
      tookMs: 9,
    });
    expect(words(judged(walFsyncSlow, { activity, snapshot: unlisted }))).toMatch(/on 4d .* takes 796 ms/);
    expect(verdict(judged(walFsyncSlow, { activity, snapshot: withListed(healthy(), { id: '77' }) }))).toBe(
      'warning',
    );
  });
});
