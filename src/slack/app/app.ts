import { App, LogLevel, SocketModeReceiver, type Logger } from '@slack/bolt';
import type { Log } from '../../domain/ports.js';
import { answer, whispered } from './answer.js';
import {
  onClusterButton,
  onIncidentButton,
  onLookButton,
  onOperationButton,
  onUnknownButton,
} from './clicks.js';
import { CALL_TIMEOUT_MS, optionsOf, socketOptionsOf, type SlackAccess } from './client.js';
import type { Message } from '../blocks/message.js';
import { typed } from '../dispatch.js';
import { onMute, onReason, onReview } from './forms.js';
import { onHome } from './home.js';
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
    installerOptions: { clientOptions: socketOptionsOf(access) },
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
  onIncidentButton(app, deps);
  onLookButton(app, deps);
  onUnknownButton(app, deps);
  onReason(app, deps);
  onReview(app, deps);
  onMute(app, deps);
  onHome(app, deps);
  app.error((error) => {
    deps.log.error({ err: error }, 'Slack handed over something that could not be handled');
    return Promise.resolve();
  });
  return app;
}

function onCommand(app: App, deps: AppDeps): void {
  app.command(/.*/, async ({ command, ack, client }) => {
    const place = { channel: command.channel_id, responseUrl: command.response_url };
    const actor = { teamId: command.team_id, userId: command.user_id };
    const reply = await once(deps, command.trigger_id, () =>
      typed(deps, { actor, place, canOpen: true }, command.text),
    );
    // The first delivery answers: an ack of ours would stand before its own.
    if (reply === 'seen') return;
    if (reply?.kind === 'message') return ack(whispered(reply.message));
    await ack();
    const tell = (message: Message) => deps.messenger.respond(command.response_url, message);
    await answer({ log: deps.log, client, trigger: command.trigger_id, tell }, reply);
  });
}

/** Threads have no slash commands: there the same words follow a mention. */
function onMention(app: App, deps: AppDeps): void {
  app.event('app_mention', async ({ event, body }) => {
    if (event.user === undefined || event.bot_id !== undefined) return;
    const actor = { teamId: event.user_team ?? body.team_id, userId: event.user };
    const place = { channel: event.channel, thread: event.thread_ts };
    const reply = await once(deps, body.event_id, () =>
      typed(deps, { actor, place, canOpen: false }, event.text),
    );
    if (reply !== 'seen' && reply?.kind === 'message')
      await deps.messenger.whisper(place, event.user, reply.message);
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
