import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { until } from '../../infra/local/until.js';
import { makeOperationStore } from '../../src/adapters/redis/operations.js';
import { execute } from '../../src/engine/execute.js';
import type { Operation } from '../../src/domain/operation.js';
import type { PlannedStep } from '../../src/domain/plan.js';
import type { Machine } from '../engine/crash/deps.js';
import type { Witness } from '../engine/crash/etcd.js';
import * as scenes from '../engine/crash/scene.js';
import { approvedNow } from '../engine/world.js';
import { oneRedis } from '../redis.js';
import { caughtUp, startPair, type Pair } from './replicas.js';

const elsewhere = oneRedis();
let pair: Pair;
let root: string;
let scene: scenes.Scene;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'etcd-steward-replicas-'));
  pair = await startPair();
  scene = await scenes.aScene(pair.client, root, elsewhere.client);
  await until(() => caughtUp(pair.client), { what: 'the replica knows the operation' });
});

afterEach(async () => {
  await pair.close();
  await rm(root, { recursive: true, force: true });
});

/** What happens to Redis as the run comes by: "after compact", by name. */
type Events = Readonly<Record<string, () => unknown>>;

/** A run of this machine, or of one with another disk. */
function run(events: Events = {}, changes: Partial<Machine> = {}): Promise<void> {
  return execute(scenes.another(scene, { witness: witnessOf(events), patient: true, ...changes }), 'op1');
}

function witnessOf(events: Events): Witness {
  return async (what) => {
    await events[what]?.();
  };
}

function dies(): never {
  throw new Error('the process is gone');
}

describe('What no replica has acknowledged', () => {
  const UNACKNOWLEDGED = 'No Redis replica acknowledged the start, so nothing was begun.';

  async function nothingWasBegun(): Promise<void> {
    const { state, conclusion } = await scenes.operationNow(scene);
    expect([state, conclusion?.summary]).toEqual(['failed', UNACKNOWLEDGED]);
    expect([await scenes.callsOf(scene), await scenes.holderOf(scene)]).toEqual([[], null]);
  }

  it('is not begun where the one replica hangs', async () => {
    pair.replica.pause();
    await run();
    await nothingWasBegun();
  });

  it('is not begun by several at once either, and whoever asks Redis meanwhile is answered', async () => {
    pair.replica.pause();
    const ids = ['op3', 'op4', 'op5', 'op6'];
    const operations = makeOperationStore(pair.client);
    const clusters = await Promise.all(ids.map((id) => scenes.fullCluster(elsewhere.client, id)));
    for (const [index, id] of ids.entries()) {
      const plan = scenes.planFor(clusters[index]!, root);
      await operations.create(approvedNow({ id, token: `token ${id}`, plan }));
    }
    const executor = scenes.another(scene, { operations, clusters, patient: true });
    const seen = { end: false };
    const runs = Promise.all(ids.map((id) => execute(executor, id))).finally(() => (seen.end = true));
    const answered = new Set<string>();
    while (!seen.end) answered.add(await pair.client.ping().catch(String));
    await runs;
    expect([...answered]).toEqual(['PONG']);
    for (const id of ids) {
      const { conclusion } = await scenes.operationNow(scene, id);
      expect([id, conclusion?.summary]).toEqual([id, UNACKNOWLEDGED]);
    }
  });

  it.each([
    ['one is asked for and none is there', 1, () => pair.cut()],
    ['two are asked for and one is there', 2, () => undefined],
  ])('is not begun where %s', async (_why, waitForReplicas, prepare) => {
    await prepare();
    await run({}, { operations: makeOperationStore(pair.client, { waitForReplicas }) });
    await nothingWasBegun();
  });

  it.each([
    ['one is asked for and is there', 1, () => undefined],
    ['none is asked for and none is there', 0, () => pair.cut()],
  ])('is begun where %s', async (_why, waitForReplicas, prepare) => {
    await prepare();
    await run({}, { operations: makeOperationStore(pair.client, { waitForReplicas }) });
    expect(await scenes.operationNow(scene)).toMatchObject({ state: 'succeeded' });
  });

  it('ends a run before the next act where the replica hangs in the middle', async () => {
    await run({ 'after compact': () => pair.replica.pause() });
    const { state, conclusion } = await scenes.operationNow(scene);
    expect(state).toBe('failed');
    expect(conclusion?.summary).toContain('no Redis replica acknowledged the journal, so it was not begun');
    expect(await scenes.callsOf(scene)).toEqual(['backup', 'compact']);
  });
});

