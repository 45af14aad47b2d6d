import { describe, expect, it } from '@jest/globals';
import { quorumOf } from '../../src/domain/quorum.js';
import { healthy, withListed, withMembers, withMetrics, withoutStatus, withUnreachable } from '../facts.js';

describe('the quorum of a cluster', () => {
  it.each([
    [1, 1],
    [2, 2],
    [3, 2],
    [4, 3],
    [5, 3],
  ])('of %d voters is %d', (voters, majority) => {
    expect(quorumOf(withMembers(voters))).toMatchObject({ voters, majority, lost: false });
  });

  it.each([
    ['all well', healthy(), [3, 0, 0]],
    ['one silent', withUnreachable(healthy(), 'm3', 'timeout'), [2, 1, 0]],
    ['one refuses the bot', withUnreachable(healthy(), 'm3', 'denied'), [2, 0, 1]],
    [
      'one defragments',
      withMetrics(withoutStatus(healthy(), 'm3'), 'm3', { defragmenting: true }),
      [3, 0, 0],
    ],
    ['one never started', withListed(healthy(), { name: '', clientUrls: [] }), [3, 1, 0]],
    ['one without endpoint', withListed(healthy(), { name: 'm9', clientUrls: [] }), [3, 0, 1]],
    ['a learner', withListed(healthy(), { learner: true }), [3, 0, 0]],
  ])('%s', (_case, snapshot, counts) => {
    const { up, down, unseen } = quorumOf(snapshot);
    expect([up.length, down.length, unseen.length]).toEqual(counts);
  });
});
