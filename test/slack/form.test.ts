import { beforeEach, describe, expect, it } from '@jest/globals';
import type { Question } from '../../src/domain/answer.js';
import { typed } from '../../src/slack/dispatch.js';
import { submitted } from '../../src/slack/form.js';
import { from, makeDesk, TEAM, wordsOf, type Desk } from './desk.js';
import { oneRedis } from '../redis.js';

const redis = oneRedis();
let desk: Desk;

beforeEach(() => {
  desk = makeDesk(redis);
});

/** The id of the draft that a command leaves behind. */
async function formOf(text: string, user = 'U1'): Promise<string> {
  const reply = await typed(desk.deps, from(user), text);
  if (reply?.kind !== 'form') throw new Error(`no form: ${wordsOf(reply)}`);
  return reply.view.private_metadata ?? '';
}

const send = async (draftId: string, userId = 'U1', teamId = TEAM): Promise<string> =>
  wordsOf(await submitted(desk.deps, { actor: { teamId, userId }, draftId, reason: 'pods do not start' }));

const questions = () => desk.seen.jobs.map(({ question }) => question);

describe('who does not say why', () => {
  it.each([
    ['fix', 'Propose fix', 'Propose', '/etcd fix calico-prod'],
    ['compact --keep 10m', 'Propose compact', 'Propose', '/etcd compact calico-prod --keep 10m'],
    ['defrag m1 m2 --all', 'Propose defrag', 'Propose', '/etcd defrag calico-prod m1 m2 --all'],
    ['move-leader m2', 'Propose move-leader', 'Propose', '/etcd move-leader calico-prod m2'],
    ['disarm', 'Propose disarm', 'Propose', '/etcd disarm calico-prod'],
    ['backup', 'Propose backup', 'Propose', '/etcd backup calico-prod'],
    ['pause all', 'Pause changes', 'Pause', '/etcd pause all'],
    ['resume', 'Resume changes', 'Resume', '/etcd resume calico-prod'],
    ['fix --reason " "', 'Propose fix', 'Propose', '/etcd fix calico-prod'],
  ])('%j is asked in a form', async (text, title, submit, line) => {
    const reply = await typed(desk.deps, from('U1'), text);
    expect(reply).toMatchObject({
      kind: 'form',
      view: { callback_id: 'operation.propose', title: { text: title }, submit: { text: submit } },
    });
    expect(wordsOf(reply)).toContain(`\`${line}\``);
    expect(questions()).toEqual([]);
  });

  it('in a mention, where no form can be, is told what to add', async () => {
    const said = wordsOf(await typed(desk.deps, from('U1', 'C0PLATFORM', true), 'defrag m1'));
    expect(said).toContain('`/etcd defrag calico-prod m1 --reason');
  });

  it('gets no form where the answer would be no anyway', async () => {
    expect(await typed(desk.deps, from('U2'), 'fix')).toMatchObject({ kind: 'message' });
  });

  it('can type it where Slack does not open the form', async () => {
    const reply = await typed(desk.deps, from('U1'), 'fix');
    expect(JSON.stringify(reply)).toMatch(/did not open the form.*\/etcd fix calico-prod --reason/);
  });

  it('is asked in a form that holds an opaque id, and nothing else of ours', async () => {
    const reply = await typed(desk.deps, from('U1'), 'fix');
    expect(reply).toMatchObject({ view: { private_metadata: 'id-1' } });
  });
});

describe('a form that comes back', () => {
  it('asks its question, with the reason', async () => {
    expect(await send(await formOf('defrag m1 m2'))).toBe('null');
    expect(questions()).toMatchObject([
      {
        verb: 'defrag',
        cluster: 'calico-prod',
        options: { members: 'm1 m2', reason: 'pods do not start' },
        asker: { userId: 'U1' },
      },
    ]);
  });

  it('pauses every cluster where that was asked', async () => {
    expect(await send(await formOf('pause all'))).toBe('null');
    expect(questions()).toMatchObject([{ verb: 'pause', cluster: null, options: { all: true } }]);
  });

  it('twice asks once, and says where to look', async () => {
    const draft = await formOf('fix');
    const said = await Promise.all([send(draft), send(draft), send(draft)]);
    expect(said.filter((one) => one === 'null')).toHaveLength(1);
    expect(said.join()).toMatch(/sent already.*\/etcd operations/);
    expect(questions()).toHaveLength(1);
  });

  it.each([
    ['another person', 'U2', TEAM],
    ['the same id in another workspace', 'U1', 'T2'],
  ])('from %s is refused', async (_who, user, team) => {
    const draft = await formOf('fix');
    expect(await send(draft, user, team)).toMatch(/Only the person for whom/);
    expect(questions()).toEqual([]);
    // Whose form it is may still send it.
    expect(await send(draft)).toBe('null');
    expect(questions()).toHaveLength(1);
  });

  it('from somebody who has lost the right meanwhile is refused, and written down', async () => {
    const draft = await formOf('fix');
    const [cluster] = desk.clusters;
    desk.clusters = [
      { ...cluster!, policy: { ...cluster!.policy, operators: { users: ['U7'], groups: [] } } },
    ];
    expect(await send(draft)).toMatch(/not among the operators/);
    expect(desk.seen.audit).toMatchObject([{ event: 'command.refused', who: 'U1', detail: { verb: 'fix' } }]);
    expect(questions()).toEqual([]);
  });

  it('to a draft that somebody has changed in Redis asks nothing', async () => {
    const draft = await formOf('fix');
    const key = `{steward}:draft:${draft}`;
    const kept = JSON.parse((await redis.client.get(key))!) as Question;
    await redis.client.set(key, JSON.stringify({ ...kept, verb: 'defrag' }));
    expect(await send(draft)).toMatch(/ask for it anew/);
    expect(questions()).toEqual([]);
  });

  it('about a cluster that is not configured any more is refused', async () => {
    const draft = await formOf('fix');
    desk.clusters = [{ ...desk.clusters[0]!, name: 'other', aliases: [] }];
    expect(await send(draft)).toMatch(/calico-prod is not configured any more/);
  });

  it('that nobody knows asks nothing', async () => {
    expect(await send('made-up')).toMatch(/open for more than half an hour/);
    expect(questions()).toEqual([]);
  });

  it('while Redis is away is said', async () => {
    const draft = await formOf('fix');
    desk.away = true;
    expect(await send(draft)).toMatch(/My memory \(Redis\) does not answer/);
  });
});
