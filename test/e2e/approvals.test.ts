import { beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { startEtcd } from '../../infra/local/etcd.js';
import { fillUntilFull } from '../../infra/local/fill.js';
import type { Message } from '../../infra/local/slack/types.js';
import { CLUSTER, type Settings } from './configuration.js';
import { aScene, type StartedParts } from './scene.js';
import { cardSays, press, propose, textOf, textOfView, whispered } from './talk.js';
import { alarmsOf, defragmentations, idOf, operationOf, removeOneKey } from './truth.js';

const QUOTA_BYTES = 4 * 1024 ** 2;

describe('An approval', () => {
  const scene = aScene({ etcd: { members: 1, quotaBytes: QUOTA_BYTES }, others });
  let card: Message;

  beforeAll(() => fillUntilFull(scene.etcd.endpoints).then(() => undefined));

  describe('of a plan that makes every client stand still', () => {
    beforeEach(async () => {
      await removeOneKey(scene.etcd);
      card = await propose(scene, `fix ${CLUSTER}`);
      await press(scene, 'anna', card, 'operation.approve');
      const modal = await scene.drive.waitForModal((view) => view.callback_id === 'operation.review');
      expect(textOfView(modal)).toContain('ll clients stand still');
    });

    it('needs the name of the cluster, typed by hand', async () => {
      const said = await whispered(scene, 'anna', () => confirm('calico-pord'));
      expect(said).toContain('The approver has to confirm that all clients stand still');
      expect((await operationOf(scene.redis, card)).state).toBe('pending');
      expect(await defragmentations(scene.etcd)).toEqual([0]);
    });

    it('is carried out once that is confirmed', async () => {
      await confirm(CLUSTER);
      const said = textOf(await cardSays(scene, card, /Done/));
      expect(said).toContain('standstill confirmed');
      expect(await defragmentations(scene.etcd)).toEqual([1]);
      expect(await alarmsOf(scene.etcd)).toEqual([]);
    });

    function confirm(name: string): Promise<unknown> {
      const values = { standstill: { cluster: name }, reason: { reason: '' } };
      return scene.drive.submitView({ user: 'anna', values });
    }
  });

  it('that does not come in time is not waited for, and the old card still answers', async () => {
    card = await propose(scene, 'fix hurried');
    const said = textOf(await cardSays(scene, card, /Expired/));
    expect(said).toContain('Nobody approved it in time');
    expect(said).toContain('Nothing was touched');
    expect(said).toContain('/etcd fix hurried');
    const late = { channel: 'platform', ts: card.ts, actionId: 'operation.approve', value: idOf(card) };
    const answer = await whispered(scene, 'ben', () => scene.drive.click({ user: 'ben', ...late }));
    expect(answer).toContain('It is expired, not pending any more');
  });

  it('of something that nobody knows is answered too', async () => {
    const unknown = { channel: 'platform', ts: card.ts, actionId: 'operation.approve', value: 'a1b2c3' };
    const answer = await whispered(scene, 'ben', () => scene.drive.click({ user: 'ben', ...unknown }));
    expect(answer).toContain('This operation is not known any more.');
  });

  it('of two that are needed starts nothing, and one person is counted once', async () => {
    card = await propose(scene, 'fix careful');
    await confirmAs('anna', 'careful');
    const half = (one: Message): boolean => one.ts === card.ts && textOf(one).includes('1 of 2 approvals');
    await scene.drive.waitForMessage('platform', half);
    const again = await whispered(scene, 'anna', () => confirmAs('anna', 'careful'));
    expect(again).toContain('You have already reviewed this operation.');
    expect((await operationOf(scene.redis, card)).state).toBe('pending');
    await confirmAs('ben', 'careful');
    // It has no other member to come: nobody waits for `settle`.
    const said = textOf(await cardSays(scene, card, /Done/));
    expect(said.match(/Approved by/g)).toHaveLength(2);
  });

  async function confirmAs(user: string, name: string): Promise<void> {
    await press(scene, user, card, 'operation.approve');
    await scene.drive.waitForModal((view) => view.callback_id === 'operation.review');
    const values = { standstill: { cluster: name }, reason: { reason: '' } };
    await scene.drive.submitView({ user, values });
  }

  async function others({ slack }: StartedParts): Promise<readonly Settings[]> {
    const channels = [slack.channels['platform']];
    const full = async (): Promise<readonly string[]> => {
      const etcd = scene.also(await startEtcd({ version: '3.5', members: 1, quotaBytes: QUOTA_BYTES }));
      await fillUntilFull(etcd.endpoints);
      return etcd.endpoints;
    };
    const [one, two] = await Promise.all([full(), full()]);
    return [
      { name: 'hurried', endpoints: one, channels, policy: { approveWithin: '1s' } },
      { name: 'careful', endpoints: two, channels, settle: '60s', policy: { approvals: 2 } },
    ];
  }
});
