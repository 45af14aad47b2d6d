import { describe, expect, it } from '@jest/globals';
import { unknown } from '../../src/domain/fact.js';
import type { Snapshot } from '../../src/domain/snapshot.js';
import fix from '../../src/runbooks/fix.js';
import {
  full,
  healthy,
  IDS,
  onVersion,
  withAlarms,
  withEveryStatus,
  withFact,
  withListed,
  withMetrics,
  withoutStatus,
  withStatus,
  withUnreachable,
} from '../facts.js';
import { refused, SETTING } from './planning.js';

const incident = full(healthy());
const corrupt = { memberId: IDS[1]!, kind: 'CORRUPT' as const };
const nospace = { memberId: IDS[0]!, kind: 'NOSPACE' as const };

function refusal(snapshot: Snapshot): { reason: string; safe: string } {
  const { reason, instead } = refused(fix, snapshot);
  return { reason, safe: instead };
}

describe('the fix is refused, with the reason and what is still safe', () => {
  it.each<[string, Snapshot, RegExp, RegExp]>([
    ['nothing is wrong', healthy(), /Nothing to fix: .*34 %/, /diagnose/],
    ['CORRUPT is armed', withAlarms(incident, [corrupt]), /CORRUPT/, /snapshot save.* is safe/],
    ['CORRUPT is armed with NOSPACE', withAlarms(incident, [nospace, corrupt]), /CORRUPT/, /Never disarm/],
    [
      'an alarm of a kind that nobody knows is armed',
      withAlarms(incident, [{ memberId: IDS[0]!, kind: 'UNKNOWN' }]),
      /alarm/,
      /./,
    ],
    [
      'a member is down',
      withUnreachable(incident, 'm3'),
      /m3 \(connect ECONNREFUSED\)/,
      /Bring it back first/,
    ],
    [
      'the quorum is lost',
      withUnreachable(withUnreachable(incident, 'm3'), 'm2'),
      /Not every member answers: m2 .*m3/,
      /snapshot save/,
    ],
    [
      'nobody answers',
      withUnreachable(withUnreachable(withUnreachable(incident, 'm3'), 'm2'), 'm1'),
      /answers/,
      /Bring it back/,
    ],
    ['a member never started', withListed(incident, { name: '' }), /never started|answers/, /./],
    ['there is no leader', withEveryStatus(incident, { leaderId: '0' }), /no leader/, /network/],
    ['members disagree', withStatus(incident, 'm3', { leaderId: IDS[1]! }), /different leaders/, /election/],
    [
      'somebody else defragments',
      withMetrics(incident, 'm2', { defragmenting: true }),
      /m2 is being defragmented by somebody else/,
      /Wait until it is done/,
    ],
    [
      'somebody else defragments a member, whose Status hangs meanwhile',
      withMetrics(withoutStatus(incident, 'm2'), 'm2', { defragmenting: true }),
      /m2 is being defragmented by somebody else/,
      /Wait until it is done/,
    ],
    [
      'a member has more than 5000 entries to apply',
      withStatus(incident, 'm3', { appliedIndex: 1_398_210 - 5001 }),
      /m3 has 5\u202f001 entries/,
      /caught up/,
    ],
    [
      'alarms could not be read',
      withFact(incident, 'alarms', unknown('timeout', 'no answer within 1.5 s')),
      /could not be read \(no answer within 1.5 s\)/,
      /diagnose/,
    ],
  ])('because %s', (_cause, snapshot, reason, safe) => {
    const told = refusal(snapshot);
    expect(told.reason).toMatch(reason);
    expect(told.safe).toMatch(safe);
  });

  it.each(['3.5.0', '3.5.3', '3.5.5'])('because etcd %s can lose data in a defragmentation', (version) => {
    const told = refusal(onVersion(incident, version));
    expect(told.reason).toContain(`m1 runs etcd ${version}`);
    expect(told.safe).toContain('Upgrade');
  });

  it('because one single member runs a version that forbids it', () => {
    expect(refusal(withStatus(incident, 'm3', { version: '3.5.4' })).reason).toContain('m3 runs etcd 3.5.4');
  });

  it('because nobody knows what a version is that can’t be read', () => {
    expect(refusal(withStatus(incident, 'm2', { version: 'custom' })).reason).toContain('m2');
  });

  it.each([
    ['etcd 3.5.6', onVersion(incident, '3.5.6')],
    ['etcd 3.4.27', onVersion(incident, '3.4.27')],
    ['5000 entries to apply', withStatus(incident, 'm3', { appliedIndex: 1_398_210 - 5000 })],
    ['NOSPACE on a member that is gone', withAlarms(incident, [{ memberId: IDS[4]!, kind: 'NOSPACE' }])],
  ])('but not for %s', (_case, snapshot) => {
    expect(fix.plan(snapshot, SETTING).ok).toBe(true);
  });
});
