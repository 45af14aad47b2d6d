import { App, LogLevel, SocketModeReceiver, type Logger } from '@slack/bolt';
import type { Log } from '../../domain/ports.js';
import { onClusterButton, onOperationButton, onReview, onUnknownButton } from './clicks.js';
import { CALL_TIMEOUT_MS, optionsOf, type SlackAccess } from './client.js';
import { typed } from '../dispatch.js';
import { once, type AppDeps } from './once.js';

/** Bolt waits this long before it connects again, also after Slack's routine refresh of a socket. */
const RECONNECT_MS = 2000;

/** Who the bot is, as Slack told once at the start. */
export interface Identity {
  readonly teamId: string;
  readonly botId: string;
  readonly botUserId: string;
}

/** Slack's side of the bot: takes commands, mentions and clicks, and hands them on. Holds no decision of its own. */
export function makeApp(access: SlackAccess, deps: AppDeps, identity: Identity): App {
  const logger = boltLogger(deps.log);
  const clientOptions = optionsOf(access, CALL_TIMEOUT_MS);
  const receiver = new SocketModeReceiver({
    appToken: access.appToken,
    clientPingTimeout: RECONNECT_MS,
    installerOptions: { clientOptions },
    logger,
  });
  const app = new App({
    // Given a token instead, Bolt asks Slack who it is before each command and click, and answers none when that fails.
    authorize: () => Promise.resolve({ ...identity, botToken: access.botToken }),
    receiver,
    clientOptions,
    logger,
  });
  onCommand(app, deps);
  onMention(app, deps);
  onClusterButton(app, deps);
  onOperationButton(app, deps);
  onUnknownButton(app, deps);
  onReview(app, deps);
  app.error((error) => {
    deps.log.error({ err: error }, 'Slack handed over something that could not be handled');
    return Promise.resolve();
  });
  return app;
}

function onCommand(app: App, deps: AppDeps): void {
  app.command(/.*/, async ({ command, ack }) => {
    const place = { channel: command.channel_id, responseUrl: command.response_url };
    const actor = { teamId: command.team_id, userId: command.user_id };
    const reply = await once(deps, command.trigger_id, () => typed(deps, { actor, place }, command.text));
    await (reply ? ack({ response_type: 'ephemeral', text: reply.text, blocks: [...reply.blocks] }) : ack());
  });
}

/** Threads have no slash commands: there the same words follow a mention. */
function onMention(app: App, deps: AppDeps): void {
  app.event('app_mention', async ({ event, body }) => {
    if (event.user === undefined || event.bot_id !== undefined) return;
    const actor = { teamId: event.user_team ?? body.team_id, userId: event.user };
    const place = { channel: event.channel, thread: event.thread_ts };
    const reply = await once(deps, body.event_id, () => typed(deps, { actor, place }, event.text));
    if (reply) await deps.messenger.whisper(place, event.user, reply);
  });
}

/** Bolt's own words go to our log; its chatter stays out. */
function boltLogger(log: Log): Logger {
  const say =
    (level: 'info' | 'warn' | 'error') =>
    (...words: unknown[]) => {
      log[level](
        { from: 'bolt', err: words.find((word) => word instanceof Error) },
        words.map(String).join(' '),
      );
    };
  const silent = (): void => undefined;
  const [warn, error] = [say('warn'), say('error')];
  return {
    debug: silent,
    info: silent,
    warn,
    error,
    setLevel: silent,
    getLevel: () => LogLevel.WARN,
    setName: silent,
  };
}
