import { beforeAll, describe, expect, it } from '@jest/globals';
import { fillUntilFull } from '../../infra/local/fill.js';
import type { Message } from '../../infra/local/slack/types.js';
import { CLUSTER, type Settings } from './configuration.js';
import { aScene, type StartedParts } from './scene.js';
import { buttonsOf, cardSays, headerOf, press, propose, textOf, textOfView, whispered } from './talk.js';
import { trailOf } from './trail.js';
import { alarmsOf, defragmentations, idOf, operationOf } from './truth.js';

const EMERGENCY = 'operation.emergency';

describe('In an emergency', () => {
  const scene = aScene({
    etcd: { members: 1, quotaBytes: 4 * 1024 ** 2 },
    settings: { slack: { mode: 'socket', alertsChannel: 'C0ALERTS' } },
    cluster,
  });
  let card: Message;

  describe('that is none', () => {
    it('there is no button for it, and a made-up click is refused', async () => {
      await scene.etcd.etcdctl('put', 'pod', '1');
      card = await propose(scene, 'compact');
      expect(buttonsOf(card)).not.toContain(EMERGENCY);
      const click = { user: 'ben', channel: 'platform', ts: card.ts, actionId: EMERGENCY, value: idOf(card) };
      const said = await whispered(scene, 'ben', () => scene.drive.click(click));
      expect(said).toContain(
        'An emergency approval is only for a `fix` of a cluster whose NOSPACE alarm is armed.',
      );
      expect(await operationOf(scene.redis, card)).toMatchObject({ state: 'pending', reviews: [] });
    });
  });

  describe('of a full cluster that needs two approvals', () => {
    beforeAll(async () => {
      await fillUntilFull(scene.etcd.endpoints);
      card = await propose(scene, 'fix --reason "nobody else is awake"', 'ben');
    });

    it('nobody takes it upon themselves whom the policy does not name', async () => {
      expect(buttonsOf(card)).toContain(EMERGENCY);
      const said = await whispered(scene, 'anna', () => press(scene, 'anna', card, EMERGENCY));
      expect(said).toContain(`You are not among the people whom \`policy.emergency\` names for ${CLUSTER}`);
    });

    it('who proposed it does not approve it as one of two', async () => {
      const said = await whispered(scene, 'ben', () => press(scene, 'ben', card, 'operation.approve'));
      expect(said).toContain('Nobody approves their own proposal.');
    });

    it('who is named has to say why', async () => {
      await openForm();
      expect(await submit(' ')).toMatchObject({ errors: { reason: 'Say why, in a few words.' } });
      expect((await operationOf(scene.redis, card)).state).toBe('pending');
    });

    it('and then approves alone, in the same form, also what is their own', async () => {
      const said = await whispered(scene, 'ben', () => submit('every pod hangs, it is 3 a.m.'));
      expect(said).toContain('Approved by you alone. It starts now.');
      const done = textOf(await cardSays(scene, card, /Done/));
      expect(done).toMatch(/\*Emergency approval\* by <@U0BEN>.*standstill confirmed.*: every pod hangs/);
      expect(await defragmentations(scene.etcd)).toEqual([1]);
      expect(await alarmsOf(scene.etcd)).toEqual([]);
    });

    it('everybody reads it in the alerts channel', async () => {
      const isIt = (one: Message): boolean => headerOf(one).includes(`Emergency approval on ${CLUSTER}`);
      const said = textOf(await scene.drive.waitForMessage('alerts', isIt));
      expect(said).toContain('<@U0BEN> alone approved *Make room in');
      expect(said).toContain('Why: every pod hangs, it is 3 a.m.');
      expect((await scene.drive.messages('platform')).filter(isIt)).toEqual([]);
    });

    it('the record marks it', async () => {
      const approved = (await trailOf(scene.directory)).filter(({ event }) => event === 'operation.approved');
      expect(approved).toMatchObject([
        { who: 'U0BEN', why: 'every pod hangs, it is 3 a.m.', detail: { emergency: true } },
      ]);
    });
  });

  async function openForm(): Promise<void> {
    await press(scene, 'ben', card, EMERGENCY);
    const form = await scene.drive.waitForModal((view) => view.callback_id === 'operation.review');
    expect(textOfView(form)).toMatch(/^Emergency approval\n[^]*You alone approve this/);
    expect(form.blocks.find((block) => block.block_id === 'reason')?.optional).toBe(false);
  }

  function submit(reason: string): Promise<unknown> {
    const values = { standstill: { cluster: CLUSTER }, reason: { reason } };
    return scene.drive.submitView({ user: 'ben', values });
  }

  function cluster({ slack: { users } }: StartedParts): Settings {
    const [olga, ben] = [users['olga'], users['ben']];
    return { policy: { operators: { users: [olga, ben] }, approvals: 2, emergency: { users: [ben] } } };
  }
});
