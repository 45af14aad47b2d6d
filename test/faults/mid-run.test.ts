import { beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { fillUntilFull } from '../../infra/local/fill.js';
import type { Message } from '../../infra/local/slack/types.js';
import { until } from '../../infra/local/until.js';
import { aScene } from '../e2e/scene.js';
import { ask, cardSays, press, propose, textOf } from '../e2e/talk.js';
import { areDefragmenting, defragmentations, locksIn, operationOf } from '../e2e/truth.js';
import { MANY_AT_ONCE, writeKeys } from './live-data.js';

const QUOTA_BYTES = 200 * 1024 ** 2;
const LIVE_KEYS = 250_000;

describe('While a member is defragmented', () => {
  const scene = aScene({
    etcd: { quotaBytes: QUOTA_BYTES, flags: MANY_AT_ONCE },
    expectedTrouble: /Redis|redis|timed out/,
  });
  let card: Message;
  let before: readonly number[];

  beforeAll(() => writeKeys(scene.etcd.endpoints, LIVE_KEYS), 120_000);

  beforeEach(async () => {
    await fillUntilFull(scene.etcd.endpoints, { valueBytes: 500_000 });
    before = await defragmentations(scene.etcd);
    card = await propose(scene);
    await press(scene, 'anna', card, 'operation.approve');
  }, 120_000);

  it('a member that stands still in the middle of it is waited for, and nothing is sent twice', async () => {
    const index = await firstDefragmenting();
    const member = scene.etcd.members[index];
    member?.pause();
    const { message, tookMs } = await ask(scene, { text: 'status' });
    // It does not wait for the member, which stands still until it has been answered.
    expect(tookMs).toBeLessThan(6000);
    expect(textOf(message)).toContain(member?.name);
    expect((await operationOf(scene.redis, card)).state).toBe('running');
    member?.resume();
    await cardSays(scene, card, /Done/, 60_000);
    expect(await moreDefragmentations()).toEqual([1, 1, 1]);
  }, 120_000);

  it('Redis may be away for a while: no member is defragmented twice, and the lock is free in the end', async () => {
    await firstDefragmenting();
    scene.redis.pause();
    const seen = (await scene.log()).length;
    await until(async () => /Redis|timed out/.test((await scene.log()).slice(seen)), {
      what: 'the bot misses Redis',
    });
    scene.redis.resume();
    await cardSays(scene, card, /Done|Failed/, 80_000);
    for (const count of await moreDefragmentations()) expect(count).toBeLessThanOrEqual(1);
    expect(await locksIn(scene.redis)).toEqual([]);
  }, 150_000);

  async function moreDefragmentations(): Promise<readonly number[]> {
    return (await defragmentations(scene.etcd)).map((count, index) => count - (before[index] ?? 0));
  }

  async function firstDefragmenting(): Promise<number> {
    const look = async (): Promise<string | false> => {
      const index = (await areDefragmenting(scene.etcd)).indexOf(true);
      return index >= 0 && String(index);
    };
    return Number(await until(look, { what: 'a member defragments itself', timeoutMs: 60_000, everyMs: 5 }));
  }
});
