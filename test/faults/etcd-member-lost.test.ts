import { afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { LocalMember } from '../../infra/local/etcd.js';
import type { Operation } from '../../src/domain/operation.js';
import { defragmentations } from '../e2e/truth.js';
import { catchDefragmenting, type Caught } from './caught.js';
import { memberCalled, nameOf } from './etcd-by-hand.js';
import { startForwarder, type Forwarder } from './forwarder.js';
import { MANY_AT_ONCE, writeKeys } from './live-data.js';
import { aFaultStage, RUN_MS } from './stage.js';

const ALL = { all: true } as const;

describe('A member that is lost', () => {
  const stage = aFaultStage({ quotaBytes: 64 * 1024 ** 2, flags: MANY_AT_ONCE });
  let before: readonly number[];
  let caught: Caught | undefined;
  let forwarders: readonly Forwarder[] = [];

  beforeAll(() => writeKeys(stage.etcd.endpoints, 30_000), RUN_MS);

  beforeEach(async () => {
    await stage.isWell();
    before = await defragmentations(stage.etcd);
  });

  afterEach(async () => {
    caught?.close();
    await Promise.all(forwarders.map((forwarder) => forwarder.close()));
    forwarders = [];
    for (const member of stage.etcd.members) member.resume();
    await Promise.all(stage.etcd.members.map((member) => member.start({ healthy: true })));
  });

  /** Its first defragmentation is caught in the middle; answers whose it was. */
  function whenCaught(meddle: (member: LocalMember) => void): Promise<LocalMember> {
    return new Promise((resolve, reject) => {
      stage.when({ at: 'sending', kind: 'defragment' }, async (id) => {
        const member = memberCalled(stage.etcd, await nameOf(stage.etcd, id));
        caught = catchDefragmenting(member, () => meddle(member));
        caught.inTheMiddle().then(() => resolve(member), reject);
      });
    });
  }

  it('by a standstill in its own defragmentation is waited for, and nothing is sent twice', async () => {
    const catching = whenCaught((member) => member.pause());
    const running = stage.carryOut('defrag', ALL);
    const member = await catching;
    expect(stage.sent).toEqual([`${member.name} defragment`]);
    await stage.sweep();
    member.resume();
    expect(await running).toMatchObject({ state: 'succeeded' });
    expect(await more()).toEqual([1, 1, 1]);
  });

  it('by a kill in its own defragmentation ends the run as unknown; read once it is back, it has failed', async () => {
    const catching = whenCaught((member) => void member.kill());
    stage.when({ at: 'begun', kind: 'defragment' }, () => stage.hurry(20));
    const unknown = await stage.carryOut('defrag', ALL);
    const member = await catching;
    expect(unknown.state).toBe('unknown');
    expect(stepsOf(unknown)[0]).toMatch(new RegExp(`^unclear .*${member.name} does not answer`));
    await stage.sweep();
    expect(await stage.now(unknown)).toMatchObject({ state: 'unknown' });
    expect(await stage.holder()).toBe(unknown.id);
    await member.start({ healthy: true });
    await failedWith(
      unknown,
      new RegExp(`Reading shows: ${member.name} restarted since, and its size did not fall`),
    );
  });

  it('by a kill, and back at once, has not done it: the run fails, and says so', async () => {
    const catching = whenCaught((member) => void member.kill().then(() => member.start({ healthy: true })));
    stage.when({ at: 'begun', kind: 'defragment' }, () => stage.hurry(10));
    const ended = await stage.carryOut('defrag', ALL);
    const member = await catching;
    await failedWith(ended, new RegExp(`^Stopped at .*${member.name} restarted since`));
  });

  it('with the connection, in its own defragmentation, is read until it is back, and the run goes on', async () => {
    const forwarder = await inFront();
    const catching = whenCaught((member) => {
      member.pause();
      forwarder.breakAll();
    });
    const running = stage.carryOut('defrag', ALL);
    const member = await catching;
    member.resume();
    expect(await running).toMatchObject({ state: 'succeeded' });
    expect(await more()).toEqual([1, 1, 1]);
  });

  it('by a long standstill in its own defragmentation ends the run as unknown; read later, it was done', async () => {
    const forwarder = await inFront();
    const catching = whenCaught((member) => {
      member.pause();
      forwarder.breakAll();
    });
    stage.when({ at: 'begun', kind: 'defragment' }, () => stage.hurry(20));
    const unknown = await stage.carryOut('defrag', ALL);
    const member = await catching;
    expect(unknown.state).toBe('unknown');
    member.resume();
    await failedWith(unknown, new RegExp(`Reading shows: ${member.name}: .* → .*Nothing was repeated`));
    expect((await more()).toSorted()).toEqual([0, 0, 1]);
    expect((await stage.now(unknown)).steps[0]?.result).toContain('(read afterwards)');
  });

  it('right before its defragmentation gets none, and the state is read once it is back', async () => {
    const lost: LocalMember[] = [];
    stage.when({ at: 'begun', kind: 'defragment' }, async (id) => {
      lost.push(memberCalled(stage.etcd, await nameOf(stage.etcd, id)));
      lost[0]!.pause();
    });
    const unknown = await stage.carryOut('defrag', ALL);
    expect(stepsOf(unknown)[0]).toContain(`${lost[0]!.name} fell silent just before it was sent`);
    lost[0]!.resume();
    const ended = await stage.settle(unknown);
    expect(ended.conclusion?.summary).toContain(`${lost[0]!.name} has counted no defragmentation since`);
    expect(stage.sent).toEqual([]);
    expect(await stage.holder()).toBeNull();
  });

  it('beside one that is done keeps the next from being begun', async () => {
    stage.when({ at: 'answered', kind: 'defragment' }, async (id) => {
      const done = await nameOf(stage.etcd, id);
      await stage.etcd.members.find(({ name }) => name !== done)!.kill();
    });
    const ended = await stage.carryOut('defrag', ALL);
    await failedWith(ended, /Not every member answers: m\d \(.*\)\. The 3 steps after it were not begun/, 1);
    expect(ended.conclusion?.clusterNow).toMatch(/m\d does not answer/);
  });

  /** All connections of the run lead through something that can break them. */
  async function inFront(): Promise<{ breakAll(): void }> {
    const ports = stage.etcd.endpoints.map((endpoint) => Number(new URL(endpoint).port));
    forwarders = await Promise.all(ports.map(startForwarder));
    const endpoints = forwarders.map(({ url }) => `http://${new URL(url).host}`);
    stage.cluster = { ...stage.cluster, endpoints };
    return { breakAll: () => forwarders.forEach((forwarder, index) => forwarder.leadTo(ports[index] ?? 0)) };
  }

  async function failedWith(operation: Operation, words: RegExp, done = 0): Promise<void> {
    const { state, conclusion, steps } = await stage.settle(operation);
    expect({ state, ...conclusion }).toMatchObject({
      state: 'failed',
      summary: expect.stringMatching(words),
    });
    expect(steps.slice(done + 1).every((record) => record.state === 'planned')).toBe(true);
    expect(stage.sent).toHaveLength(1);
    expect(await stage.holder()).toBeNull();
  }

  function stepsOf({ steps }: Operation): readonly string[] {
    return steps.map(({ state, result }) => `${state} ${result ?? ''}`);
  }

  async function more(): Promise<readonly number[]> {
    return (await defragmentations(stage.etcd)).map((count, index) => count - before[index]!);
  }
});
