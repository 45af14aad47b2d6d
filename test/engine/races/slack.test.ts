import { beforeEach, describe, expect, it } from '@jest/globals';
import type { webApi } from '@slack/bolt';
import { makeLedger } from '../../../src/adapters/redis/records.js';
import { TargetError } from '../../../src/domain/errors.js';
import { TERMINAL, type Operation, type OperationState } from '../../../src/domain/operation.js';
import { answer } from '../../../src/slack/app/answer.js';
import { once, type AppDeps } from '../../../src/slack/app/once.js';
import type { Reply } from '../../../src/slack/asking.js';
import { operationCard } from '../../../src/slack/blocks/card.js';
import { clicked, decide, type CardButton } from '../../../src/slack/decide.js';
import { typed } from '../../../src/slack/dispatch.js';
import { standstill } from '../../operations.js';
import { oneRedis } from '../../redis.js';
import { from, HERE, makeDesk, TEAM, wordsOf, type Desk } from '../../slack/desk.js';
import { makeScene, repeat } from './scene.js';

const redis = oneRedis();
let desk: Desk;

beforeEach(() => {
  desk = makeDesk(redis);
});

const by = (userId: string, operationId: string) => ({
  operationId,
  actor: { teamId: TEAM, userId },
  channel: HERE,
});
const click = (button: CardButton, user: string, id = 'op1'): Promise<Reply> =>
  clicked(desk.deps, button, by(user, id));

/** As one of the bot's replicas takes it: the ledger is shared, through Redis. */
function delivered(delivery: string, work: () => Promise<Reply>): Promise<Reply | 'seen'> {
  const deps = { ...desk.deps, ledger: makeLedger(redis.client) } as unknown as AppDeps;
  return once(deps, delivery, work);
}

describe('race 2: Slack delivers twice, or a person clicks twice', () => {
  it('the same delivery is done once, over however many sockets it comes', async () => {
    await repeat(20, async (id) => {
      await desk.pending({ id });
      const ten = Array.from({ length: 10 }, () =>
        delivered(`click ${id}`, () => click('approve', 'U2', id)),
      );
      const replies = await Promise.all(ten);
      expect(replies.filter((reply) => reply === 'seen')).toHaveLength(9);
      expect(replies.map(wordsOf).join()).toContain('1 of 2');
      expect((await desk.now(id)).reviews).toHaveLength(1);
    });
  });

  it('two clicks count once, and the second one is told that it was counted', async () => {
    await repeat(20, async (id) => {
      await desk.pending({ id });
      const replies = await Promise.all(
        ['first', 'second'].map((which) => delivered(`${which} ${id}`, () => click('approve', 'U2', id))),
      );
      expect(replies.map(wordsOf).join()).toMatch(/1 of 2.*already reviewed|already reviewed.*1 of 2/);
      expect((await desk.now(id)).reviews).toHaveLength(1);
    });
  });

  it('a command becomes one job', async () => {
    const command = () => typed(desk.deps, from('U1'), 'fix --reason x');
    await Promise.all(Array.from({ length: 10 }, () => delivered('trigger', command)));
    expect(desk.seen.jobs).toHaveLength(1);
  });
});

describe('race 14: several requests in one thread', () => {
  const THREAD = { channel: HERE, thread: '1773111600.000100' };
  const IDS = ['op1', 'op2', 'op3'];

  it('each button carries the id of its own card', async () => {
    for (const id of IDS) {
      const card = JSON.stringify(operationCard(await desk.pending({ id, place: THREAD }), Date.now()));
      const values = [...card.matchAll(/"value":"([^"]*)"/g)].map(([, value]) => value);
      expect(new Set(values)).toEqual(new Set([id]));
    }
  });

  it('and decides that one, whichever came last', async () => {
    for (const id of IDS) await desk.pending({ id, place: THREAD });
    await Promise.all([
      decide(desk.deps, 'deny', { ...by('U2', 'op2'), reason: 'no' }),
      click('approve', 'U2', 'op1'),
      click('cancel', 'U1', 'op3'),
    ]);
    expect(await desk.now('op1')).toMatchObject({ state: 'pending', reviews: [{ verdict: 'approve' }] });
    expect(await desk.now('op2')).toMatchObject({ state: 'denied' });
    expect(await desk.now('op3')).toMatchObject({ state: 'cancelled' });
  });
});

