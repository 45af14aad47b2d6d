import { describe, expect, it } from '@jest/globals';
import type { Group, Policy } from '../../src/domain/actor.js';
import type { Operation } from '../../src/domain/operation.js';
import { stillEntitled } from '../../src/engine/entitled.js';
import { approvedFix, pendingFix } from '../operations.js';
import { clusterOf } from './world.js';

/** U2 approved by name, U3 through the user group S1. */
function approved(): Operation {
  const operation = approvedFix();
  const [first, second] = operation.reviews;
  return { ...operation, reviews: [first!, { ...second!, viaGroup: 'S1' }] };
}

function now(policy: Partial<Policy> & { approvers: Group }): string | null {
  const cluster = clusterOf(pendingFix());
  return stillEntitled(approved(), { ...cluster, policy: { ...cluster.policy, ...policy } });
}

describe('approvals when the work starts', () => {
  it.each<[string, Partial<Policy> & { approvers: Group }]>([
    ['everybody still has the right', { approvers: { users: ['U2'], groups: ['S1'] } }],
    ['somebody got it as well', { approvers: { users: ['U2', 'U8'], groups: ['S1', 'S2'] } }],
    [
      'fewer are needed now: what was frozen holds',
      { approvals: 1, approvers: { users: ['U2'], groups: ['S1'] } },
    ],
  ])('count where %s', (_case, policy) => {
    expect(now(policy)).toBeNull();
  });

  it.each<[string, Partial<Policy> & { approvers: Group }, string]>([
    ['one was taken out', { approvers: { users: [], groups: ['S1'] } }, '1 of 2'],
    ['the group was taken out', { approvers: { users: ['U2'], groups: [] } }, '1 of 2'],
    ['nobody approves any more', { approvers: { users: [], groups: [] } }, '0 of 2'],
    ['more are needed', { approvals: 3, approvers: { users: ['U2'], groups: ['S1'] } }, '2 of 3'],
    [
      'fewer are needed now, but one was taken out',
      { approvals: 1, approvers: { users: ['U2'], groups: [] } },
      '1 of 2',
    ],
  ])('do not count where %s', (_case, policy, words) => {
    expect(now(policy)).toContain(words);
  });

  it('do not count denials', () => {
    const operation = approved();
    const reviews = operation.reviews.map((review) => ({ ...review, verdict: 'deny' as const }));
    expect(stillEntitled({ ...operation, reviews }, clusterOf(pendingFix()))).toContain('0 of 2');
  });
});
