import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { LocalSlack } from '../../../../infra/local/slack/index.js';
import { call, rawCall, startSmall } from './workspace.js';

let slack: LocalSlack;

beforeAll(async () => {
  slack = await startSmall();
});
afterAll(() => slack.stop());

const api = (method: string, args: Record<string, unknown> = {}) => call(slack, method, args);

describe('tokens', () => {
  it.each([
    ['xoxb-wrong', 'auth.test', 'invalid_auth'],
    ['xapp-local-app', 'auth.test', 'not_allowed_token_type'],
    ['xoxb-local-bot', 'apps.connections.open', 'not_allowed_token_type'],
  ])('%s with %s is %s', async (token, method, error) => {
    expect(await call(slack, method, {}, token)).toEqual({ ok: false, error });
  });

  it('tells the scopes', async () => {
    const answer = await rawCall(slack, 'auth.test');
    expect(answer.headers.get('x-oauth-scopes')?.split(',')).toContain('chat:write');
  });
});

describe('where the bot is no member', () => {
  it.each([
    ['chat.postMessage', 'C0LOBBY', 'not_in_channel'],
    ['chat.postMessage', 'C0VAULT', 'channel_not_found'],
    ['chat.postMessage', 'C0NOWHERE', 'channel_not_found'],
    ['chat.postEphemeral', 'C0LOBBY', 'not_in_channel'],
    ['conversations.history', 'C0LOBBY', 'not_in_channel'],
    ['conversations.info', 'C0VAULT', 'channel_not_found'],
    ['conversations.members', 'C0NOWHERE', 'channel_not_found'],
  ])('%s in %s is %s', async (method, channel, error) => {
    expect(await api(method, { channel, user: 'U0ALICE', text: 'x' })).toEqual({ ok: false, error });
  });

  it('shares no file', async () => {
    const args = { files: [{ id: 'F1' }], channel_id: 'C0LOBBY' };
    expect(await api('files.completeUploadExternal', args)).toEqual({ ok: false, error: 'not_in_channel' });
  });

  it('shows nothing to somebody who is not there either', async () => {
    const args = { channel: 'C0PLATFORM', user: 'U0GINA', text: 'x' };
    expect(await api('chat.postEphemeral', args)).toEqual({ ok: false, error: 'user_not_in_channel' });
  });
});

describe('people, channels and groups', () => {
  const plain = { is_bot: false, is_restricted: false, is_ultra_restricted: false, deleted: false };
  const userOf = async (user: string) => (await api('users.info', { user }))['user'];

  it.each([
    ['U0ALICE', { ...plain, team_id: 'T0LOCAL' }],
    ['U0GINA', { ...plain, is_restricted: true }],
    ['U0UMA', { ...plain, is_ultra_restricted: true }],
    ['U0STAN', { ...plain, is_stranger: true, team_id: 'T0OTHER' }],
    ['U0DORA', { deleted: true }],
    ['U0OTTO', { ...plain, is_bot: true }],
  ])('%s', async (user, flags) => {
    expect(await userOf(user)).toMatchObject(flags);
  });

  it('tells strangers only of strangers, and little of the departed', async () => {
    expect(await userOf('U0ALICE')).not.toHaveProperty('is_stranger');
    expect(await userOf('U0DORA')).not.toHaveProperty('is_restricted');
  });

  it('tells of channels whether they are shared and the bot is in them', async () => {
    const channelOf = async (channel: string) => (await api('conversations.info', { channel }))['channel'];
    expect(await channelOf('C0PLATFORM')).toMatchObject({ is_ext_shared: true, is_member: true });
    expect(await channelOf('C0LOBBY')).toMatchObject({ is_ext_shared: false, is_member: false });
  });

  it('lists members as they are now', async () => {
    const members = async () => (await api('conversations.members', { channel: 'C0PLATFORM' }))['members'];
    expect(await members()).toEqual(['U0ALICE', 'U0BOB', 'U0STEWARD']);
    slack.state.rooms.get('C0PLATFORM')?.members.delete('U0BOB');
    expect(await members()).toEqual(['U0ALICE', 'U0STEWARD']);
    slack.state.rooms.get('C0PLATFORM')?.members.add('U0BOB');
  });

  it('knows user groups', async () => {
    const group = (usergroup: string) => api('usergroups.users.list', { usergroup });
    expect(await group('S0ONCALL')).toEqual({ ok: true, users: ['U0ALICE', 'U0BOB'] });
    expect(await group('S0NONE')).toEqual({ ok: false, error: 'no_such_subteam' });
  });
});
