import { afterEach, expect, it } from '@jest/globals';
import { App, HTTPReceiver } from '@slack/bolt';
import type { LocalSlack } from '../../../../infra/local/slack/index.js';
import { freePort } from '../../../../infra/local/ports.js';
import { modalView, silent, smallWorkspace, startSmall } from './workspace.js';

let slack: LocalSlack;
let app: App | undefined;

async function start(signingSecret?: string): Promise<App> {
  const port = await freePort();
  const requestUrl = `http://127.0.0.1:${port}/slack/events`;
  slack = await startSmall({ app: { ...smallWorkspace.app, requestUrl } });
  const receiver = new HTTPReceiver({
    signingSecret: signingSecret ?? slack.signingSecret,
    logger: silent,
  });
  const clientOptions = { slackApiUrl: slack.apiUrl, retryConfig: { retries: 0 } };
  app = new App({ token: slack.botToken, receiver, clientOptions, logger: silent });
  await app.start(port);
  return app;
}

afterEach(async () => {
  await app?.stop();
  await slack.stop();
});

const command = () => slack.drive.command({ user: 'alice', channel: 'alerts', text: 'status' });

it('sends commands, submissions and events as signed requests', async () => {
  const bot = await start();
  bot.command('/etcd', async ({ ack, client, command: { trigger_id: trigger }, respond }) => {
    await ack();
    await client.views.open({ trigger_id: trigger, view: modalView() });
    await respond('to you');
  });
  bot.view('operation.review', ({ ack }) => ack());
  bot.event('app_mention', async ({ say }) => {
    await say('yes?');
  });

  expect((await command()).failed).toBeUndefined();
  await slack.drive.waitForEphemeral('alice', ({ text }) => text === 'to you');
  await slack.drive.waitForModal();
  await slack.drive.submitView({ user: 'alice', values: { reason: { text: 'because' } } });
  await slack.drive.mention({ user: 'alice', channel: 'alerts', text: 'hello' });
  await slack.drive.waitForMessage('alerts', ({ text }) => text === 'yes?');
});

it('marks a request that is sent twice', async () => {
  const bot = await start();
  const retries: unknown[] = [];
  bot.command('/etcd', async ({ ack, context }) => {
    retries.push(context.retryNum);
    await ack();
  });
  slack.faults.duplicateEnvelopes(1);
  await command();
  await command();
  expect(retries.sort()).toEqual([1, undefined, undefined]);
});

it('shows a failure where the bot refuses the signature', async () => {
  await start('another-secret');
  expect(await command()).toMatchObject({ failed: 'dispatch_failed' });
});
