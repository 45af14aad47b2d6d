import { beforeAll, describe, expect, it } from '@jest/globals';
import { fillUntilFull } from '../../infra/local/fill.js';
import type { Message } from '../../infra/local/slack/types.js';
import { aScene } from './scene.js';
import { ask, fillIn, headerOf, markerOf, press, textOf, textOfView, whispered } from './talk.js';
import { inRedis, operationOf, removeOneKey } from './truth.js';

const FORM = 'operation.propose';
const CARD = /^operation:[^:]+$/;

describe('Whoever does not say why', () => {
  const scene = aScene({ etcd: { members: 1, quotaBytes: 4 * 1024 ** 2 } });

  beforeAll(() => fillUntilFull(scene.etcd.endpoints).then(() => undefined));

  it('is asked in a form, and nothing is proposed before it is sent', async () => {
    await scene.drive.command({ user: 'olga', channel: 'platform', text: 'fix calico' });
    const form = await scene.drive.waitForModal((view) => view.callback_id === FORM);
    expect(textOfView(form)).toMatch(/^Propose fix\n`\/etcd fix calico-prod`\n/);
    expect(await operations()).toEqual([]);
  });

  it('gets no further with blanks', async () => {
    const { errors } = await fillIn(scene, 'olga', { form: FORM, reason: ' \n ' });
    expect(errors).toEqual({ reason: 'Say why, in a few words.' });
    expect(await operations()).toEqual([]);
  });

  it('has the reason on the card once it is said', async () => {
    const card = await cardAfter(() => fillIn(scene, 'olga', { form: FORM, reason: 'pods do not start' }));
    expect(headerOf(card)).toContain('To approve: Make room');
    expect(textOf(card)).toMatch(/Proposed by <@U0OLGA>.*: pods do not start/);
    expect((await operationOf(scene.redis, card)).proposer.userId).toBe(scene.slack.users['olga']);
  });

  it('is asked after the button of a diagnosis too, and its card stands in that thread', async () => {
    const { message } = await ask(scene, { text: 'diagnose' });
    await removeOneKey(scene.etcd);
    await press(scene, 'olga', message, 'cluster.fix');
    const card = await cardAfter(() => fillIn(scene, 'olga', { form: FORM, reason: 'as diagnosed' }));
    expect(card.thread_ts).toBe(message.ts);
    expect(textOf(card)).toContain(': as diagnosed');
  });

  it('sends the form alone: what somebody else sends is refused, in the form itself', async () => {
    const before = await operations();
    await scene.drive.command({ user: 'olga', channel: 'platform', text: 'fix calico' });
    await fillIn(scene, 'anna', { form: FORM, reason: 'I would rather' });
    const refused = await scene.drive.waitForModal((view) => view.callback_id === 'refused');
    expect(textOfView(refused)).toContain('Only the person for whom this form was opened may send it.');
    expect(textOfView(refused)).toContain('I would rather');
    await scene.drive.closeView({ user: 'anna' });
    expect(await operations()).toEqual(before);
  });

  it('is asked in words after a mention, where Slack opens no form', async () => {
    const said = await whispered(scene, 'olga', () =>
      scene.drive.mention({ user: 'olga', channel: 'platform', text: 'fix calico' }),
    );
    expect(said).toContain('Say why: the approvers and the record need it.');
    expect(said).toContain('fix calico-prod --reason');
  });

  it('and has no right to propose is told that, and gets no form', async () => {
    const said = await whispered(scene, 'vera', () =>
      scene.drive.command({ user: 'vera', channel: 'platform', text: 'fix calico' }),
    );
    expect(said).toContain('You are not among the operators');
    expect(scene.drive.views()).toEqual([]);
  });

  function operations(): Promise<readonly string[]> {
    return inRedis(scene.redis, (redis) => redis.keys('{steward}:operation:*'));
  }

  async function cardAfter(act: () => Promise<unknown>): Promise<Message> {
    const before = new Set(await operations());
    const isNew = (one: Message): boolean =>
      CARD.test(markerOf(one)) && !before.has(`{steward}:${markerOf(one)}`);
    const [card] = await Promise.all([scene.drive.waitForMessage('platform', isNew), act()]);
    return card;
  }
});
