import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { makeRates } from '../../../../infra/local/slack/rates.js';
import type { LocalSlack } from '../../../../infra/local/slack/index.js';
import { boltFor, rawCall, startSmall } from './workspace.js';

let slack: LocalSlack;

beforeAll(async () => {
  slack = await startSmall({ rates: { postBurst: 2 } });
});
afterAll(() => slack.stop());

it('allows a burst of posts to one channel, then one a second', () => {
  let now = 0;
  const take = makeRates(() => now, { postBurst: 2 });
  const post = (channel = 'C1') => take('chat.postMessage', channel);
  expect([post(), post(), post()]).toEqual([0, 0, 1]);
  expect(post('C2')).toBe(0);
  now += 999;
  expect(post()).toBe(1);
  now += 1;
  expect([post(), post()]).toEqual([0, 1]);
});

it('allows the other methods their tier, refilled over the minute', () => {
  let now = 0;
  const take = makeRates(() => now);
  const update = () => take('chat.update', 'C1');
  expect(Array.from({ length: 50 }, update).every((wait) => wait === 0)).toBe(true);
  expect(update()).toBe(2);
  now += 1_200;
  expect([update(), update()]).toEqual([0, 2]);
});

it('answers 429, and the bot succeeds when it has waited', async () => {
  const post = () => rawCall(slack, 'chat.postMessage', { channel: 'C0ALERTS', text: 'x' });
  expect([(await post()).status, (await post()).status]).toEqual([200, 200]);
  const refused = await post();
  expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '1']);

  const { client } = boltFor(slack, 3);
  const posted = await client.chat.postMessage({ channel: 'C0ALERTS', text: 'patient' });
  expect(posted.ok).toBe(true);
  expect(slack.faults.counts()['chat.postMessage']).toBeGreaterThan(4);
});
