import { beforeAll, describe, expect, it } from '@jest/globals';
import { fillUntilFull } from '../../infra/local/fill.js';
import type { Message } from '../../infra/local/slack/types.js';
import { until } from '../../infra/local/until.js';
import { aScene } from '../e2e/scene.js';
import { cardSays, press, propose, stepReplies, textOf } from '../e2e/talk.js';
import { alarmsOf, areDefragmenting, defragmentations, locksIn, operationOf } from '../e2e/truth.js';
import { MANY_AT_ONCE, writeKeys } from './live-data.js';

const QUOTA_BYTES = 200 * 1024 ** 2;
/** About 90 MiB; copying them takes a member a good part of a second. */
const LIVE_KEYS = 250_000;
/** A process is given up 15 s after its last sign of life; two looks, 5 s apart, follow. */
const RECONCILED_WITHIN_MS = 40_000;

describe('When the process at work is gone in the middle of a defragmentation', () => {
  const scene = aScene({ etcd: { quotaBytes: QUOTA_BYTES, flags: MANY_AT_ONCE } });
  let first: Message;
  let second: Message;

  beforeAll(async () => {
    await writeKeys(scene.etcd.endpoints, LIVE_KEYS);
    await fillUntilFull(scene.etcd.endpoints, { valueBytes: 500_000 });
  }, 120_000);

  it('killed: what it began is found out by reading, and never repeated', async () => {
    first = await approved();
    await defragmentationBegins();
    await scene.bot.kill();
    const stateLeft = (await operationOf(scene.redis, first)).state;
    expect(stateLeft).toBe('running');
    expect(await locksIn(scene.redis)).toHaveLength(2);
    await scene.startBot();
    await until(async () => (await operationOf(scene.redis, first)).state === 'unknown', {
      what: 'the operation is unknown',
      timeoutMs: RECONCILED_WITHIN_MS,
    });
    const said = textOf(await cardSays(scene, first, /Failed/, RECONCILED_WITHIN_MS));
    expect(said).toContain('The process at work ended in the middle.');
    expect(said).toMatch(/Reading shows: m\d: .* → .*Nothing was repeated/);
    expect((await defragmentations(scene.etcd)).toSorted()).toEqual([0, 0, 1]);
    expect(await locksIn(scene.redis)).toEqual([]);
  }, 120_000);

  it('told to end: it finishes its step, and the next process goes on behind it', async () => {
    second = await approved();
    await defragmentationBegins();
    await scene.bot.stop();
    expect(await scene.bot.ended).toBe(0);
    const { state, token, steps } = await operationOf(scene.redis, second);
    expect(state).toBe('running');
    expect(token).toBeDefined();
    expect(steps.filter((record) => record.state === 'begun')).toEqual([]);
    await scene.startBot();
    await cardSays(scene, second, /Done/, 60_000);
    // Once each over both operations: what the first one had done is found, and left alone.
    expect(await defragmentations(scene.etcd)).toEqual([1, 1, 1]);
    expect(await alarmsOf(scene.etcd)).toEqual([]);
    expect(await locksIn(scene.redis)).toEqual([]);
  }, 120_000);

  it('each step of it is told once', async () => {
    const { steps } = await operationOf(scene.redis, second);
    expect(await stepReplies(scene, second, steps.length)).toHaveLength(steps.length);
  });

  async function approved(): Promise<Message> {
    const card = await propose(scene);
    await press(scene, 'anna', card, 'operation.approve');
    return card;
  }

  function defragmentationBegins(): Promise<true> {
    const what = 'a member defragments itself';
    const begins = async (): Promise<boolean> => (await areDefragmenting(scene.etcd)).includes(true);
    return until(begins, { what, timeoutMs: 60_000, everyMs: 5 });
  }
});
