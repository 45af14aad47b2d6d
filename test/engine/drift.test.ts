import { describe, expect, it } from '@jest/globals';
import { unknown } from '../../src/domain/fact.js';
import { gaugeOf } from '../../src/domain/maintenance/gauge.js';
import type { Snapshot } from '../../src/domain/snapshot.js';
import { driftOf, stalled, type Drift } from '../../src/engine/drift.js';
import {
  full,
  GIB,
  healthy,
  IDS,
  MIB,
  NOW,
  withAlarms,
  withEveryStatus,
  withFact,
  withListed,
  withMembers,
  withMetrics,
  withStatus,
  withUnreachable,
} from '../facts.js';
import { pendingFix } from '../operations.js';
import { approvedNow, fixPlanned } from './world.js';

const incident = full(healthy());

/** What has become of a plan made of one snapshot when another is seen. */
function drift(now: Snapshot, then: Snapshot = incident): Drift {
  const plan = fixPlanned(then);
  return driftOf(approvedNow({ plan, before: gaugeOf(then) }), now);
}

const alarm = (member: number, kind: 'NOSPACE' | 'CORRUPT') => ({ memberId: IDS[member]!, kind });

describe('a plan no longer fits', () => {
  it.each<[string, Snapshot, RegExp]>([
    ['the name leads to another cluster', { ...incident, pinnedId: '5' }, /another etcd cluster/],
    ['nobody knows which cluster it is', { ...incident, pinnedId: null }, /another etcd cluster/],
    ['CORRUPT is armed', withAlarms(incident, [alarm(1, 'CORRUPT')]), /CORRUPT/],
    ['a member is down', withUnreachable(incident, 'm2'), /m2/],
    ['a voter came', withListed(incident, { name: 'm4' }), /m4/],
    ['a member left', full(withMembers(2)), /other members/],
    ['a member was replaced', replaced(), /other members/],
    ['the leader is lost', withEveryStatus(incident, { leaderId: '0' }), /no leader/],
    [
      'a member is behind the revision',
      withStatus(incident, 'm2', { revision: 4_812_989 }),
      /above the lowest/,
    ],
    ['somebody else defragments', withMetrics(incident, 'm3', { defragmenting: true }), /somebody else/],
    [
      'a member was moved to a version that is not defragmented',
      withStatus(incident, 'm3', { version: '3.5.4' }),
      /m3 runs etcd 3\.5\.4/,
    ],
    ['a member lags', withStatus(incident, 'm2', { appliedIndex: 0 }), /to apply/],
    ['alarms could not be read', withFact(incident, 'alarms', unknown('timeout', 'late')), /Alarms/],
    ['members could not be listed', withFact(incident, 'members', unknown('timeout', 'late')), /member/i],
  ])('because %s', (_cause, now, words) => {
    expect(drift(now).stale).toMatch(words);
  });

  /** m3 is gone, and another member answers in its place. */
  function replaced(): Snapshot {
    const text = JSON.stringify(incident).replaceAll(IDS[2]!, IDS[4]!);
    return JSON.parse(text) as Snapshot;
  }
});

describe('a plan still fits', () => {
  it('on the facts that it was made of', () => {
    expect(drift(incident)).toEqual({ stale: null, absorbed: [] });
  });

  it.each<[string, Snapshot, string]>([
    ['another member leads', withEveryStatus(incident, { leaderId: IDS[1]! }), 'm2 leads now, was m1'],
    [
      'more members raised NOSPACE',
      withAlarms(incident, [alarm(0, 'NOSPACE'), alarm(2, 'NOSPACE')]),
      'new since the plan: NOSPACE on m3',
    ],
    [
      'it grew',
      withStatus(incident, 'm2', { sizeBytes: 2 * GIB + 4096 + 5 * MIB }),
      'the members grew by 5 MiB',
    ],
    [
      'somebody made room',
      withStatus(incident, 'm2', { sizeBytes: 2 * GIB + 4096 - 5 * MIB }),
      'the members shrank by 5 MiB',
    ],
    [
      'clients wrote on',
      withEveryStatus(incident, { revision: 4_814_190 }),
      '1\u202f200 more revisions were written',
    ],
  ])('where %s, and the card says so', (_what, now, note) => {
    expect(drift(now)).toEqual({ stale: null, absorbed: [note] });
  });

  it('where an alarm went away by itself', () => {
    expect(drift(withAlarms(incident, []))).toEqual({ stale: null, absorbed: [] });
  });

  it('with a learner that no endpoint leads to, as when it was made', () => {
    const joined = withListed(incident, { name: 'm4', learner: true });
    expect(drift(joined, joined).stale).toBeNull();
  });

  it('with nothing to compare where no gauge was kept', () => {
    expect(driftOf(approvedNow(), incident)).toEqual({ stale: null, absorbed: [] });
  });
});

describe('an operation that no longer fits', () => {
  it('ends with the reason, the cluster untouched, and no token', () => {
    const ended = stalled(pendingFix({ token: 'one-use' }), 'm3 went down.', NOW);
    expect(ended).toMatchObject({ state: 'stale', token: undefined });
    expect(ended.conclusion).toEqual({
      at: NOW,
      summary: 'The plan no longer fits: m3 went down. Nothing was touched.',
      next: ['Propose it again: the new plan stands on the facts of now.'],
    });
  });
});
