import { beforeEach, describe, expect, it } from '@jest/globals';
import type { Operation } from '../../src/domain/operation.js';
import { full, healthy, IDS } from '../facts.js';
import { withAlarms, withFact, withListed, withMetrics, withStatus, withUnreachable } from '../overrides.js';
import { unknown } from '../../src/domain/fact.js';
import { execute } from '../../src/engine/execute.js';
import { oneRedis } from '../redis.js';
import { approvedNow, makeWorld, type World } from './world.js';

const redis = oneRedis();
let world: World;

beforeEach(() => {
  world = makeWorld(redis);
});

const incident = full(healthy());
const corrupt = { memberId: IDS[1]!, kind: 'CORRUPT' as const };
const nospace = { memberId: IDS[0]!, kind: 'NOSPACE' as const };

async function expectUntouched(words: RegExp): Promise<void> {
  const operation = await world.now();
  expect(operation.conclusion?.summary).toMatch(words);
  expect(operation.conclusion?.summary).toContain('Nothing was touched');
  expect(operation).toMatchObject({ state: 'stale' });
  expect(operation.token).toBeUndefined();
  expect(operation.steps.every(({ state }) => state === 'planned')).toBe(true);
  expect(world.calls).toEqual([]);
  expect(await world.holder()).toBeNull();
}

describe('before the first act an operation ends stale, and the cluster is untouched', () => {
  it.each([
    ['CORRUPT is armed', withAlarms(incident, [corrupt]), /CORRUPT/],
    ['CORRUPT is armed beside NOSPACE', withAlarms(incident, [nospace, corrupt]), /CORRUPT/],
    ['a member is down', withUnreachable(incident, 'm3'), /m3/],
    ['alarms can’t be read', withFact(incident, 'alarms', unknown('timeout', 'late')), /Alarms/],
    ['a member was added', withListed(incident, { name: 'm4' }), /m4/],
    ['a member was replaced', withStatus(incident, 'm3', { memberId: IDS[4]! }), /not every member|other/i],
    ['the leader is lost', withStatus(incident, 'm1', { leaderId: '0' }), /no leader/],
    ['members disagree', withStatus(incident, 'm3', { leaderId: IDS[1]! }), /different leaders/],
    ['a member fell behind the revision', withStatus(incident, 'm3', { revision: 17 }), /above the lowest/],
    ['somebody else defragments', withMetrics(incident, 'm2', { defragmenting: true }), /somebody else/],
    ['a member lags', withStatus(incident, 'm3', { appliedIndex: 1 }), /still to apply/],
  ])('because %s', async (_cause, snapshot, words) => {
    await world.approve();
    world.target.snapshot = snapshot;
    await world.execute();
    await expectUntouched(words);
  });

  it('because the endpoints belong to another cluster now', async () => {
    await world.approve();
    await world.deps.samples.pin('calico-prod', '4711');
    await world.execute();
    await expectUntouched(/another etcd cluster/);
  });

  it.each([
    ['an approver has lost the right', { approvers: { users: ['U2'], groups: [] } }],
    ['more approvals are needed now', { approvals: 3 }],
  ])('because %s', async (_cause, stricter) => {
    await world.approve();
    const { policy } = world.cluster;
    world.cluster = { ...world.cluster, policy: { ...policy, ...stricter } };
    await world.execute();
    await expectUntouched(/approvals still count/);
  });

  it('because its cluster has left the configuration', async () => {
    await world.approve();
    world.cluster = { ...world.cluster, name: 'another' };
    await world.execute();
    await expectUntouched(/configuration/);
  });

  it('because another operation is at work on the cluster, which keeps its lock', async () => {
    await world.approve({ id: 'other', state: 'running' });
    await world.deps.locks.acquire('calico-prod', world.cluster.clusterId ?? '', 'other');
    await world.approve();
    await world.execute();
    expect(await world.now()).toMatchObject({ state: 'stale' });
    expect((await world.now()).conclusion?.summary).toContain('another operation is at work');
    expect(world.calls).toEqual([]);
    expect(await world.holder()).toBe('other');
  });
});

describe('a record that somebody wrote into Redis', () => {
  const step = (operation: Operation, index: number): Operation['steps'][number] => operation.steps[index]!;

  it.each<[string, (operation: Operation) => Operation]>([
    ['has no signature', (operation) => ({ ...operation, signature: undefined })],
    ['has another token', (operation) => ({ ...operation, token: 'made up' })],
    ['has a signature of another key', (operation) => ({ ...operation, signature: 'ab'.repeat(32) })],
    [
      'needs fewer approvals',
      (operation) => ({ ...operation, policy: { ...operation.policy, approvals: 1 } }),
    ],
    [
      'compacts more than was approved',
      (operation) => ({
        ...operation,
        plan: { ...operation.plan, steps: operation.plan.steps.map((one) => more(one)) },
      }),
    ],
    [
      'carries out other steps than those of its plan',
      (operation) => ({
        ...operation,
        steps: operation.steps.map((record) => ({ ...record, step: more(record.step) })),
      }),
    ],
    [
      'leaves out a gate',
      (operation) => ({
        ...operation,
        steps: operation.steps.filter((record) => record.step.kind !== 'gate'),
      }),
    ],
    [
      'says that a step is done already',
      (operation) => ({
        ...operation,
        steps: [{ ...step(operation, 0), state: 'done' as const }, ...operation.steps.slice(1)],
      }),
    ],
  ])('is not carried out where it %s', async (_forgery, forged) => {
    await world.deps.operations.create(forged(approvedNow()));
    await world.execute();
    expect(world.calls).toEqual([]);
    expect(await world.now()).toMatchObject({ state: 'stale' });
    expect((await world.now()).conclusion?.summary).toContain('signature');
    expect(await world.holder()).toBeNull();
  });

  function more(step: Operation['plan']['steps'][number]): typeof step {
    return step.kind === 'compact' ? { ...step, revision: step.revision - 1 } : step;
  }
});

describe('an approval whose time to start has passed', () => {
  it('never starts, and expires', async () => {
    await world.approve({ startBy: Date.now() - 1 });
    await world.execute();
    expect(world.calls).toEqual([]);
    await world.sweep();
    expect(await world.now()).toMatchObject({ state: 'expired' });
    await world.execute();
    expect(world.calls).toEqual([]);
    expect(await world.holder()).toBeNull();
  });
});

describe('an operation that was cancelled while its start was being checked', () => {
  it('does not start, and leaves the cluster free', async () => {
    await world.approve();
    const { acquire } = world.deps.locks;
    const locks: World['deps']['locks'] = {
      ...world.deps.locks,
      async acquire(...what) {
        const state = 'cancelled' as const;
        await world.deps.operations.swap('op1', (current) => ({
          ok: true,
          operation: { ...current, state, token: undefined },
        }));
        return acquire(...what);
      },
    };
    await execute({ ...world.deps, locks }, 'op1');
    expect(world.calls).toEqual([]);
    expect(await world.now()).toMatchObject({ state: 'cancelled' });
    expect(await world.holder()).toBeNull();
  });
});
