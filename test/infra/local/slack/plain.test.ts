import { expect, it } from '@jest/globals';
import { startPlainSlack } from '../../../../infra/local/slack/index.js';
import { boltFor, smallWorkspace } from './workspace.js';

it('drives a bot on local-slack without our proxy', async () => {
  const slack = await startPlainSlack(smallWorkspace);
  const app = boltFor(slack);
  app.command('/etcd', async ({ ack, client, command, respond }) => {
    await ack();
    await respond(`heard ${command.text}`);
    await client.chat.postMessage({ channel: command.channel_id, text: 'all is well' });
  });
  await app.start();

  const { ackMs } = await slack.drive.command({ user: 'alice', channel: 'alerts', text: 'status' });
  await slack.drive.waitForMessage('alerts', ({ text }) => text === 'all is well');

  expect(ackMs).toBeLessThan(1000);
  await app.stop();
  await slack.stop();
});
