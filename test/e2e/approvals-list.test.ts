import { describe, expect, it } from '@jest/globals';
import { join } from 'node:path';
import type { Message } from '../../infra/local/slack/types.js';
import { aScene } from './scene.js';
import { buttonsOf, cardSays, fillIn, markerOf, propose, textOf, whispered } from './talk.js';
import { operationOf } from './truth.js';

describe('/etcd approvals', () => {
  const scene = aScene({
    etcd: { members: 1 },
    cluster: ({ directory }) => ({ backup: { directory: join(directory, 'backups') } }),
  });
  let backup: Message;
  let compaction: Message;

  it('says so where nothing waits', async () => {
    expect(textOf(await listFor('anna'))).toContain('Nothing waits for you');
  });

  it('shows what waits for the one who asks, and to nobody else', async () => {
    await scene.etcd.etcdctl('put', 'pod', '1');
    backup = await propose(scene, 'backup --reason "before the upgrade"');
    compaction = await propose(scene, 'compact --reason "too much history"');
    const before = (await scene.drive.messages('platform')).map(markerOf);
    const list = await listFor('anna');
    const said = textOf(list);
    expect(said).toContain('2 operations wait for your approval');
    expect(said).toMatch(
      /\*Back up calico-prod\*\n0 of 1 approvals · \d+ min.* left\nProposed by <@U0OLGA>: before the upgrade/,
    );
    expect(said).toContain('too much history');
    expect(list.ephemeral_to).toBe(scene.slack.users['anna']);
    expect((await scene.drive.messages('platform')).map(markerOf)).toEqual(before);
  });

  it.each(['olga', 'vera'])('has nothing for %s, who may not approve them', async (user) => {
    expect(textOf(await listFor(user))).toContain('Nothing waits for you');
  });

  it('has buttons that work: one is approved, the other denied', async () => {
    const list = await listFor('anna');
    expect(buttonsOf(list)).toEqual(
      Array(2).fill(['operation.approve', 'operation.deny', 'operation.details']).flat(),
    );
    const said = await whispered(scene, 'anna', () => pressIn(list, 'operation.approve', backup));
    expect(said).toContain('Your approval counts: 1 of 1. It starts now.');
    await pressIn(list, 'operation.deny', compaction);
    await fillIn(scene, 'anna', { form: 'operation.review', reason: 'not today' });
    await cardSays(scene, backup, /Done/);
    await cardSays(scene, compaction, /Denied/);
  });

  it('is empty afterwards', async () => {
    expect(textOf(await listFor('anna'))).toContain('Nothing waits for you');
  });

  async function listFor(user: string): Promise<Message> {
    const before = new Set((await scene.drive.ephemerals(user)).map(({ ts }) => ts));
    const listed = scene.drive.waitForEphemeral(user, ({ ts }) => !before.has(ts));
    const asked = scene.drive.command({ user, channel: 'platform', text: 'approvals' });
    return (await Promise.all([listed, asked]))[0];
  }

  async function pressIn(list: Message, actionId: string, card: Message): Promise<unknown> {
    const { id: value } = await operationOf(scene.redis, card);
    return scene.drive.click({ user: 'anna', channel: 'platform', ts: list.ts, actionId, value });
  }
});