describe('race 15: a button of a message from long ago', () => {
  const STATES: readonly OperationState[] = ['approved', 'running', ...TERMINAL];
  const conclusion = { at: 1, summary: 'That is how it ended.', next: [] };

  it.each(STATES)('of an operation that is %s by now: nothing happens but an answer', async (state) => {
    const ended = TERMINAL.has(state) ? { conclusion } : {};
    const { version } = await desk.pending({ id: 'op1', state, ...ended });
    const repainted: string[] = [];
    const outbox = { put: async ({ id }: { id: string }) => void repainted.push(id) };
    Object.assign(desk.deps, { outbox });
    for (const button of ['approve', 'review', 'deny'] as const) {
      const said = wordsOf(await click(button, 'U2'));
      expect(said).toMatch(
        new RegExp(state === 'approved' || state === 'running' ? 'approved already' : state),
      );
      if (TERMINAL.has(state)) expect(said).toContain('That is how it ended');
    }
    if (TERMINAL.has(state)) expect(wordsOf(await click('cancel', 'U1'))).toContain(state);
    else repainted.push('op1');
    expect(repainted).toEqual(['op1', 'op1', 'op1', 'op1']);
    expect(await desk.now('op1')).toMatchObject({ state, version, reviews: [] });
    expect(desk.seen.started).toEqual([]);
  });
});

describe('race 20: it was decided, and what should tell of it gets lost', () => {
  const away = () => Promise.reject(new TargetError('unavailable', 'redis', 'away', { retryable: true }));

  it('the row in the outbox stands since the record does, so that it is shown later', async () => {
    await desk.pending({ id: 'op1' });
    Object.assign(desk.deps, { outbox: { put: away } });
    await click('approve', 'U2');
    expect(await redis.client.hget('{steward}:outbox', 'operation op1')).toBe('2');
  });

  it('an approval whose job could not be queued counts, is told so, and is written down', async () => {
    await desk.pending({ id: 'op1' });
    await click('approve', 'U2');
    Object.assign(desk.deps, { outbox: { put: away }, jobs: { ...desk.deps.jobs, run: away } });
    expect(wordsOf(await click('approve', 'U6'))).toContain('2 of 2');
    expect(await desk.now('op1')).toMatchObject({ state: 'approved' });
    expect(desk.seen.audit.map(({ event }) => event)).toEqual(['operation.approved', 'operation.approved']);
  });

  it('a cancellation that could not be shown counts, is told so, and is written down', async () => {
    await desk.pending({ id: 'op1' });
    Object.assign(desk.deps, { outbox: { put: away } });
    expect(wordsOf(await click('cancel', 'U1'))).toContain('Cancelled');
    expect(desk.seen.audit.map(({ event }) => event)).toEqual(['operation.cancel']);
  });

  it('a proposal that could not be shown stands, and is found', async () => {
    const scene = makeScene(redis);
    Object.assign(scene.deps, { outbox: { put: away } });
    expect(await scene.propose('U1')).toMatchObject({ ok: true });
    expect(await redis.client.hkeys('{steward}:outbox')).toHaveLength(1);
    expect(scene.world.seen.audit.map(({ event }) => event)).toEqual(['operation.proposed']);
  });

  it('approvers find what waits for them without its card', async () => {
    await desk.pending({ id: 'op1' });
    const says = async (user: string) => wordsOf(await typed(desk.deps, from(user), 'approvals'));
    expect(await says('U2')).toContain('op1');
    await click('approve', 'U2');
    expect(await says('U2')).not.toContain('op1');
    expect(await says('U6')).toContain('op1');
    expect(await says('U1')).not.toContain('op1');
  });
});

describe('race 21: Slack’s trigger is gone before a form is open', () => {
  const words: string[] = [];
  const telling = {
    log: { info: () => undefined, warn: () => undefined, error: () => undefined },
    client: {
      views: { open: () => Promise.reject(new Error('expired_trigger_id')) },
    } as unknown as webApi.WebClient,
    trigger: 'T',
    tell: async (message: { text: string }) => void words.push(message.text),
  };

  it.each<[string, () => Promise<Reply>, RegExp]>([
    ['denies', () => click('deny', 'U2'), /Slack did not open the form/],
    ['confirms a standstill', () => click('approve', 'U2', 'op2'), /Slack did not open the form/],
    ['says why', () => typed(desk.deps, from('U1'), 'fix'), /Slack did not open the form/],
  ])('whoever %s is told so, and what to do; nothing was decided', async (_who, ask, said) => {
    const operations: readonly Operation[] = [
      await desk.pending({ id: 'op1' }),
      await desk.pending({ id: 'op2', plan: standstill() }),
    ];
    words.splice(0);
    await answer(telling, await ask());
    expect(words.join()).toMatch(said);
    for (const { id } of operations)
      expect(await desk.now(id)).toMatchObject({ state: 'pending', reviews: [] });
    expect(desk.seen.jobs).toEqual([]);
  });
});
