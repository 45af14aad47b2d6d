import { beforeEach, describe, expect, it } from '@jest/globals';
import type { Operation } from '../../src/domain/operation.js';
import { hashOf } from '../../src/engine/approval.js';
import { IDS, HOUR } from '../facts.js';
import { oneRedis } from '../redis.js';
import { makeScene, type Process, type Scene } from './races/scene.js';

const redis = oneRedis();
let scene: Scene;

beforeEach(() => {
  scene = makeScene(redis);
});

/** Everything that could start it, and more than once. */
async function tried(process: Process = scene, id = 'op1'): Promise<void> {
  for (let time = 0; time < 2; time++) {
    await process.execute(id);
    await process.sweep();
  }
}

const acts = (): readonly string[] => scene.world.calls;

async function expectNothing(words: RegExp): Promise<void> {
  expect(acts()).toEqual([]);
  expect((await scene.now()).conclusion?.summary).toMatch(words);
  expect(await scene.world.holder()).toBeNull();
}

type Forgery = (operation: Operation) => Operation;

const withPolicy =
  (changes: Partial<Operation['policy']>): Forgery =>
  (operation) => ({
    ...operation,
    policy: { ...operation.policy, ...changes },
  });
const withReviews =
  (change: (reviews: Operation['reviews']) => Operation['reviews']): Forgery =>
  (operation) => ({
    ...operation,
    reviews: change(operation.reviews),
  });
const withPlan =
  (change: (plan: Operation['plan']) => Operation['plan']): Forgery =>
  (operation) => {
    const plan = change(operation.plan);
    return { ...operation, plan, planHash: hashOf(plan) };
  };
const replaced =
  (from: string, to: string): Forgery =>
  (operation) =>
    JSON.parse(JSON.stringify(operation).replaceAll(from, to)) as Operation;

describe('an approved record that was changed by hand starts nothing', () => {
  it.each<[string, Forgery]>([
    ['without a signature', (operation) => ({ ...operation, signature: undefined })],
    ['with a signature of another key', (operation) => ({ ...operation, signature: 'ab'.repeat(32) })],
    ['with another token', (operation) => ({ ...operation, token: 'made up' })],
    ['with another plan', withPlan((plan) => ({ ...plan, steps: plan.steps.slice(1) }))],
    [
      'with another plan under the old hash',
      (operation) => ({ ...operation, plan: { ...operation.plan, steps: [] } }),
    ],
    ['with another member to be defragmented', replaced(IDS[1]!, IDS[3]!)],
    ['with another cluster', withPlan((plan) => ({ ...plan, clusterId: '4711' }))],
    [
      'with other readings of before',
      withPlan((plan) => ({ ...plan, baseline: { ...plan.baseline, members: [] } })),
    ],
    ['with fewer approvals needed', withPolicy({ approvals: 1 })],
    ['with self-approval', withPolicy({ selfApproval: true })],
    ['with other approvers', withPolicy({ approvers: { users: ['U2', 'U3', 'U9'], groups: [] } })],
    ['with more time to start', (operation) => ({ ...operation, startBy: (operation.startBy ?? 0) + HOUR })],
    ['without a time to start', (operation) => ({ ...operation, startBy: undefined })],
    ['with another proposer', (operation) => ({ ...operation, proposer: { teamId: 'T1', userId: 'U9' } })],
    [
      'with one review more',
      withReviews((all) => [...all, { ...all[0]!, by: { teamId: 'T1', userId: 'U9' } }]),
    ],
    ['with one review less', withReviews((all) => all.slice(1))],
    ['with another reviewer', replaced('"U2"', '"U9"')],
    ['with a right by another group', withReviews((all) => all.map((one) => ({ ...one, viaGroup: 'S1' })))],
    ['as an emergency', withReviews((all) => all.map((one) => ({ ...one, emergency: true, reason: 'x' })))],
    ['as allowed at any hour', withReviews((all) => all.map((one) => ({ ...one, outsideWindow: true })))],
    ['as running already', (operation) => ({ ...operation, state: 'running', startedAt: 1 })],
    [
      'with a step that is done already',
      (operation) => ({
        ...operation,
        steps: operation.steps.map((record, at) => (at === 0 ? { ...record, state: 'done' } : record)),
      }),
    ],
    [
      'without its gate',
      (operation) => ({ ...operation, steps: operation.steps.filter(({ step }) => step.kind !== 'gate') }),
    ],
    ['in another order', (operation) => ({ ...operation, steps: operation.steps.toReversed() })],
  ])('%s', async (_what, forge) => {
    await scene.writes(forge(await scene.approved()));
    await tried();
    await expectNothing(/signature/);
  });

  it('with the signature of another operation', async () => {
    const { signature, token } = await scene.approved({ id: 'op2' });
    await scene.writes({ ...(await scene.approved()), signature, token });
    await tried();
    await expectNothing(/signature/);
  });
});

describe('a pending record that was changed by hand can’t be approved', () => {
  it.each<[string, Forgery]>([
    [
      'with a review that nobody gave',
      (operation) => ({
        ...operation,
        reviews: [
          { by: { teamId: 'T1', userId: 'U2' }, verdict: 'approve', planHash: operation.planHash, at: 1 },
        ],
      }),
    ],
    ['with another proposer', (operation) => ({ ...operation, proposer: { teamId: 'T1', userId: 'U9' } })],
    ['with fewer approvals needed', withPolicy({ approvals: 1 })],
    ['with another plan', withPlan((plan) => ({ ...plan, steps: plan.steps.slice(1) }))],
    [
      'with more time for approvals',
      (operation) => ({ ...operation, approveBy: operation.approveBy + HOUR }),
    ],
    ['without a signature', (operation) => ({ ...operation, signature: undefined })],
  ])('%s', async (_what, forge) => {
    await scene.writes(forge(await scene.pending()));
    expect(await scene.approve('U3')).toMatchObject({
      ok: false,
      reason: expect.stringContaining('signature'),
    });
    await tried();
    expect(acts()).toEqual([]);
    expect(await scene.now()).toMatchObject({ state: 'pending' });
  });
});

describe('whatever else somebody writes into Redis', () => {
  it.each(['pending', 'denied', 'expired', 'stale', 'cancelled', 'succeeded', 'failed', 'unknown'] as const)(
    'a job for an operation that is %s starts nothing',
    async (state) => {
      await scene.pending({ state });
      await scene.execute();
      expect(acts()).toEqual([]);
      expect(await scene.now()).toMatchObject({ state, version: 1 });
    },
  );

  it('jobs, rows, locks and entries of the trail for an operation that is not there start nothing', async () => {
    await redis.client.sadd('{steward}:operations:open', 'ghost');
    await redis.client.hset('{steward}:outbox', 'operation ghost', '7');
    await redis.client.xadd('{steward}:audit', '*', 'entry', JSON.stringify({ event: 'operation.approved' }));
    await tried(scene, 'ghost');
    expect(acts()).toEqual([]);
    expect(await scene.world.holder()).toBeNull();
  });
});
