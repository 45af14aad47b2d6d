import { beforeAll, describe, expect, it } from '@jest/globals';
import { fillUntilFull } from '../../infra/local/fill.js';
import type { Message } from '../../infra/local/slack/types.js';
import { until } from '../../infra/local/until.js';
import { aScene } from './scene.js';
import { ask, cardSays, fillIn, markerOf, press } from './talk.js';
import { alarmsOf, operationOf, removeOneKey } from './truth.js';

const CARD = /^operation:[^:]+$/;

describe('A fix that is asked for in a thread', () => {
  const scene = aScene({ etcd: { quotaBytes: 8 * 1024 ** 2 } });
  let root: string;
  let card: Message;

  beforeAll(() => fillUntilFull(scene.etcd.endpoints).then(() => undefined));

  it('by the button under an answer has its card there', async () => {
    const { message } = await ask(scene, { text: 'status' });
    root = message.ts;
    await press(scene, 'olga', message, 'cluster.fix');
    await fillIn(scene, 'olga', { form: 'operation.propose', reason: 'it is full' });
    card = await cardIn(root);
    expect(card.thread_ts).toBe(root);
  });

  it('by a mention has its card there too, in place of the one before', async () => {
    const before = card;
    await removeOneKey(scene.etcd);
    const text = 'fix calico --reason "it is full"';
    await scene.drive.mention({ user: 'olga', channel: 'platform', text, threadTs: root });
    await cardSays(scene, before, /Replaced/);
    card = await cardIn(root);
    expect(card.ts).not.toBe(before.ts);
  });

  it('is carried out from there, and every step is told there once', async () => {
    await press(scene, 'anna', card, 'operation.approve');
    await cardSays(scene, card, /Done/);
    expect(await alarmsOf(scene.etcd)).toEqual([]);
    const { id, steps } = await operationOf(scene.redis, card);
    const told = async (): Promise<readonly string[]> =>
      (await scene.drive.thread('platform', root))
        .map(markerOf)
        .filter((one) => one.startsWith(`operation:${id}:`));
    await until(async () => (await told()).length >= steps.length, { what: 'every step is told' });
    expect(new Set(await told()).size).toBe(steps.length);
    expect(await told()).toHaveLength(steps.length);
  });

  it('nothing of it stands in the channel itself', async () => {
    const inChannel = (await scene.drive.messages('platform')).map(markerOf);
    expect(inChannel.filter((marker) => marker.startsWith('operation:'))).toEqual([]);
  });

  function cardIn(thread: string): Promise<Message> {
    const isIt = (one: Message): boolean =>
      one.thread_ts === thread && CARD.test(markerOf(one)) && /To approve/.test(JSON.stringify(one.blocks));
    return scene.drive.waitForMessage('platform', isIt);
  }
});
