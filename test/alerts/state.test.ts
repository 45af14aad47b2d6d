import { describe, expect, it } from '@jest/globals';
import certificateExpiry from '../../src/alerts/certificate-expiry.js';
import corrupt from '../../src/alerts/corrupt.js';
import dangerousVersion from '../../src/alerts/dangerous-version.js';
import fileDescriptors from '../../src/alerts/file-descriptors.js';
import learnerStuck from '../../src/alerts/learner-stuck.js';
import raftLag from '../../src/alerts/raft-lag.js';
import versionSkew from '../../src/alerts/version-skew.js';
import dangerousVersionCheck from '../../src/checks/dangerous-version.js';
import type { AlertView } from '../../src/domain/alerting/rule.js';
import { unknown } from '../../src/domain/fact.js';
import type { Finding } from '../../src/domain/finding.js';
import type { Certificate, MemberCounters, Snapshot } from '../../src/domain/snapshot.js';
import {
  DAY,
  endpointOf,
  healthy,
  HOUR,
  NOW,
  onVersion,
  read,
  withAlarms,
  withEveryStatus,
  withFact,
  withListed,
  withMembers,
  withMetrics,
  withoutMetrics,
  withoutStatus,
  withStatus,
  withUnreachable,
} from '../facts.js';
import { judged, withCounters } from './look.js';
import { table } from './table.js';

const INDEX = 1_398_210;
const DARK = ['m1', 'm2', 'm3'].reduce((snapshot, member) => withUnreachable(snapshot, member), healthy());

function behind(entries: number, base = healthy()): Snapshot {
  return withStatus(base, 'm2', { appliedIndex: INDEX - entries });
}

describe('raft-lag', () => {
  table(raftLag, [
    ['nobody lags', {}, 'clear', 'no member is more than 0 raft entries behind'],
    ['as far as may be', { snapshot: behind(5000) }, 'clear'],
    [
      'further',
      { snapshot: behind(5001) },
      'warning',
      'm2 is up to 5\u202f001 raft entries behind; the limit is 5\u202f000',
    ],
    ['somewhat nearer while it fires', { snapshot: behind(4001), firing: 'warning' }, 'warning'],
    ['much nearer while it fires', { snapshot: behind(4000), firing: 'warning' }, 'clear'],
    ['another limit', { snapshot: behind(1500), limits: { entries: 1000 } }, 'warning'],
    [
      'received late',
      { snapshot: withStatus(onVersion(healthy(), '3.3.25'), 'm2', { raftIndex: INDEX - 5001 }) },
      'warning',
    ],
    ['a learner', { snapshot: withStatus(healthy(), 'm3', { learner: true, appliedIndex: 0 }) }, 'clear'],
    [
      'one that lagged is silent now',
      { snapshot: withUnreachable(healthy(), 'm2'), firing: 'warning' },
      'unknown',
    ],
    ['one refuses me', { snapshot: withUnreachable(healthy(), 'm2', 'denied') }, 'clear'],
    ['one alone that does not say', { snapshot: onVersion(withMembers(1), '3.3.25') }, 'unknown'],
    ['nobody answers', { snapshot: DARK }, 'unknown'],
  ]);
});

describe('learner-stuck', () => {
  const learner = (entries: number) =>
    withStatus(healthy(), 'm3', { learner: true, appliedIndex: INDEX - entries });

  table(learnerStuck, [
    ['no learner', {}, 'clear', 'no member is a learner'],
    [
      'up to date',
      { snapshot: learner(5000) },
      'info',
      'm3 is still a learner, and up to date: nobody has promoted it',
    ],
    [
      'far behind',
      { snapshot: learner(5001) },
      'warning',
      'm3 is still a learner, and 5\u202f001 raft entries behind',
    ],
    ['still far behind', { snapshot: learner(4500), firing: 'warning' }, 'warning'],
    ['nearly caught up', { snapshot: learner(4000), firing: 'warning' }, 'info'],
    ['not far, and known as such', { snapshot: learner(4500), firing: 'info' }, 'info'],
    ['another limit', { snapshot: learner(2000), limits: { entries: 1000 } }, 'warning'],
    [
      'silent',
      { snapshot: withListed(healthy(), { learner: true }) },
      'warning',
      'm4 is still a learner, and I cannot read it',
    ],
    [
      'no list, but all answer',
      { snapshot: withFact(healthy(), 'members', unknown('timeout', 'late')) },
      'clear',
    ],
    [
      'no list, and one is silent',
      { snapshot: withFact(withUnreachable(healthy(), 'm3'), 'members', unknown('timeout', 'late')) },
      'unknown',
    ],
    ['nothing known', { snapshot: { ...healthy(), endpoints: [], facts: {} } }, 'unknown'],
  ]);

  it('is told after half an hour', () => {
    expect(learnerStuck.forMs('info', { for: learnerStuck.thresholds['for']?.value ?? 0 })).toBe(HOUR / 2);
  });
});

