import { describe, expect, it } from '@jest/globals';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { startEtcd } from '../../infra/local/etcd.js';
import type { Message } from '../../infra/local/slack/types.js';
import { CLUSTER, type Settings } from './configuration.js';
import { aScene, type StartedParts } from './scene.js';
import { buttonsOf, cardSays, fillIn, press, propose, textOf, whispered } from './talk.js';
import { operationOf } from './truth.js';

const EVERY_DAY = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];

/** One hour, half a day from now. */
function closedNow(): { from: string; to: string } {
  const hour = (new Date().getUTCHours() + 12) % 24;
  const [from, to] = [hour, hour + 1].map((one) => `${String(one).padStart(2, '0')}:00`);
  return { from: from ?? '', to: to ?? '' };
}

describe('When nothing may start', () => {
  const hours = closedNow();
  const scene = aScene({ etcd: { members: 1 }, cluster, others });

  describe('because the maintenance windows are closed', () => {
    let card: Message;

    it('the card says so, and who could let it start', async () => {
      card = await propose(scene, `backup ${CLUSTER}`);
      const said = textOf(card);
      expect(said).toMatch(/Outside the maintenance windows.* \(Sun, .*Sat \d\d:00–\d\d:00 UTC\)/);
      expect(said).toContain('starts now only if one of <@U0BEN> approves');
    });

    it('an approver is refused, with the hours', async () => {
      const said = await whispered(scene, 'anna', () => press(scene, 'anna', card, 'operation.approve'));
      expect(said).toContain('It would start now, outside the maintenance windows');
      expect(said).toContain(`${hours.from}–${hours.to} UTC`);
      expect((await operationOf(scene.redis, card)).state).toBe('pending');
      expect(await backupsOf(CLUSTER)).toEqual([]);
    });

    it('one who may approve outside of them starts it', async () => {
      const said = await whispered(scene, 'ben', () => press(scene, 'ben', card, 'operation.approve'));
      expect(said).toContain('Your approval counts: 1 of 1. It starts now.');
      const done = textOf(await cardSays(scene, card, /Done/));
      expect(done).toMatch(/Approved by <@U0BEN>.*may start outside the windows/);
      expect(await backupsOf(CLUSTER)).toHaveLength(1);
    });
  });

  describe('because changes are off', () => {
    let card: Message;

    it('the plan is shown all the same, and its card says that it can’t be approved', async () => {
      card = await propose(scene, 'backup frozen');
      const said = textOf(card);
      expect(said).toContain('*Changes are off for this cluster* (`changes: off`)');
      expect(said).toContain('Approve (changes are off)');
      expect(said).toMatch(/By hand[^]*etcdctl .*snapshot save/);
      expect(buttonsOf(card)).toEqual([
        'operation.approve',
        'operation.deny',
        'operation.cancel',
        'operation.details',
      ]);
    });

    it.each(['operation.approve', 'operation.review'])('%s is refused, and says why', async (actionId) => {
      const { id: value } = await operationOf(scene.redis, card);
      const click = { user: 'ben', channel: 'platform', ts: card.ts, actionId, value };
      const said = await whispered(scene, 'ben', () => scene.drive.click(click));
      expect(said).toContain('Changes are off for frozen (`changes: off`), so nothing can be approved.');
      expect((await operationOf(scene.redis, card)).state).toBe('pending');
    });

    it('it can be denied', async () => {
      await press(scene, 'anna', card, 'operation.deny');
      await fillIn(scene, 'anna', { form: 'operation.review', reason: 'done by hand' });
      await cardSays(scene, card, /Denied/);
      expect(await backupsOf('frozen')).toEqual([]);
    });
  });

  function backupsOf(name: string): Promise<readonly string[]> {
    return readdir(join(scene.directory, name)).catch(() => []);
  }

  function cluster({ directory, slack: { users } }: StartedParts): Settings {
    return {
      windows: [{ days: EVERY_DAY, ...hours, zone: 'UTC' }],
      policy: { outsideWindow: { users: [users['ben']] } },
      backup: { directory: join(directory, CLUSTER) },
    };
  }

  async function others({ directory, slack: { channels } }: StartedParts): Promise<Settings[]> {
    const { endpoints } = scene.also(await startEtcd({ version: '3.5', members: 1 }));
    const backup = { directory: join(directory, 'frozen') };
    return [{ name: 'frozen', endpoints, channels: [channels['platform']], changes: 'off', backup }];
  }
});
