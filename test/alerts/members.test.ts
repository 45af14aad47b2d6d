import { describe, expect, it } from '@jest/globals';
import clusterUnreadable from '../../src/alerts/cluster-unreadable.js';
import insufficientMembers from '../../src/alerts/insufficient-members.js';
import membersDown from '../../src/alerts/members-down.js';
import noLeader from '../../src/alerts/no-leader.js';
import type { AlertRule, AlertSeverity, AlertView } from '../../src/domain/alerting/rule.js';
import type { TargetErrorCode } from '../../src/domain/errors.js';
import { known, unknown } from '../../src/domain/fact.js';
import type { Snapshot } from '../../src/domain/snapshot.js';
import {
  healthy,
  MINUTE,
  NOW,
  withEveryMetrics,
  withEveryStatus,
  withFact,
  withListed,
  withMembers,
  withMetrics,
  withoutFact,
  withoutMetrics,
  withoutStatus,
  withStatus,
  withUnreachable,
} from '../facts.js';
import { everyMember, judged, minutes, onM2, verdict, withCounters } from './look.js';
import { table } from './table.js';

const ALL = ['m1', 'm2', 'm3'];

function without(members: readonly string[], code?: TargetErrorCode): Snapshot {
  return members.reduce((snapshot, member) => withUnreachable(snapshot, member, code), withCounters({}));
}

const NOT_READ = withFact(healthy(), 'status', unknown('not-read', 'not read', NOW));
const CUT: Partial<AlertView> = { activity: onM2({ peerSendFailures: 7 }) };

function defragmenting(members: readonly string[]): Snapshot {
  return members.reduce(
    (snapshot, member) => withoutStatus(withMetrics(snapshot, member, { defragmenting: true }), member),
    healthy(),
  );
}

/** What metrics alone say of the leader. */
function byMetrics(hasLeader: boolean, ageMs = 0): Snapshot {
  const told = ALL.reduce((one, member) => withoutStatus(one, member, 'denied'), withCounters({ hasLeader }));
  if (!told.facts.metrics?.known) return told;
  const entries = told.facts.metrics.value.map(({ endpoint, fact }) => ({
    endpoint,
    fact: { ...fact, at: NOW - ageMs },
  }));
  return withFact(told, 'metrics', known(entries, NOW - ageMs));
}

describe('members-down', () => {
  table(membersDown, [
    ['all answer', {}, 'clear', '3 of 3 voters are up, none is down'],
    [
      'one is silent',
      { snapshot: without(['m3']) },
      'warning',
      'm3 is down: 2 of 3 voters are up, 2 are needed',
    ],
    [
      'two are silent',
      { snapshot: without(['m2', 'm3'], 'timeout') },
      'warning',
      'm2 and m3 are down: 1 of 3 voters are up, 2 are needed',
    ],
    ['one that was added never started', { snapshot: withListed(healthy(), { name: '' }) }, 'warning'],
    ['one defragments', { snapshot: defragmenting(['m3']) }, 'clear'],
    ['all defragment', { snapshot: defragmenting(ALL) }, 'clear'],
    ['one answers and refuses me', { snapshot: without(['m3'], 'tls') }, 'clear'],
    ['one was not read', { snapshot: without(['m3'], 'not-read') }, 'unknown', 'm3 not read'],
    ['nothing was read', { snapshot: NOT_READ }, 'unknown'],
    ['nothing was asked', { snapshot: withoutFact(healthy(), 'status') }, 'unknown'],
    ['no endpoint leads to one', { snapshot: withListed(healthy(), {}) }, 'clear'],
    [
      'one cannot reach its peers',
      CUT,
      'warning',
      'm2 cannot reach another member, though all that I read answer me',
    ],
    ['few sends to peers fail', { activity: onM2({ peerSendFailures: 6 }) }, 'clear'],
    [
      'peers were out of reach two minutes ago',
      { activity: onM2({ peerSendFailures: 600 }, { to: 2 }) },
      'clear',
    ],
    [
      'peers were out of reach, and are not any more',
      {
        activity: [...everyMember({ peerSendFailures: 600 }, { to: 1 }).slice(0, 2), minutes(2)].map(
          quietNow,
        ),
      },
      'clear',
    ],
    ['peers may fail that often', { ...CUT, limits: { peerFailures: 0.2 } }, 'clear'],
  ]);

  it('shows the state of each member', () => {
    expect(judged(membersDown, { snapshot: withUnreachable(defragmenting(['m2']), 'm3') })).toMatchObject({
      evidence: ['m1: answers', 'm2: defragments', 'm3: connect ECONNREFUSED'],
    });
  });

  it('is told after three minutes, or as configured', () => {
    expect(membersDown.forMs('warning', { for: 180_000 })).toBe(180_000);
    expect(membersDown.thresholds['for']?.value).toBe(180_000);
  });
});

function quietNow(member: ReturnType<typeof minutes>): ReturnType<typeof minutes> {
  const last = minutes(0, {}, { from: 1 }).activity;
  return { ...member, activity: [...member.activity.filter((row) => row.to < NOW), ...last] };
}