describe('file-descriptors', () => {
  const open = (openFiles: number | null, mostOpenFiles: number | null = 1000): Snapshot => {
    const quiet = withCounters({});
    const metrics = quiet.facts.metrics?.known ? quiet.facts.metrics.value[1]?.fact : undefined;
    const counters = metrics?.known ? metrics.value.counters : undefined;
    return withMetrics(quiet, 'm2', {
      counters: { ...(counters as MemberCounters), openFiles, mostOpenFiles },
    });
  };

  table(fileDescriptors, [
    ['few', {}, 'clear', 'm1 uses 12 % of its file descriptors, the others less'],
    ['as many as may be', { snapshot: open(800) }, 'clear'],
    ['more', { snapshot: open(801) }, 'warning', 'm2 uses 80 % of its file descriptors: 801 of 1\u202f000'],
    ['nearly all', { snapshot: open(951) }, 'critical'],
    ['somewhat less while it fires', { snapshot: open(641), firing: 'warning' }, 'warning'],
    ['much less while it fires', { snapshot: open(640), firing: 'warning' }, 'clear'],
    ['another limit', { snapshot: open(300), limits: { warning: 0.2 } }, 'warning'],
    ['one does not say', { snapshot: open(null) }, 'clear'],
    ['one has no limit', { snapshot: open(900, 0) }, 'clear'],
    [
      'the one that had too many is silent now',
      { snapshot: withoutMetrics(open(900), 'm2'), firing: 'warning' },
      'unknown',
    ],
    ['one that was never read', { snapshot: withoutMetrics(open(900), 'm2'), activity: [] }, 'clear'],
    ['nobody says', { snapshot: healthy() }, 'unknown'],
    ['nobody answers', { snapshot: DARK }, 'unknown'],
  ]);
});

describe('version-skew', () => {
  table(versionSkew, [
    ['one version', {}, 'clear', 'all members run etcd 3.5'],
    ['another patch', { snapshot: withStatus(healthy(), 'm2', { version: '3.5.17' }) }, 'clear'],
    [
      'another minor',
      { snapshot: withStatus(healthy(), 'm2', { version: '3.6.1' }) },
      'warning',
      'The members run etcd 3.5.16 and 3.6.1',
    ],
    ['the odd one is silent', { snapshot: withoutStatus(healthy(), 'm2'), firing: 'warning' }, 'unknown'],
    ['nobody answers', { snapshot: DARK }, 'unknown'],
  ]);

  it('gives an upgrade a day', () => {
    expect(versionSkew.forMs('warning', { for: versionSkew.thresholds['for']?.value ?? 0 })).toBe(DAY);
  });
});

