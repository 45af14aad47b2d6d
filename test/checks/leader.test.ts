import { describe, expect, it } from '@jest/globals';
import check from '../../src/checks/leader.js';
import { healthy, IDS, withEveryStatus, withStatus, withUnreachable } from '../facts.js';

describe('leader', () => {
  it.each([
    ['all follow one', healthy(), 'ok', 'm1 leads'],
    ['one is silent', withUnreachable(healthy(), 'm3'), 'ok', 'm1 leads; m3 not read'],
    [
      'nobody knows one',
      withEveryStatus(healthy(), { leaderId: '0' }),
      'critical',
      'calico-prod has no leader: it accepts no writes',
    ],
    [
      'one sees none',
      withStatus(healthy(), 'm3', { leaderId: '0' }),
      'critical',
      'Members disagree on the leader: m1 leads, and m3 sees none',
    ],
    [
      'two are followed',
      withStatus(healthy(), 'm3', { leaderId: IDS[2] ?? '' }),
      'critical',
      'Members disagree on the leader: m1 and m3 are each followed by some',
    ],
  ])('%s', (...[_case, snapshot, severity, summary]) => {
    expect(check.run(snapshot)).toMatchObject([{ severity, summary }]);
  });

  it('says who says what', () => {
    expect(
      check.run(withStatus(withUnreachable(healthy(), 'm2'), 'm3', { leaderId: '0', term: 8 }))[0]?.evidence,
    ).toEqual(['m1: m1 leads, term 7', 'm2: not read', 'm3: no leader, term 8']);
  });

  it('names a leader that is not in the list by its id in hex', () => {
    const gone = withEveryStatus(healthy(), { leaderId: '81985529216486895' });
    expect(check.run(gone)[0]?.summary).toBe('123456789abcdef (not in the member list) leads');
  });
});
