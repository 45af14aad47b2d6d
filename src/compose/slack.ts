import type { App } from '@slack/bolt';
import { makePagers } from '../adapters/pagers/pagers.js';
import { makePainter } from '../adapters/painter.js';
import { deliverPage } from '../engine/alerting/page.js';
import { loadCatalogue } from '../adapters/catalogue.js';
import { makeApp } from '../slack/app/app.js';
import { makeClient, makeLookupClient, type SlackAccess } from '../slack/app/client.js';
import { makeDirectory } from '../slack/app/directory.js';
import type { OutboxEntry } from '../domain/ports.js';
import type { Command } from '../slack/command.js';
import { makeDeliver, type Deliver } from '../slack/deliver.js';
import { makeMessenger } from '../slack/messenger.js';
import type { Parts } from './parts.js';

export interface Slack {
  readonly app: App;
  readonly deliver: Deliver;
}

export async function startSlack(parts: Parts): Promise<Slack> {
  const access = slackAccess(parts);
  const client = makeClient(access);
  const self = await client.auth.test();
  const { team_id: teamId = '', bot_id: botId = '', user_id: botUserId = '' } = self;
  const commands = await loadCatalogue<Command>(new URL('../slack/commands/', import.meta.url));
  const messenger = makeMessenger(client, makePainter());
  const directory = makeDirectory(makeLookupClient(access), parts.clock);
  const { monitor, limits: commandLimits, slack } = parts.config;
  const sampleValidMs = monitor.intervalMs;
  const deps = { ...parts, commands, messenger, directory, teamId, sampleValidMs, commandLimits };
  const app = makeApp(access, deps, { teamId, botId, botUserId });
  await app.start();
  parts.releasers.push('slack', () => app.stop());
  const { alertsChannel } = slack;
  const delivery = { ...parts, unsent: parts.outbox };
  const paging = { ...delivery, pagers: makePagers(parts.config.alerts.pagers) };
  const page = (entry: OutboxEntry): Promise<number | null> => deliverPage(paging, entry);
  return {
    app,
    deliver: makeDeliver({ ...delivery, commands, messenger, alertsChannel, page }),
  };
}

function slackAccess({ config }: Parts): SlackAccess {
  const { slackBotToken, slackAppToken } = config.secrets;
  if (!slackBotToken || !slackAppToken)
    throw new Error('the configuration let a role without Slack tokens pass');
  return {
    botToken: slackBotToken.reveal(),
    appToken: slackAppToken.reveal(),
    apiUrl: config.slack.apiUrl ?? undefined,
  };
}