describe('A replica that has missed the start, and was promoted', () => {
  async function lostAfter(act: string): Promise<readonly string[]> {
    await pair.cut();
    await expect(run({ [`after ${act}`]: dies })).rejects.toThrow('the process is gone');
    await pair.failOver();
    expect(await scenes.operationNow(scene)).toMatchObject({ state: 'approved', token: 'token-1' });
    return scenes.callsOf(scene);
  }

  it.each(['backup', 'compact', 'defragment m2', 'write-probe'])(
    'lets nothing start again on the machine that knows better, behind %s',
    async (act) => {
      const calls = await lostAfter(act);
      await run();
      const { state, conclusion } = await scenes.operationNow(scene);
      expect(['failed', 'stale']).toContain(state);
      expect(conclusion?.summary).toMatch(/used before|since the plan was made/);
      expect([await scenes.callsOf(scene), await scenes.holderOf(scene)]).toEqual([calls, null]);
    },
  );

  it.each(['defragment m2', 'move-leader', 'write-probe'])(
    'lets nothing start again on another machine, where the cluster itself shows %s',
    async (act) => {
      const calls = await lostAfter(act);
      await run({}, { directory: join(root, 'another machine') });
      const { state, conclusion } = await scenes.operationNow(scene);
      expect([state, conclusion?.summary]).toEqual([
        'stale',
        expect.stringMatching(/^The plan no longer fits: m\d was defragmented since the plan was made/),
      ]);
      expect([await scenes.callsOf(scene), await scenes.holderOf(scene)]).toEqual([calls, null]);
    },
  );

  it('has the rest done by another machine where only history was compacted, and that is not repeated', async () => {
    await lostAfter('compact');
    await run({}, { directory: join(root, 'another machine') });
    expect(await scenes.operationNow(scene)).toMatchObject({ state: 'succeeded' });
    const [, ...behindTheBackup] = scenes.ACTS;
    const calls = await scenes.callsOf(scene);
    expect(calls.filter((call) => call !== 'backup')).toEqual(behindTheBackup);
  });

  it('stops the run that it has never heard of', async () => {
    await pair.cut();
    await run({ 'after compact': () => pair.failOver() });
    expect(await scenes.callsOf(scene)).toEqual(['backup', 'compact']);
    await run();
    expect(await scenes.callsOf(scene)).toEqual(['backup', 'compact']);
    expect(await scenes.operationNow(scene)).toMatchObject({ state: 'failed' });
    expect(await scenes.holderOf(scene)).toBeNull();
  });
});

describe('A replica that has missed a part of the journal, and was promoted', () => {
  /** From the first of these on the replica knows nothing; at the second it takes over, and the process lives. */
  it.each([
    ['before backup', 'after backup'],
    ['before defragment m2', 'after defragment m2'],
    ['before defragment m2', 'before defragment m3'],
    ['after defragment m2', 'after defragment m3'],
    ['before compact', 'after move-leader'],
    ['before disarm', 'before write-probe'],
    ['before write-probe', 'after write-probe'],
  ])('from %s, at %s: each act is done once, and the card tells the truth', async (cut, failOver) => {
    await run({ [cut]: () => pair.cut(), [failOver]: () => pair.failOver() });
    await scenes.goSilent(scene);
    const { state, steps } = await scenes.settle(scene);
    const calls = await scenes.callsOf(scene);
    expect(calls).toEqual([...new Set(calls)]);
    expect(['succeeded', 'failed']).toContain(state);
    expect(await scenes.holderOf(scene)).toBeNull();
    const open = steps.filter((record) => record.state === 'begun' || record.state === 'unclear');
    expect(open).toEqual([]);
    if (state === 'succeeded') expect(calls).toEqual(scenes.ACTS);
  });

  it('does no member a second time whose whole entry is lost: its own counter tells', async () => {
    const { operations } = scene.executor;
    await operations.create(evenIfCompact(scene.approved));
    await until(() => caughtUp(pair.client), { what: 'the replica knows the operation' });
    const events: Events = { 'before defragment m3': () => pair.failOver() };
    const executor = scenes.another(scene, { patient: true, witness: witnessOf(events) });
    const pauses = { ...executor.pauses, holding: () => cutBehindTheCompaction() };
    await execute({ ...executor, pauses }, 'op3');
    const calls = await scenes.callsOf(scene);
    expect(calls).toEqual([...new Set(calls)]);
    expect(calls).toContain('defragment m1');
  });

  /** Asked for between two steps. */
  async function cutBehindTheCompaction(): Promise<null> {
    if ((await scenes.callsOf(scene)).at(-1) === 'compact') await pair.cut();
    return null;
  }

  function evenIfCompact({ plan }: Operation): Operation {
    const steps = plan.steps.map((step): PlannedStep =>
      step.kind === 'defragment' ? { ...step, evenIfCompact: true } : step,
    );
    return approvedNow({ id: 'op3', plan: { ...plan, steps } });
  }
});
