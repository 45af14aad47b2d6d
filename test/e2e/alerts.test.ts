import { describe, expect, it } from '@jest/globals';
import { fillUntilFull } from '../../infra/local/fill.js';
import type { Message } from '../../infra/local/slack/types.js';
import { until } from '../../infra/local/until.js';
import { CLUSTER } from './configuration.js';
import { aScene } from './scene.js';
import {
  ask,
  buttonsOf,
  cardSays,
  cardTells,
  fillIn,
  headerOf,
  markerOf,
  press,
  textOf,
  whispered,
} from './talk.js';
import { alarmsOf, operationOf } from './truth.js';
import { trailOf } from './trail.js';

const ROOT = /^incident:[^:]+$/;

describe('A cluster that runs full while nobody asks', () => {
  const scene = aScene({
    etcd: { quotaBytes: 16 * 1024 ** 2 },
    settings: { alerts: { thresholds: { 'quota-low': { for: '1h' } } } },
  });
  let root: Message;

  it('is told of by itself, in one message that says what it means and what to do', async () => {
    const { refusedWith } = await fillUntilFull(scene.etcd.endpoints);
    expect(refusedWith).toContain('database space exceeded');
    root = await scene.drive.waitForMessage('platform', (message) => ROOT.test(markerOf(message)));
    expect(headerOf(root)).toContain(CLUSTER);
    expect(textOf(root)).toMatch(/NOSPACE on m\d/);
    expect(buttonsOf(root)).toEqual(
      expect.arrayContaining(['incident.diagnose', 'incident.fix', 'incident.acknowledge', 'incident.mute']),
    );
  });

  it('is acknowledged by whoever may, and the message says who looks after it', async () => {
    const refused = await whispered(scene, 'nora', () => press(scene, 'nora', root, 'incident.acknowledge'));
    expect(refused).toContain('You are not among');
    await press(scene, 'olga', root, 'incident.acknowledge');
    expect(textOf(await cardTells(scene, root, /is on it/))).toContain(scene.slack.users['olga']);
  });

  it('is listed, with what is muted', async () => {
    const { message } = await ask(scene, { text: 'incidents' });
    expect(textOf(message)).toContain(CLUSTER);
  });

  it('survives a restart of the bot without a second message', async () => {
    await scene.bot.kill();
    await scene.startBot();
    await until(async () => (await ask(scene, { text: 'status' })).message.ts !== '', { what: 'it answers' });
    expect(await roots()).toHaveLength(1);
  });

  it('is mended from its own thread: the reason, the card, the approval', async () => {
    await press(scene, 'olga', root, 'incident.fix');
    const isCard = (message: Message): boolean =>
      /^operation:[^:]+$/.test(markerOf(message)) && message.thread_ts === root.ts;
    const [card] = await Promise.all([
      scene.drive.waitForMessage('platform', isCard),
      fillIn(scene, 'olga', { form: 'operation.propose', reason: 'pods do not start' }),
    ]);
    await press(scene, 'anna', card, 'operation.approve');
    await cardSays(scene, card, /Done/, 45_000);
    expect((await operationOf(scene.redis, card)).state).toBe('succeeded');
    expect(await alarmsOf(scene.etcd)).toEqual([]);
  });

  it('resolves itself in the same thread, and says why', async () => {
    const resolved = await cardSays(scene, root, /Resolved/i);
    expect(buttonsOf(resolved)).not.toContain('incident.fix');
    const isReply = (message: Message): boolean =>
      message.thread_ts === root.ts && /Resolved after/.test(textOf(message));
    await scene.drive.waitForMessage('platform', isReply);
    expect((await scene.drive.thread('platform', root.ts)).filter(isReply)).toHaveLength(1);
    expect(await roots()).toHaveLength(1);
  });

  it('stands in the audit trail', async () => {
    const told = (await trailOf(scene.directory)).filter(({ event }) => event.startsWith('incident.'));
    expect(told.map(({ event }) => event)).toEqual([
      'incident.opened',
      'incident.acknowledged',
      'incident.resolved',
    ]);
  });

  async function roots(): Promise<readonly Message[]> {
    return (await scene.drive.messages('platform')).filter((message) => ROOT.test(markerOf(message)));
  }
});