describe('dangerous-version', () => {
  const checked = (version: string): Partial<AlertView> => ({
    findings: dangerousVersionCheck
      .run(withEveryStatus(healthy(), { version }))
      .map((one): Finding => ({ ...one, check: 'dangerous-version', title: '', why: '', runbook: null })),
  });

  table(dangerousVersion, [
    [
      '3.5.3',
      checked('3.5.3'),
      'warning',
      'm1, m2 and m3 run 3.5.3: a crash during an online defragmentation can leave a member with other data than its peers (etcd#14733)',
    ],
    ['3.4.2', checked('3.4.2'), 'warning'],
    ['3.5.16, which has defects that can wait', checked('3.5.16'), 'clear'],
    ['3.6.8', checked('3.6.8'), 'clear', 'no member runs a dangerous version'],
    ['no version at all', checked('master'), 'unknown'],
    ['nothing was checked', {}, 'unknown'],
    [
      'another finding',
      { findings: checked('3.5.3').findings!.map((one) => ({ ...one, check: 'version-skew' })) },
      'unknown',
    ],
  ]);

  it('says what to do', () => {
    const reading = judged(dangerousVersion, checked('3.5.3'));
    expect(reading).toMatchObject({
      evidence: [expect.stringMatching(/^Do not defragment online: .*3\.5\.6\)$/)],
    });
  });
});

describe('corrupt', () => {
  table(corrupt, [
    ['no alarm', {}, 'clear', 'no CORRUPT alarm is raised'],
    [
      'an alarm',
      { snapshot: withAlarms(healthy(), [{ memberId: '0', kind: 'CORRUPT' }]) },
      'critical',
      'CORRUPT alarm on an unnamed member: writes are refused',
    ],
    ['another alarm', { snapshot: withAlarms(healthy(), [{ memberId: '0', kind: 'NOSPACE' }]) }, 'clear'],
    [
      'alarms that could not be read',
      { snapshot: withFact(healthy(), 'alarms', unknown('timeout', 'no answer')) },
      'unknown',
      'no answer',
    ],
    ['alarms that were not read', { snapshot: { ...healthy(), facts: {} } }, 'unknown'],
  ]);

  it('is told at once', () => {
    expect(corrupt.forMs('critical', {})).toBe(0);
  });
});

describe('certificate-expiry', () => {
  const of = (kind: Certificate['of'], leftMs: number): Certificate => ({
    of: kind,
    subject: 'CN=etcd',
    notAfter: NOW + leftMs,
  });
  const shown = (...perEndpoint: readonly (readonly Certificate[] | null)[]): Partial<AlertView> => ({
    snapshot: withFact(
      healthy(),
      'certificates',
      read(
        perEndpoint.map((value, index) => ({
          endpoint: endpointOf(index),
          fact: value === null ? unknown('tls', 'handshake failed') : read(value),
        })),
      ),
    ),
  });
  const good = [of('server', 90 * DAY)];

  table(certificateExpiry, [
    ['good for long', shown(good, good), 'clear', 'every certificate is good for at least 90 days'],
    ['good for two weeks', shown([of('server', 14 * DAY)]), 'clear'],
    ['less than two weeks', shown([of('server', 14 * DAY - 1)]), 'warning'],
    ['three days', shown([of('server', 3 * DAY)]), 'warning'],
    ['less than three days', shown([of('server', 3 * DAY - 1)]), 'critical'],
    [
      'one day on one endpoint',
      shown(good, [of('server', DAY)]),
      'critical',
      'The server certificate of https://10.0.0.2:2379 expires on 2026-03-11 03:00 UTC, in 24 h',
    ],
    [
      'expired',
      shown([of('server', -2 * HOUR)]),
      'critical',
      'The server certificate of https://10.0.0.1:2379 expired on 2026-03-10 01:00 UTC, 2 h ago',
    ],
    [
      'our own, at every endpoint',
      shown([of('client', 10 * DAY)], [of('client', 10 * DAY)]),
      'warning',
      'The client certificate that I show to https://10.0.0.1:2379 and https://10.0.0.2:2379 expires on 2026-03-20 03:00 UTC, in 10 days',
    ],
    ['the soonest of several', shown([of('server', 10 * DAY), of('client', DAY)]), 'critical'],
    ['other limits', { ...shown([of('server', 20 * DAY)]), limits: { warning: 30 * DAY } }, 'warning'],
    ['no TLS', shown([], []), 'clear', 'no certificate is in use'],
    ['one that fails the handshake', { ...shown(good, null), firing: 'critical' }, 'unknown'],
    ['one ends, another fails the handshake', shown([of('server', DAY)], null), 'critical'],
    ['no endpoint', shown(), 'unknown'],
    ['not read', {}, 'unknown', 'the certificates were not read'],
  ]);
});
