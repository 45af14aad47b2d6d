import { beforeEach, describe, expect, it } from '@jest/globals';
import type { Operation } from '../../src/domain/operation.js';
import { clicked, decide, type Act, type CardButton } from '../../src/slack/decide.js';
import { HERE, makeDesk, TEAM, wordsOf, type Desk } from './desk.js';
import { fixAt, heldStates, standstill } from '../operations.js';
import { oneRedis } from '../redis.js';

const redis = oneRedis();
let desk: Desk;

beforeEach(() => {
  desk = makeDesk(redis);
});

const ID = 'op-7Qm2xV';
const full = (): Partial<Operation> => ({ before: heldStates()['pending-emergency']!.before! });

const decisionOf = (userId: string) => ({ operationId: ID, actor: { teamId: TEAM, userId }, channel: HERE });
const click = (button: CardButton, userId: string) => clicked(desk.deps, button, decisionOf(userId));
const send = async (act: Act, userId: string, reason?: string, typedCluster?: string): Promise<string> =>
  wordsOf(await decide(desk.deps, act, { ...decisionOf(userId), reason, typedCluster }));

describe('a click that counts is answered too', () => {
  it('each approval with how many there are', async () => {
    await desk.pending();
    expect(wordsOf(await click('approve', 'U2'))).toMatch(/Your approval counts: 1 of 2\./);
    expect(wordsOf(await click('approve', 'U6'))).toMatch(/Your approval counts: 2 of 2\. It starts now/);
    expect(desk.seen.started).toEqual([ID]);
  });

  it('a denial, a cancellation and a stop', async () => {
    await desk.pending();
    expect(await send('deny', 'U2', 'not now')).toMatch(/Denied\. Nothing was touched/);
    await desk.pending({ id: 'op-2' });
    const other = { ...decisionOf('U1'), operationId: 'op-2' };
    expect(wordsOf(await decide(desk.deps, 'cancel', other))).toMatch(/Cancelled\. Nothing was touched/);
    await desk.deps.operations.create({ ...fixAt(3), id: 'op-3' });
    const running = { ...decisionOf('U1'), operationId: 'op-3' };
    expect(wordsOf(await clicked(desk.deps, 'cancel', running))).toMatch(/stops after the current step/);
  });
});

describe('a click that takes more than a click opens a form', () => {
  it.each<[CardButton, string, Partial<Operation>, string]>([
    ['deny', 'U2', {}, `${ID}:deny`],
    ['review', 'U2', {}, `${ID}:approve`],
    ['approve', 'U2', { plan: standstill() }, `${ID}:approve`],
    ['emergency', 'U5', full(), `${ID}:emergency`],
  ])('%s by %s', async (button, user, changes, metadata) => {
    await desk.pending(changes);
    expect(await click(button, user)).toMatchObject({ kind: 'form', view: { private_metadata: metadata } });
    expect((await desk.now()).reviews).toEqual([]);
  });

  it('the emergency’s reason can’t be left out, and it tells what it means', async () => {
    await desk.pending(full());
    const form = wordsOf(await click('emergency', 'U5'));
    expect(form).toMatch(/alone approve this.*alerts channel.*audit trail/);
    expect(form).toContain('"optional":false');
    expect(await send('emergency', 'U5', '  ')).toMatch(/needs its reason/);
    expect(await send('emergency', 'U5', 'nobody else is awake')).toMatch(
      /Approved by you alone\. It starts now/,
    );
    expect((await desk.now()).reviews).toMatchObject([{ emergency: true, reason: 'nobody else is awake' }]);
  });
});

describe('who may not gets no form, but the reason', () => {
  it.each<[CardButton, string, Partial<Operation>, RegExp]>([
    ['approve', 'U1', {}, /Nobody approves their own proposal/],
    ['review', 'U1', {}, /Nobody approves their own proposal/],
    ['deny', 'U7', {}, /not among the approvers/],
    ['emergency', 'U2', full(), /not among the people whom `policy.emergency` names/],
    ['emergency', 'U5', {}, /only for a `fix` of a cluster whose NOSPACE alarm is armed/],
    ['cancel', 'U7', {}, /not among the approvers/],
    ['details', 'U9', {}, /not among the viewers/],
  ])('%s by %s', async (button, user, changes, words) => {
    await desk.pending(changes);
    expect(wordsOf(await click(button, user))).toMatch(words);
    expect(await desk.now()).toMatchObject({ state: 'pending', reviews: [] });
    expect(desk.seen.audit).toMatchObject([{ event: 'operation.click-refused', who: user }]);
  });

  it.each<[CardButton, string]>([
    ['approve', 'U2'],
    ['review', 'U2'],
    ['emergency', 'U5'],
  ])('%s where changes are off', async (button, user) => {
    desk.clusters = [{ ...desk.clusters[0]!, changes: false }];
    await desk.pending({ ...full(), observeOnly: true, plan: standstill() });
    expect(wordsOf(await click(button, user))).toMatch(/Changes are off for calico-prod/);
    expect((await desk.now()).state).toBe('pending');
  });

  it('approve while changes are paused; to deny is possible all the same', async () => {
    const by = { teamId: TEAM, userId: 'U4' };
    await desk.deps.pauses.set({ scope: '*', by, reason: 'release', at: 1 });
    await desk.pending();
    expect(wordsOf(await click('review', 'U2'))).toMatch(/paused by .*release.*\/etcd resume/);
    expect(await click('deny', 'U2')).toMatchObject({ kind: 'form' });
  });
});

describe('an old button', () => {
  it('says how it stands now, and who decided', async () => {
    await desk.pending();
    await send('deny', 'U3', 'not during the release');
    for (const button of ['approve', 'review', 'deny'] as const) {
      const said = wordsOf(await click(button, 'U2'));
      expect(said).toMatch(/It is denied, not pending any more: Denied by <@U3>/);
    }
  });

  it('of something that nobody knows is answered too', async () => {
    for (const button of ['approve', 'review', 'deny', 'emergency', 'cancel', 'details'] as const)
      expect(wordsOf(await click(button, 'U2'))).toMatch(/not known any more/);
    expect(desk.seen.audit).toHaveLength(6);
    expect(desk.seen.audit.at(-1)).toMatchObject({
      event: 'operation.click-refused',
      who: 'U2',
      operation: ID,
      detail: { verdict: 'details', refused: expect.stringMatching(/not known/) },
    });
  });

  it('while Redis is away is answered too', async () => {
    redis.client.disconnect();
    expect(wordsOf(await click('approve', 'U2'))).toMatch(/My memory \(Redis\) does not answer/);
  });
});
