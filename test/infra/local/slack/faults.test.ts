import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { App } from '@slack/bolt';
import type { LocalSlack } from '../../../../infra/local/slack/index.js';
import { until } from '../../../../infra/local/until.js';
import { boltFor, call, rawCall, startSmall } from './workspace.js';

let slack: LocalSlack;

beforeAll(async () => {
  slack = await startSmall();
});
afterAll(() => slack.stop());
afterEach(() => slack.faults.clear());

const post = (text: string) => rawCall(slack, 'chat.postMessage', { channel: 'C0ALERTS', text });
const texts = async () => (await slack.drive.messages('alerts')).map(({ text }) => text);

describe('a scripted fault', () => {
  it('is an HTTP status, so many times', async () => {
    slack.faults.fail('chat.postMessage', { times: 2, status: 500 });
    expect([(await post('a')).status, (await post('b')).status, (await post('c')).status]).toEqual([
      500, 500, 200,
    ]);
    expect(await texts()).toEqual(['c']);
  });

  it('is an error that Slack names, for all methods that match', async () => {
    slack.faults.fail(/^conversations\./, { status: 'missing_scope' });
    expect(await call(slack, 'auth.test')).toMatchObject({ ok: true });
    expect(await call(slack, 'conversations.info', { channel: 'C0ALERTS' })).toEqual({
      ...{ ok: false, error: 'missing_scope' },
    });
  });

  it('is 429 with the time to wait', async () => {
    slack.faults.fail('chat.postMessage', { status: 'rate_limited', retryAfter: 7 });
    const answer = await post('d');
    expect([answer.status, answer.headers.get('retry-after')]).toEqual([429, '7']);
  });

  it('loses the answer to what was done', async () => {
    slack.faults.fail('chat.postMessage', { status: 'ok-but-lost-answer' });
    await expect(post('done all the same')).rejects.toThrow('fetch failed');
    expect(await texts()).toContain('done all the same');
  });

  it('breaks the connection before anything is done', async () => {
    slack.faults.fail('chat.postMessage', { status: 'connection-reset' });
    await expect(post('never')).rejects.toThrow('fetch failed');
    expect(await texts()).not.toContain('never');
  });

  it('never answers', async () => {
    slack.faults.fail('chat.postMessage', { status: 'timeout' });
    const patience = AbortSignal.timeout(100);
    const headers = { authorization: `Bearer ${slack.botToken}` };
    await expect(
      fetch(`${slack.apiUrl}chat.postMessage`, { method: 'POST', headers, signal: patience }),
    ).rejects.toThrow('timeout');
  });
});

it('tells how often and with what a method was called', async () => {
  await post('one');
  await post('two');
  await call(slack, 'auth.test');
  expect(slack.faults.counts()).toEqual({ 'chat.postMessage': 2, 'auth.test': 1 });
  expect(slack.faults.log().map(({ body }) => body['text'])).toEqual(['one', 'two', undefined]);
});

it('holds a method back', async () => {
  slack.faults.delay('auth.test', 60);
  const begun = performance.now();
  await call(slack, 'auth.test');
  expect(performance.now() - begun).toBeGreaterThan(55);
});

describe('with a bot connected', () => {
  let app: App;
  let heard: { text: string; retry: number | undefined }[];

  async function startBot(): Promise<void> {
    heard = [];
    app = boltFor(slack);
    app.command('/etcd', async ({ ack, command, context }) => {
      heard.push({ text: command.text, retry: context.retryNum });
      await ack();
    });
    await app.start();
  }

  const command = (text: string) => slack.drive.command({ user: 'alice', channel: 'alerts', text });
  const connected = () => until(() => slack.connections() === 1, { what: 'the bot is connected' });

  afterEach(() => app.stop());

  it('an outage refuses everything, and the bot is back after it', async () => {
    await startBot();
    slack.faults.outage(true);
    expect((await post('away')).status).toBe(503);
    await until(() => slack.connections() === 0, { what: 'the bot is disconnected' });
    expect(await command('in vain')).toMatchObject({ failed: 'dispatch_failed' });
    slack.faults.outage(false);
    await connected();
    expect((await post('back')).status).toBe(200);
    expect((await command('again')).failed).toBeUndefined();
    expect(heard).toEqual([{ text: 'again', retry: undefined }]);
  });

  it('sends the next envelopes twice', async () => {
    await startBot();
    slack.faults.duplicateEnvelopes(1);
    await command('doubled');
    await command('single');
    await until(() => heard.length === 3, { what: 'three envelopes were heard' });
    expect(heard).toEqual([
      { text: 'doubled', retry: undefined },
      { text: 'doubled', retry: 1 },
      { text: 'single', retry: undefined },
    ]);
  });

  it('has the bot connect anew', async () => {
    await startBot();
    slack.faults.disconnectSockets();
    expect(slack.connections()).toBe(0);
    await connected();
    expect((await command('on the new connection')).failed).toBeUndefined();
  });
});
