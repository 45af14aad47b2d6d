import { describe, expect, it } from '@jest/globals';
import { makeSigner } from '../../src/adapters/signer.js';
import type { Operation } from '../../src/domain/operation.js';
import type { Plan, PlannedStep } from '../../src/domain/plan.js';
import { hashOf, isGenuine, signed } from '../../src/engine/approval.js';
import { fixPlan, pendingFix, withApprovals } from '../operations.js';

const signer = makeSigner('a key that Redis does not know');

function approved(): Operation {
  const operation = withApprovals(pendingFix({ planHash: hashOf(fixPlan()) }), 2);
  return signed({ ...operation, state: 'approved', token: 'one-use', startBy: 17 }, signer);
}

function compactingTo(revision: number): (step: PlannedStep) => PlannedStep {
  return (step) => (step.kind === 'compact' ? { ...step, revision } : step);
}

function planned(plan: Plan, change: (step: PlannedStep) => PlannedStep): Plan {
  return { ...plan, steps: plan.steps.map(change) };
}

describe('an approval', () => {
  it('is genuine as it was signed, also after it was kept as JSON', () => {
    expect(isGenuine(approved(), signer)).toBe(true);
    expect(isGenuine(JSON.parse(JSON.stringify(approved())) as Operation, signer)).toBe(true);
  });

  it('stays genuine where only words for people have changed', () => {
    const operation = approved();
    const plan = { ...operation.plan, risks: [], title: 'other words', byHand: [] };
    expect(isGenuine({ ...operation, plan, version: 9, absorbed: ['growth'] }, signer)).toBe(true);
  });

  it.each<[string, (operation: Operation) => Operation]>([
    ['the token', (one) => ({ ...one, token: 'another' })],
    ['no token', (one) => ({ ...one, token: undefined })],
    ['the id', (one) => ({ ...one, id: 'another' })],
    ['the proposer', (one) => ({ ...one, proposer: { teamId: 'T1', userId: 'U9' } })],
    ['the policy', (one) => ({ ...one, policy: { ...one.policy, selfApproval: true } })],
    ['the time to start', (one) => ({ ...one, startBy: 18 })],
    ['one review less', (one) => ({ ...one, reviews: one.reviews.slice(1) })],
    ['another reviewer', (one) => review(one, { by: { teamId: 'T1', userId: 'U9' } })],
    ['the group that let it start at any hour', (one) => review(one, { outsideViaGroup: 'S1' })],
    ['a denial that was an approval', (one) => review(one, { verdict: 'deny' })],
    ['a review of another plan', (one) => review(one, { planHash: 'other' })],
    ['the plan', (one) => ({ ...one, plan: planned(one.plan, compactingTo(1)) })],
    [
      'the plan together with its hash',
      (one) => {
        const plan = planned(one.plan, compactingTo(1));
        const planHash = hashOf(plan);
        return { ...one, plan, planHash, reviews: one.reviews.map((entry) => ({ ...entry, planHash })) };
      },
    ],
    [
      'the steps that are carried out',
      (one) => ({
        ...one,
        steps: one.steps.map((record) => ({ ...record, step: compactingTo(1)(record.step) })),
      }),
    ],
    [
      'the steps that are done',
      (one) => ({ ...one, steps: one.steps.map((record) => ({ ...record, state: 'done' as const })) }),
    ],
    ['no signature', (one) => ({ ...one, signature: undefined })],
    ['an empty signature', (one) => ({ ...one, signature: '' })],
    ['the signature of another key', (one) => signed(one, makeSigner('another key'))],
  ])('is refused with another %s', (_what, forge) => {
    expect(isGenuine(forge(approved()), signer)).toBe(false);
  });

  function review(one: Operation, change: Partial<Operation['reviews'][number]>): Operation {
    return { ...one, reviews: one.reviews.map((entry, at) => (at === 0 ? { ...entry, ...change } : entry)) };
  }
});
