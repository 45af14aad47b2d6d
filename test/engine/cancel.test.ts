import { beforeEach, describe, expect, it } from '@jest/globals';
import { TargetError } from '../../src/domain/errors.js';
import { cancel } from '../../src/engine/cancel.js';
import { oneRedis } from '../redis.js';
import { makeWorld, type World } from './world.js';

const redis = oneRedis();
let world: World;

beforeEach(() => {
  world = makeWorld(redis);
});

const known = {
  person: async (id: string) => ({ id }),
  isMember: async () => true,
  isShared: async () => false,
  groupMembers: async () => [],
};

function cancelledBy(userId: string) {
  const deps = { ...world.deps, directory: known, teamId: 'T1' };
  const request = { operationId: 'op1', actor: { teamId: 'T1', userId }, channel: 'C0PLATFORM' };
  return cancel(deps, world.cluster, request);
}

/** An act began, its answer was lost, and reading it back did not settle it within the engine's patience. */
async function waitingForPerson(): Promise<void> {
  await world.approve();
  world.script.defragment = {
    act: () => Promise.reject(new TargetError('timeout', 'm1', 'no answer')),
    effect: async () => ({ seen: 'unclear', because: 'm2 does not answer' }),
  };
  await world.execute();
  await world.wait(60 * 60_000);
  await world.sweep();
  expect(await world.now()).toMatchObject({ state: 'unknown', waitsForPerson: 'm2 does not answer' });
}

describe('cancelling', () => {
  it('ends an approved operation that has not begun, by its proposer', async () => {
    const { proposer } = await world.approve();
    expect(await cancelledBy(proposer.userId)).toMatchObject({ ok: true });
    expect(await world.now()).toMatchObject({ state: 'cancelled' });
    await world.execute();
    expect(world.calls).toEqual([]);
  });

  it('is refused to whoever is neither proposer nor approver', async () => {
    await world.approve();
    expect(await cancelledBy('U9')).toMatchObject({
      ok: false,
      reason: expect.stringContaining('not among'),
    });
    expect(await world.now()).toMatchObject({ state: 'approved' });
  });

  it('lets an approver close what nobody could read back, and the cluster go with it', async () => {
    await waitingForPerson();
    expect(await world.holder()).toBe('op1');
    expect(await cancelledBy('U2')).toMatchObject({ ok: true });
    const { state, conclusion } = await world.now();
    expect(state).toBe('failed');
    expect(conclusion?.summary).toMatch(/^Closed by <@U2>.*m2 does not answer/);
    expect(await world.holder()).toBeNull();
    expect(world.seen.audit.at(-1)).toMatchObject({
      event: 'operation.cancel',
      who: 'U2',
      at: conclusion?.at,
    });
  });

  it('lets nobody close it who has lost the right since', async () => {
    await waitingForPerson();
    const { policy } = world.cluster;
    world.cluster = { ...world.cluster, policy: { ...policy, approvers: { users: ['U3'], groups: [] } } };
    expect(await cancelledBy('U2')).toMatchObject({
      ok: false,
      reason: expect.stringContaining('not among'),
    });
    expect(await world.holder()).toBe('op1');
    expect(await cancelledBy('U3')).toMatchObject({ ok: true });
  });

  it('does not let its proposer close it', async () => {
    await waitingForPerson();
    const { proposer } = await world.now();
    expect(await cancelledBy(proposer.userId)).toMatchObject({ ok: false });
    expect(await world.holder()).toBe('op1');
  });
});
