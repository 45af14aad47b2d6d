import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { App } from '@slack/bolt';
import type { LocalSlack } from '../../../../infra/local/slack/index.js';
import { boltFor, call, modalView, startSmall, type ApiAnswer } from './workspace.js';

let slack: LocalSlack;
let clock = Date.now();

beforeAll(async () => {
  slack = await startSmall({ now: () => clock });
});
afterAll(() => slack.stop());

const api = (method: string, args: Record<string, unknown> = {}) => call(slack, method, args);
const post = (channel: string, text: string, more: object = {}) =>
  api('chat.postMessage', { channel, text, ...more });

describe('messages', () => {
  const metadata = { event_type: 'operation', event_payload: { id: 'op1', version: 3 } };
  const history = (args: object = {}) => api('conversations.history', { channel: 'C0ALERTS', ...args });
  const messagesOf = (answer: ApiAnswer) => answer['messages'] as Record<string, unknown>[];

  it('keep their metadata, for those who ask', async () => {
    const { ts } = await post('C0ALERTS', 'with metadata', { metadata });
    const [newest] = messagesOf(await history({ include_all_metadata: true, limit: 1 }));
    expect(newest).toMatchObject({ ts, metadata });
    const later = { ...metadata, event_payload: { id: 'op1', version: 4 } };
    await api('chat.update', { channel: 'C0ALERTS', ts, text: 'updated', metadata: later });
    const replies = await api('conversations.replies', {
      channel: 'C0ALERTS',
      ts,
      include_all_metadata: true,
    });
    expect(messagesOf(replies)[0]).toMatchObject({ text: 'updated', metadata: later });
    const plain = messagesOf(await history({ limit: 1 }))[0];
    expect(plain).toMatchObject({ metadata: { event_type: 'operation' } });
  });

  it('are not in history where they are ephemeral, and cannot be updated', async () => {
    const args = { channel: 'C0ALERTS', user: 'U0ALICE', text: 'for you alone' };
    const { message_ts: ts } = await api('chat.postEphemeral', args);
    expect(messagesOf(await history()).map(({ text }) => text)).not.toContain('for you alone');
    expect((await slack.drive.ephemerals('alice')).map(({ text }) => text)).toEqual(['for you alone']);
    await slack.drive.waitForEphemeral('alice', ({ text }) => text === 'for you alone');
    const update = await api('chat.update', { channel: 'C0ALERTS', ts, text: 'y' });
    expect(update).toEqual({ ok: false, error: 'message_not_found' });
  });

  it('of others cannot be updated', async () => {
    const { ts } = await slack.drive.say({ user: 'alice', channel: 'alerts', text: 'mine' });
    await slack.drive.waitForMessage('alerts', ({ text }) => text === 'mine');
    const update = await api('chat.update', { channel: 'C0ALERTS', ts, text: 'yours' });
    expect(update).toEqual({ ok: false, error: 'cant_update_message' });
  });

  it('come in pages', async () => {
    const sent: string[] = [];
    for (const text of ['p1', 'p2', 'p3', 'p4']) sent.push((await post('C0PLATFORM', text)).ts!);
    const page = async (args: object) => {
      const answer = await history({ channel: 'C0PLATFORM', ...args });
      const { next_cursor: cursor } = answer['response_metadata'] as { next_cursor: string };
      return { texts: messagesOf(answer).map(({ text }) => text), more: answer['has_more'], cursor };
    };
    const first = await page({ limit: 3 });
    expect(first).toMatchObject({ texts: ['p4', 'p3', 'p2'], more: true });
    expect(await page({ limit: 3, cursor: first.cursor })).toEqual({
      texts: ['p1'],
      more: false,
      cursor: '',
    });
    expect((await page({ oldest: sent[0], latest: sent[3] })).texts).toEqual(['p3', 'p2']);
    const inclusive = { oldest: sent[0], latest: sent[1], inclusive: true };
    expect((await page(inclusive)).texts).toEqual(['p2', 'p1']);
  });

  it('have replies only where there is a thread', async () => {
    const replies = await api('conversations.replies', { channel: 'C0ALERTS', ts: '1.000001' });
    expect(replies).toEqual({ ok: false, error: 'thread_not_found' });
  });

  it('get ids for their blocks', async () => {
    await post('C0ALERTS', 'x', { blocks: [{ type: 'divider' }, { type: 'divider', block_id: 'own' }] });
    const { blocks } = await slack.drive.waitForMessage('alerts', (message) => message.blocks?.length === 2);
    expect(blocks?.map(({ block_id: id }) => id)).toEqual(['slack-0', 'own']);
  });
});

describe('what a command hands out', () => {
  let app: App;
  let handed: { trigger_id: string; response_url: string };

  beforeAll(async () => {
    app = boltFor(slack);
    app.command('/etcd', async ({ ack, command }) => {
      handed = command;
      await ack();
    });
    await app.start();
  });
  afterAll(() => app.stop());

  const command = () => slack.drive.command({ user: 'alice', channel: 'alerts', text: 'x' });
  const open = () => api('views.open', { trigger_id: handed.trigger_id, view: modalView() });
  const respond = async (body: object) => {
    const headers = { 'content-type': 'application/json' };
    return (await fetch(handed.response_url, { method: 'POST', headers, body: JSON.stringify(body) })).status;
  };

  it('opens one modal', async () => {
    await command();
    expect(await open()).toMatchObject({ ok: true });
    expect(await open()).toEqual({ ok: false, error: 'exchanged_trigger_id' });
    await slack.drive.waitForModal();
    await slack.drive.closeView({ user: 'alice' });
  });

  it('opens none after three seconds', async () => {
    await command();
    clock += 3001;
    expect(await open()).toEqual({ ok: false, error: 'expired_trigger_id' });
  });

  it('takes five responses', async () => {
    await command();
    const statuses: number[] = [];
    for (const text of ['r1', 'r2', 'r3', 'r4', 'r5', 'r6']) statuses.push(await respond({ text }));
    expect(statuses).toEqual([200, 200, 200, 200, 200, 404]);
    const shown = (await slack.drive.ephemerals('alice')).map(({ text }) => text);
    expect(shown.slice(-5)).toEqual(['r1', 'r2', 'r3', 'r4', 'r5']);
  });

  it('takes none after half an hour', async () => {
    await command();
    clock += 30 * 60_000 + 1;
    expect(await respond({ text: 'late' })).toBe(404);
  });

  it('takes a response into a thread', async () => {
    await command();
    const { ts } = await post('C0ALERTS', 'a root');
    await respond({ text: 'threaded', thread_ts: ts, response_type: 'in_channel' });
    const { thread_ts: thread } = await slack.drive.waitForMessage(
      'alerts',
      ({ text }) => text === 'threaded',
    );
    expect(thread).toBe(ts);
  });
});
