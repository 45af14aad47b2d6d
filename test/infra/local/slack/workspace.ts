import { App, LogLevel, SocketModeReceiver, type Logger, type types } from '@slack/bolt';
import { startSlack, type LocalSlack, type SlackOptions } from '../../../../infra/local/slack/index.js';

export const smallWorkspace: SlackOptions = {
  app: { name: 'steward', commands: ['/etcd'] },
  users: [
    { name: 'alice', realName: 'Alice Adams' },
    { name: 'bob', realName: 'Bob Brown' },
    { name: 'gina', realName: 'Gina Guest', restricted: true },
    { name: 'uma', realName: 'Uma Ultra', ultraRestricted: true },
    { name: 'stan', realName: 'Stan Stranger', stranger: true, teamId: 'T0OTHER' },
    { name: 'dora', realName: 'Dora Departed', deleted: true },
    { name: 'otto', realName: 'Otto Other-Bot', bot: true },
  ],
  channels: [
    { name: 'alerts' },
    { name: 'platform', members: ['alice', 'bob'], extShared: true },
    { name: 'lobby', botIsMember: false },
    { name: 'vault', botIsMember: false, private: true },
  ],
  userGroups: { S0ONCALL: ['U0ALICE', 'U0BOB'] },
};

export function startSmall(options: Partial<SlackOptions> = {}): Promise<LocalSlack> {
  return startSlack({ ...smallWorkspace, ...options });
}

type Place = Pick<LocalSlack, 'apiUrl' | 'appToken' | 'botToken'>;

/** Bolt as it is shipped, but quick to connect anew and without retries of its own. */
export function boltFor({ apiUrl, appToken, botToken }: Place, retries = 0): App {
  const clientOptions = { slackApiUrl: apiUrl, retryConfig: { retries } };
  const installerOptions = { clientOptions: { slackApiUrl: apiUrl } };
  const quiet = { logger: silent };
  const receiver = new SocketModeReceiver({ appToken, clientPingTimeout: 300, installerOptions, ...quiet });
  return new App({ token: botToken, receiver, clientOptions, ...quiet });
}

export const silent: Logger = {
  debug: () => {},
  info: () => {},
  warn: () => {},
  error: () => {},
  setLevel: () => {},
  getLevel: () => LogLevel.ERROR,
  setName: () => {},
};

export interface ApiAnswer extends Record<string, unknown> {
  ok: boolean;
  error?: string;
  ts?: string;
}

/** A Web API call with nothing between. */
export async function call(
  slack: Pick<LocalSlack, 'apiUrl' | 'botToken'>,
  method: string,
  args: Record<string, unknown> = {},
  token = slack.botToken,
): Promise<ApiAnswer> {
  const answer = await rawCall(slack, method, args, token);
  return (await answer.json()) as ApiAnswer;
}

export function rawCall(
  { apiUrl, botToken }: Pick<LocalSlack, 'apiUrl' | 'botToken'>,
  method: string,
  args: Record<string, unknown> = {},
  token = botToken,
): Promise<Response> {
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${token}` };
  return fetch(apiUrl + method, { method: 'POST', headers, body: JSON.stringify(args) });
}

export function modalView(title = 'Deny'): types.ModalView {
  return {
    ...{ type: 'modal', callback_id: 'operation.review', private_metadata: 'op1' },
    title: { type: 'plain_text', text: title },
    submit: { type: 'plain_text', text: 'Send' },
    blocks: [
      {
        ...{ type: 'input', block_id: 'reason', label: { type: 'plain_text', text: 'Reason' } },
        element: { type: 'plain_text_input', action_id: 'text' },
      },
    ],
  };
}
