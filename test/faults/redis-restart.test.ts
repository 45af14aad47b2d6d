import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { until } from '../../infra/local/until.js';
import { execute } from '../../src/engine/execute.js';
import { isPoint, told } from '../engine/crash/effects.js';
import * as scenes from '../engine/crash/scene.js';
import { oneRedis } from '../redis.js';

/** As the README asks for it. */
const redis = oneRedis({ appendOnly: true, args: ['--appendfsync', 'everysec'] });
const elsewhere = oneRedis();

let root: string;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'etcd-steward-restart-'));
});

afterEach(async () => {
  await rm(root, { recursive: true, force: true });
});

it('A Redis that is restarted in the middle of a run is waited for, and nothing is done twice', async () => {
  const all = await pointsOfAWholeRun();
  const started = all.indexOf('after spent mark');
  for (const point of some(all)) {
    const scene = await fresh(point);
    const outcome = await restartedAt(point, scene).then(
      () => 'it went on',
      (error: unknown) => String(error),
    );
    await scenes.goSilent(scene);
    const { state } = await scenes.settle(scene);
    const calls = await scenes.callsOf(scene);
    const where = `${String(point)} ${all[point] ?? ''}`;
    expect({ where, again: calls.length - new Set(calls).size }).toEqual({ where, again: 0 });
    expect(await scenes.holderOf(scene)).toBeNull();
    if (point < started) continue;
    expect({ where, outcome, state, calls }).toEqual({
      where,
      outcome: 'it went on',
      state: 'succeeded',
      calls: scenes.ACTS,
    });
  }
}, 120_000);

/** The start one by one; from then on the acts, and every sixth of the rest. */
function some(all: readonly string[]): readonly number[] {
  const started = all.indexOf('after spent mark');
  return all.flatMap((effect, point) => {
    const isAct = scenes.ACTS.some((act) => effect.endsWith(` ${act}`));
    return point <= started || (isAct && point % 2 === 0) || point % 7 === 0 ? [point] : [];
  });
}

async function fresh(turn: number): Promise<scenes.Scene> {
  await until(() => redis.client.flushall(), { what: 'Redis answers again' });
  await elsewhere.client.flushall();
  return scenes.aScene(redis.client, join(root, String(turn)), elsewhere.client);
}

async function pointsOfAWholeRun(): Promise<readonly string[]> {
  const points: string[] = [];
  await run(await fresh(-1), async (effect) => void points.push(effect));
  return points;
}

/** It dies while the effect of this number is on its way, and comes back with what it had written down. */
async function restartedAt(point: number, scene: scenes.Scene): Promise<void> {
  let [passed, restarting] = [0, Promise.resolve()];
  try {
    await run(scene, async () => {
      if (passed++ === point) restarting = redis.server.restart();
    });
  } finally {
    await restarting;
    await until(() => redis.client.ping(), { what: 'Redis answers again' });
  }
}

async function run(scene: scenes.Scene, tell: (effect: string) => Promise<void>): Promise<void> {
  const witness = async (effect: string): Promise<void> => (isPoint(effect) ? tell(effect) : undefined);
  await execute(told(scenes.another(scene, { witness, patient: true }), witness), 'op1');
}
