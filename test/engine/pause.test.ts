import { beforeEach, describe, expect, it } from '@jest/globals';
import type { Answer } from '../../src/domain/answer.js';
import type { Operation } from '../../src/domain/operation.js';
import { pauseChanges, resumeChanges, type SteerDeps } from '../../src/engine/pause.js';
import { HOUR } from '../facts.js';
import { oneRedis } from '../redis.js';
import { makeScene, questionOf, repeat, type Scene } from './races/scene.js';

const redis = oneRedis();
let scene: Scene;
let answers: Answer[];

beforeEach(() => {
  scene = makeScene(redis);
  answers = [];
});

function steering(): SteerDeps {
  const store = { save: async (answer: Answer) => void answers.push(answer), load: async () => null };
  return { ...scene.deps, answers: store };
}

const steered = (reason: string, cluster: string | null) => ({
  ...questionOf('U4', { reason }),
  cluster,
  askedAt: Date.now(),
});
const pause = (cluster: string | null = 'calico-prod') =>
  pauseChanges(steering(), steered('release', cluster));
const resume = (cluster: string | null = 'calico-prod') =>
  resumeChanges(steering(), steered('done', cluster));

const open = (changes: Partial<Operation>) => scene.approved({ ...changes, startBy: Date.now() + HOUR });

describe('a pause', () => {
  it.each([
    ['of its cluster', 'calico-prod'],
    ['of all clusters', null],
  ])('%s keeps what is approved from starting, and says so on its card', async (_what, cluster) => {
    await open({});
    await pause(cluster);
    await scene.execute();
    expect(scene.world.calls).toEqual([]);
    expect(await scene.now()).toMatchObject({
      state: 'approved',
      paused: { by: { userId: 'U4' }, reason: 'release' },
      waits: 'changes are paused by <@U4>: release',
    });
    expect(await scene.world.holder()).toBeNull();
  });

  it('of another cluster keeps nothing', async () => {
    await open({});
    await pause('kube-prod');
    await scene.execute();
    expect(await scene.now()).toMatchObject({ state: 'succeeded' });
    expect(answers[0]?.body).toMatchObject({ kind: 'steered', scope: 'kube-prod', open: 0 });
  });

  it('lets nobody approve, and everybody deny and cancel', async () => {
    await scene.pending();
    await scene.pending({ id: 'op2' });
    await pause();
    expect(await scene.approve('U2')).toMatchObject({
      ok: false,
      reason: 'Changes are paused by <@U4>: release.',
    });
    expect(await scene.now()).toMatchObject({ reviews: [] });
    expect(await scene.deny('U2')).toMatchObject({ ok: true });
    expect(await scene.cancel('U1', 'op2')).toMatchObject({ ok: true });
  });

  it('stops what runs after its step, and says what is left', async () => {
    await open({});
    scene.world.script.defragment = {
      effect: async () => (await pause(), { seen: 'done', result: 'seen' }),
    };
    await scene.execute();
    expect(scene.world.calls).toEqual(['compact', 'defragment m2']);
    const { state, conclusion } = await scene.now();
    expect(state).toBe('cancelled');
    expect(conclusion?.summary).toMatch(/^Stopped by <@U4> after: .*\(changes are paused: release\)/);
    expect(conclusion?.next.join()).toMatch(/Not done: .*Once changes are resumed/);
    expect(await scene.world.holder()).toBeNull();
  });

  it('that comes while a start is being checked lets no act begin', async () => {
    await repeat(20, async (id, turn) => {
      await resume();
      scene.world.calls.length = 0;
      await open({ id });
      const there = scene.another();
      const both = [() => pause(), () => there.execute(id)];
      await Promise.all((turn % 2 === 0 ? both : both.reverse()).map((begin) => begin()));
      const calls = [...scene.world.calls];
      await there.execute(id);
      // Whatever had begun has stopped; what had not waits.
      expect(scene.world.calls).toEqual(calls);
      expect(['approved', 'cancelled']).toContain((await scene.now(id)).state);
      await scene.cancel('U2', id);
    });
  });

  it('is shown on the card of what is proposed meanwhile', async () => {
    await pause();
    const proposed = await scene.propose('U1');
    expect(proposed).toMatchObject({ ok: true, value: { paused: { reason: 'release' } } });
  });

  it('is safe to ask for twice: the newer reason counts', async () => {
    await pause();
    await pauseChanges(steering(), steered('the release takes longer', 'calico-prod'));
    expect(await scene.deps.pauses.list()).toMatchObject([{ reason: 'the release takes longer' }]);
    expect(scene.world.seen.audit.map(({ event }) => event)).toEqual(['changes.paused', 'changes.paused']);
  });
});

describe('a resume', () => {
  it('starts what was approved meanwhile and is in time, and takes the pause off every card', async () => {
    await open({});
    await scene.pending({ id: 'op2' });
    await pause();
    await resume();
    const { version } = await scene.now();
    expect(scene.world.seen.jobs).toEqual([`run op1 ${String(version)}`]);
    expect([(await scene.now()).paused, (await scene.now('op2')).paused]).toEqual([undefined, undefined]);
    await scene.execute();
    expect(await scene.now()).toMatchObject({ state: 'succeeded' });
    expect(answers.at(-1)?.body).toEqual({ kind: 'steered', scope: 'calico-prod', pause: null, open: 2 });
  });

  it('of one cluster leaves the pause of all, and says so', async () => {
    await open({});
    await pause(null);
    await pause();
    await resume();
    expect(answers.at(-1)?.body).toMatchObject({
      kind: 'refusal',
      reason: expect.stringContaining('stay paused for all clusters: release'),
    });
    await scene.execute();
    expect(scene.world.calls).toEqual([]);
    await resume(null);
    await scene.execute();
    expect(await scene.now()).toMatchObject({ state: 'succeeded' });
  });

  it('of all clusters leaves the pause of one, and its card says so', async () => {
    await open({});
    await pause();
    await pause(null);
    await resume(null);
    expect((await scene.deps.pauses.list()).map(({ scope }) => scope)).toEqual(['calico-prod']);
    await scene.execute();
    expect(scene.world.calls).toEqual([]);
    expect(await scene.now()).toMatchObject({ state: 'approved', paused: { scope: 'calico-prod' } });
  });

  it('where nothing was paused says so', async () => {
    await resume();
    expect(answers[0]?.body).toMatchObject({ kind: 'refusal', reason: 'Changes were not paused.' });
    expect(scene.world.seen.audit).toEqual([]);
  });

  it('comes too late for what had to start before', async () => {
    await scene.approved();
    await pause();
    await scene.world.wait(HOUR);
    await resume();
    await scene.execute();
    await scene.sweep();
    expect(scene.world.calls).toEqual([]);
    expect(await scene.now()).toMatchObject({ state: 'expired' });
  });
});

describe('a card that a pause had missed', () => {
  it('is brought up to date by the sweep, once', async () => {
    await open({});
    await scene.deps.pauses.set({ scope: '*', by: { teamId: 'T1', userId: 'U4' }, reason: 'release', at: 1 });
    await scene.sweep();
    const { version, paused } = await scene.now();
    expect(paused).toMatchObject({ reason: 'release' });
    await scene.sweep();
    expect((await scene.now()).version).toBe(version);
  });
});
