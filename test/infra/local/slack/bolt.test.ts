import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { App } from '@slack/bolt';
import type { LocalSlack } from '../../../../infra/local/slack/index.js';
import { boltFor, modalView, startSmall } from './workspace.js';

describe('an unmodified Bolt app in Socket Mode', () => {
  let slack: LocalSlack;
  let app: App;

  beforeAll(async () => {
    slack = await startSmall();
  });
  afterAll(() => slack.stop());

  beforeEach(() => {
    app = boltFor(slack);
  });
  afterEach(async () => {
    await app.stop();
  });

  it('gets a command, acks, posts, updates and answers in a thread', async () => {
    app.command('/etcd', async ({ ack, client, command }) => {
      await ack();
      const channel = command.channel_id;
      const posted = await client.chat.postMessage({ channel, text: `looking: ${command.text}` });
      await client.chat.update({ channel, ts: posted.ts!, text: 'all is well' });
      await client.chat.postMessage({ channel, thread_ts: posted.ts!, text: 'in detail' });
    });
    await app.start();

    const { ackMs, failed } = await slack.drive.command({
      user: 'alice',
      channel: 'alerts',
      text: 'status prod',
    });
    const reply = await slack.drive.waitForMessage('alerts', ({ text }) => text === 'in detail');

    expect(failed).toBeUndefined();
    expect(ackMs).toBeLessThan(1000);
    expect((await slack.drive.messages('alerts')).map(({ text }) => text)).toEqual(['all is well']);
    const thread = await slack.drive.thread('alerts', reply.thread_ts!);
    expect(thread.map(({ text }) => text)).toEqual(['all is well', 'in detail']);
  });

  it('shows the answer in an ack to the author alone', async () => {
    app.command('/etcd', ({ ack }) => ack('not today'));
    await app.start();

    await slack.drive.command({ user: 'bob', channel: 'alerts', text: 'fix' });

    await slack.drive.waitForEphemeral('bob', ({ text }) => text === 'not today');
    expect(await slack.drive.ephemerals('alice')).toEqual([]);
    expect((await slack.drive.messages('alerts')).map(({ text }) => text)).not.toContain('not today');
  });

  it('is mentioned in a thread', async () => {
    app.event('app_mention', async ({ event, say }) => {
      await say({ text: `heard ${event.text}`, thread_ts: event.thread_ts ?? event.ts });
    });
    await app.start();

    const root = await slack.drive.say({ user: 'alice', channel: 'alerts', text: 'anybody there?' });
    await slack.drive.mention({ user: 'alice', channel: 'alerts', text: 'status', threadTs: root.ts });

    const heard = `heard <@${slack.botUserId}> status`;
    const reply = await slack.drive.waitForMessage('alerts', ({ text }) => text === heard);
    expect(reply.thread_ts).toBe(root.ts);
  });

  it('gets a click with what the button carries, and who may not exist', async () => {
    const clicks: unknown[] = [];
    app.action('operation.approve', async ({ ack, body, action }) => {
      await ack();
      clicks.push([body.user.id, 'value' in action && action.value, 'block_id' in action && action.block_id]);
    });
    await app.start();
    const { ts } = await app.client.chat.postMessage({
      ...{ channel: slack.channels['alerts']!, text: 'a card' },
      blocks: [
        {
          type: 'actions',
          block_id: 'review',
          elements: [
            {
              ...{ type: 'button', action_id: 'operation.approve', value: 'op1' },
              text: { type: 'plain_text', text: 'Approve' },
            },
          ],
        },
      ],
    });
    const button = { channel: 'alerts', ts: ts!, actionId: 'operation.approve' };

    await slack.drive.click({ ...button, user: 'alice' });
    await slack.drive.click({ ...button, user: 'U0NOBODY', value: 'forged', blockId: 'other' });

    expect(clicks).toEqual([
      ['U0ALICE', 'op1', 'review'],
      ['U0NOBODY', 'forged', 'other'],
    ]);
  });

  it('opens a modal, refuses its input, then takes it', async () => {
    const reasons: unknown[] = [];
    app.command('/etcd', async ({ ack, client, command }) => {
      await ack();
      await client.views.open({ trigger_id: command.trigger_id, view: modalView() });
    });
    app.view('operation.review', async ({ ack, view }) => {
      const reason = view.state.values['reason']?.['text']?.value;
      if (reason === '') return ack({ response_action: 'errors', errors: { reason: 'say why' } });
      reasons.push([reason, view.private_metadata]);
      await ack();
    });
    await app.start();
    await slack.drive.command({ user: 'alice', channel: 'alerts', text: 'deny op1' });
    await slack.drive.waitForModal(({ callback_id: id }) => id === 'operation.review');

    const first = await slack.drive.submitView({ user: 'alice', values: { reason: { text: '' } } });
    expect(first.errors).toEqual({ reason: 'say why' });
    expect(slack.drive.modal('alice')?.callback_id).toBe('operation.review');

    await slack.drive.submitView({ user: 'alice', values: { reason: { text: 'not now' } } });
    expect(reasons).toEqual([['not now', 'op1']]);
    expect(slack.drive.views()).toEqual([]);
  });

  it('updates a view under the id that it was opened with', async () => {
    app.command('/etcd', async ({ ack, client, command }) => {
      await ack();
      const opened = await client.views.open({ trigger_id: command.trigger_id, view: modalView('One') });
      const { id, hash } = opened.view!;
      const updated = await client.views.update({ view_id: id!, hash: hash!, view: modalView('Two') });
      const late = client.views.update({ view_id: id!, hash: hash!, view: modalView('Three') });
      await expect(late).rejects.toThrow('hash_conflict');
      await client.chat.postMessage({ channel: 'C0ALERTS', text: `same: ${updated.view!.id === id}` });
    });
    await app.start();

    await slack.drive.command({ user: 'alice', channel: 'alerts', text: 'mute' });

    await slack.drive.waitForMessage('alerts', ({ text }) => text === 'same: true');
    expect(slack.drive.modal()?.title?.text).toBe('Two');
    await slack.drive.closeView({ user: 'alice' });
  });

  it('publishes App Home, and a click there comes from the view', async () => {
    const clicked: unknown[] = [];
    const button = { type: 'button' as const, action_id: 'cluster.status', value: 'prod' };
    app.event('app_home_opened', async ({ event, client }) => {
      const actions = { ...button, text: { type: 'plain_text' as const, text: 'Status' } };
      const view = { type: 'home' as const, blocks: [{ type: 'actions' as const, elements: [actions] }] };
      await client.views.publish({ user_id: event.user, view });
    });
    app.action('cluster.status', async ({ ack, body }) => {
      await ack();
      clicked.push([body.type === 'block_actions' && body.container['type'], 'response_url' in body]);
    });
    await app.start();

    await slack.drive.openHome('alice');
    await slack.drive.waitForHome('alice');
    await slack.drive.clickInHome({ user: 'alice', actionId: 'cluster.status' });

    expect(clicked).toEqual([['view', false]]);
  });

  it('uploads a file into a thread', async () => {
    await app.start();
    const channel = slack.channels['alerts']!;
    const root = await app.client.chat.postMessage({ channel, text: 'the report' });

    const file = Buffer.from('member,size\netcd-1,2100000000\n');
    await app.client.filesUploadV2({
      channel_id: channel,
      thread_ts: root.ts!,
      filename: 'members.csv',
      file,
    });

    const shared = await slack.drive.waitForMessage(
      'alerts',
      ({ files }) => files?.[0]?.name === 'members.csv',
    );
    expect(shared.thread_ts).toBe(root.ts);
    const permalink = shared.files![0]!.permalink;
    expect(permalink).not.toContain('slack.invalid');
    expect(await (await fetch(permalink)).text()).toBe(file.toString());
  });
});
