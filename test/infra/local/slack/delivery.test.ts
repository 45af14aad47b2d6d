import { afterEach, expect, it } from '@jest/globals';
import type { App } from '@slack/bolt';
import type { LocalSlack, SlackOptions } from '../../../../infra/local/slack/index.js';
import { until } from '../../../../infra/local/until.js';
import { boltFor, startSmall } from './workspace.js';

let slack: LocalSlack;
let apps: App[];

async function startWithBots(
  count: number,
  listen: (app: App, index: number) => void,
  options: Partial<SlackOptions> = {},
): Promise<void> {
  slack = await startSmall(options);
  apps = Array.from({ length: count }, () => boltFor(slack));
  apps.forEach(listen);
  await Promise.all(apps.map((app) => app.start()));
}

afterEach(async () => {
  await Promise.all(apps.map((app) => app.stop()));
  await slack.stop();
});

const command = (text: string) => slack.drive.command({ user: 'alice', channel: 'alerts', text });

it('gives each envelope to one of two bots, in turn', async () => {
  const heard: string[] = [];
  await startWithBots(2, (app, index) =>
    app.command('/etcd', async ({ ack, command: { text } }) => {
      heard.push(`${text} to ${index}`);
      await ack();
    }),
  );
  expect(slack.connections()).toBe(2);

  for (const text of ['a', 'b', 'c', 'd']) await command(text);

  expect(heard.map((line) => line[0])).toEqual(['a', 'b', 'c', 'd']);
  const [first, second, third, fourth] = heard.map((line) => line.slice(-1));
  expect(first).not.toBe(second);
  expect([third, fourth]).toEqual([first, second]);
});

it('goes on with the bot that is left', async () => {
  await startWithBots(2, (app) => app.command('/etcd', ({ ack }) => ack()));
  await apps[0]!.stop();
  await until(() => slack.connections() === 1, { what: 'one bot is left' });
  for (const text of ['a', 'b']) expect((await command(text)).failed).toBeUndefined();
});

it('gives up on a bot that does not ack', async () => {
  await startWithBots(1, (app) => app.command('/etcd', async () => {}), { ackMs: 80 });
  const acked = await command('status');
  expect(acked.failed).toBe('operation_timeout');
  expect(acked.ackMs).toBeGreaterThanOrEqual(79);
  expect(slack.deliveries()).toMatchObject([{ type: 'slash_commands', failed: 'operation_timeout' }]);
});

it('says so at once where no bot is', async () => {
  await startWithBots(0, () => {});
  expect(await command('status')).toMatchObject({ failed: 'dispatch_failed' });
});

it('knows no command that the app has not', async () => {
  await startWithBots(0, () => {});
  const other = { user: 'alice', channel: 'alerts', text: '', command: '/other' };
  expect(() => slack.drive.command(other)).toThrow('no command /other');
});