describe('insufficient-members', () => {
  table(insufficientMembers, [
    ['all answer', {}, 'clear', '3 of 3 voters are up, 2 are needed'],
    ['one is silent', { snapshot: without(['m3']) }, 'clear', '2 of 3 voters are up, 2 are needed'],
    [
      'two are silent',
      { snapshot: without(['m2', 'm3']) },
      'critical',
      'Quorum is lost: 1 of 3 voters can be reached, 2 are needed',
    ],
    [
      'all are silent',
      { snapshot: without(ALL) },
      'critical',
      'Quorum is lost: 0 of 3 voters can be reached, 2 are needed; either it is down, or the network between it and me',
    ],
    ['the only member is silent', { snapshot: withUnreachable(withMembers(1), 'm1') }, 'critical'],
    [
      'two of five are silent',
      { snapshot: withUnreachable(withUnreachable(withMembers(5), 'm4'), 'm5') },
      'clear',
    ],
    ['all refuse me', { snapshot: without(ALL, 'auth') }, 'unknown'],
    ['two refuse me', { snapshot: without(['m1', 'm2'], 'denied') }, 'unknown'],
    ['two defragment', { snapshot: defragmenting(['m1', 'm2']) }, 'clear'],
    ['nothing was read', { snapshot: NOT_READ }, 'unknown'],
    ['no member is known', { snapshot: { ...healthy(), endpoints: [], facts: {} } }, 'unknown'],
  ]);
});

describe('no-leader', () => {
  const leaderless = withEveryStatus(healthy(), { leaderId: '0' });
  const one = withStatus(healthy(), 'm3', { leaderId: '0' });

  table(noLeader, [
    ['all know one', {}, 'clear', 'm1, m2 and m3 know a leader'],
    [
      'nobody knows one',
      { snapshot: leaderless },
      'critical',
      'No leader: no write is accepted (m1, m2 and m3 asked)',
    ],
    ['one knows none', { snapshot: one }, 'critical', 'm3 knows no leader while others do'],
    [
      'the one that answers knows none',
      { snapshot: withUnreachable(withUnreachable(leaderless, 'm2'), 'm3') },
      'critical',
      'No leader: no write is accepted (m1 asked)',
    ],
    ['two of three know one', { snapshot: without(['m3']) }, 'clear', 'm1 and m2 know a leader'],
    ['one of three knows one, the others are silent', { snapshot: without(['m2', 'm3']) }, 'unknown'],
    ['one of three knows one, the others refuse me', { snapshot: without(['m2', 'm3'], 'denied') }, 'clear'],
    ['only metrics tell: none', { snapshot: byMetrics(false) }, 'critical'],
    ['only metrics tell: one', { snapshot: byMetrics(true) }, 'clear'],
    ['only metrics of a minute ago tell', { snapshot: byMetrics(false, MINUTE) }, 'unknown'],
    ['nobody answers', { snapshot: without(ALL), firing: 'critical' }, 'unknown'],
    ['nothing was read', { snapshot: withEveryMetrics(NOT_READ, {}) }, 'unknown'],
  ]);
});

describe('cluster-unreadable', () => {
  const both = withUnreachable(without(['m1', 'm2'], 'auth'), 'm3', 'tls');

  table(clusterUnreadable, [
    ['all can be read', {}, 'clear', 'm1, m2 and m3 can be read'],
    ['one can be read', { snapshot: without(['m1', 'm2'], 'auth') }, 'clear', 'm3 can be read'],
    [
      'all refuse me',
      { snapshot: without(ALL, 'auth') },
      'warning',
      'No member can be read though something answers: my user or password is refused',
    ],
    [
      'for two reasons',
      { snapshot: both },
      'warning',
      'No member can be read though something answers: my user or password is refused and the TLS handshake fails',
    ],
    ['another cluster answers', { snapshot: without(ALL, 'wrong-cluster') }, 'warning'],
    [
      'one refuses, the others are silent',
      { snapshot: withUnreachable(without(['m1', 'm2']), 'm3', 'denied') },
      'warning',
    ],
    ['all are silent', { snapshot: without(ALL) }, 'unknown'],
    ['nothing was read', { snapshot: NOT_READ }, 'unknown'],
  ]);
});

describe('how long it has to be seen', () => {
  it.each<readonly [string, AlertRule, AlertSeverity, number]>([
    ['members-down', membersDown, 'warning', 3],
    ['insufficient-members', insufficientMembers, 'critical', 1],
    ['no-leader', noLeader, 'critical', 1],
    ['cluster-unreadable', clusterUnreadable, 'warning', 2],
  ])('%s', (_, rule, severity, expected) => {
    expect(rule.forMs(severity, { for: rule.thresholds['for']?.value ?? 0 })).toBe(expected * MINUTE);
    expect(rule.forMs(severity, { for: 7 })).toBe(7);
  });

  it('ignores metrics where Status answers', () => {
    expect(
      verdict(judged(noLeader, { snapshot: withoutMetrics(withCounters({ hasLeader: false }), 'm1') })),
    ).toBe('clear');
  });
});
