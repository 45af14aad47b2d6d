import { describe, expect, it } from '@jest/globals';
import { unknown } from '../../../src/domain/fact.js';
import type { Snapshot } from '../../../src/domain/snapshot.js';
import { APPLY_GAP_LIMIT, unsafe } from '../../../src/domain/maintenance/safety.js';
import {
  full,
  healthy,
  IDS,
  onVersion,
  withAlarms,
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
} from '../../facts.js';

const corrupt = { memberId: IDS[0]!, kind: 'CORRUPT' as const };

describe('maintenance is safe', () => {
  it.each([
    ['on a healthy cluster', healthy()],
    ['under NOSPACE alone', full(healthy())],
    ['with one member', withMembers(1)],
    ['on etcd 3.2, which does not say what it has applied', onVersion(healthy(), '3.2.18')],
    ['without metrics', withoutMetrics(healthy(), 'm2')],
    ['with a learner that nobody reaches', withListed(healthy(), { name: 'm4', learner: true })],
    ['with just as many entries to apply as etcd itself allows', lagging(APPLY_GAP_LIMIT)],
  ])('%s', (_case, snapshot) => {
    expect(unsafe(snapshot)).toBeNull();
  });
});

/** As a wrong CA, a wrong password or another cluster's endpoints show: nobody answers, so nothing else is known. */
function refusedBy(code: 'tls' | 'auth' | 'wrong-cluster', words: string): Snapshot {
  const none = ['m1', 'm2', 'm3'].reduce(
    (snapshot, name) => withUnreachable(snapshot, name, code, words),
    healthy(),
  );
  const nobody = unknown('unreachable', 'no member answers');
  return withFact(withFact(none, 'members', nobody), 'alarms', nobody);
}

describe('maintenance is not safe', () => {
  it.each([
    ['tls', 'the certificate is not trusted'],
    ['auth', 'wrong user or password'],
    ['wrong-cluster', 'answers for etcd cluster 77'],
  ] as const)('where every member refuses us (%s), and says with which words', (code, words) => {
    expect(unsafe(refusedBy(code, words))?.reason).toContain(words);
  });

  it.each([
    ['under CORRUPT', withAlarms(healthy(), [corrupt]), /CORRUPT/],
    ['where nobody asked for alarms', withoutFact(healthy(), 'alarms'), /not asked/],
    ['where a member is silent', withoutStatus(healthy(), 'm2'), /m2 \(no answer within 1.5 s\)/],
    [
      'where the members could not be listed',
      withFact(healthy(), 'members', unknown('timeout', 'late')),
      /member/i,
    ],
    ['where a voter is reached by no endpoint', withListed(healthy(), { name: 'm4' }), /m4/],
    ['where a learner defragments', learnerAtWork(), /m3 is being defragmented/],
    ['with one more entry to apply', lagging(APPLY_GAP_LIMIT + 1), /5\u202f001 entries/],
  ])('%s', (_case, snapshot, words) => {
    const refusal = unsafe(snapshot);
    expect(refusal?.reason).toMatch(words);
    expect(refusal?.instead?.length).toBeGreaterThan(0);
  });

  it.each([
    ['was added and never started', withListed(healthy(), { name: '' }), /never started/, /member remove/],
    ['has no endpoint here', withListed(healthy(), { name: 'm4' }), /no configured endpoint/, /`endpoints`/],
    ['is down', withUnreachable(healthy(), 'm3'), /m3/, /Bring it back/],
    ['refuses us', withUnreachable(healthy(), 'm3', 'auth', 'wrong password'), /wrong password/, /access/],
  ])('where a member %s, and says what helps', (_what, snapshot, words, instead) => {
    const refusal = unsafe(snapshot);
    expect(refusal?.reason).toMatch(words);
    expect(refusal?.instead?.[0]).toMatch(instead);
  });

  it.each([
    ['an election', withEveryStatus(healthy(), { leaderId: '0' }), true],
    ['two opinions on who leads', withStatus(healthy(), 'm2', { leaderId: IDS[1]! }), true],
    ['a foreign defragmentation', withMetrics(healthy(), 'm2', { defragmenting: true }), true],
    [
      'one that lets Status hang',
      withMetrics(withoutStatus(healthy(), 'm2'), 'm2', { defragmenting: true }),
      true,
    ],
    ['entries to apply', lagging(APPLY_GAP_LIMIT + 1), true],
    ['a silent member', withoutStatus(healthy(), 'm2'), undefined],
    ['CORRUPT', withAlarms(healthy(), [corrupt]), undefined],
  ])('says of %s whether it passes by itself', (_case, snapshot, passes) => {
    expect(unsafe(snapshot)?.passes).toBe(passes);
  });

  it('names what is worst: CORRUPT comes before all else', () => {
    const worst = withoutStatus(withAlarms(healthy(), [corrupt]), 'm2');
    expect(unsafe(worst)?.reason).toContain('CORRUPT');
  });
});

function lagging(entries: number) {
  return withStatus(healthy(), 'm2', { appliedIndex: 1_398_210 - entries });
}

function learnerAtWork() {
  return withMetrics(withStatus(healthy(), 'm3', { learner: true }), 'm3', { defragmenting: true });
}
