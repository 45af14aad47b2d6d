import { beforeEach, describe, expect, it } from '@jest/globals';
import type { Operation } from '../../../src/domain/operation.js';
import { vouched } from '../../../src/engine/vouch.js';
import type { Asking, Reply } from '../../../src/slack/asking.js';
import { clicked, decide, type Act, type CardButton, type Decision } from '../../../src/slack/decide.js';
import { pressed, typed } from '../../../src/slack/dispatch.js';
import { submitted } from '../../../src/slack/form.js';
import { heldStates } from '../../operations.js';
import { oneRedis } from '../../redis.js';
import { answer } from '../../slack/answers.js';
import { makeDesk, wordsOf, type Desk } from '../../slack/desk.js';
import {
  actorOf,
  APPROVERS,
  channelOf,
  EVERYBODY,
  meets,
  OPERATORS,
  POLICY,
  READERS,
  type Somebody,
  type Who,
  HOME,
} from './everybody.js';
import { questionOf } from './scene.js';

const redis = oneRedis();
let desk: Desk;

beforeEach(() => {
  desk = makeDesk(redis);
  desk.clusters = [{ ...desk.clusters[0]!, policy: POLICY }];
});

const PENDING: Partial<Operation> = {
  id: 'op1',
  policy: POLICY,
  proposer: { teamId: 'T1', userId: 'PROPOSER' },
  before: heldStates()['pending-emergency']!.before!,
};

const asking = (one: Somebody): Asking => ({
  actor: actorOf(one),
  place: { channel: channelOf(one) },
  canOpen: true,
});
const decision = (one: Somebody): Decision => ({
  operationId: 'op1',
  actor: actorOf(one),
  channel: channelOf(one) || null,
  reason: 'why',
});

/** Everybody for whom something came of it; everybody else got an answer, and nothing has changed. */
async function whoMay(
  way: (one: Somebody) => Promise<Reply>,
  isYes: (reply: Reply) => unknown,
): Promise<readonly Who[]> {
  const may: Who[] = [];
  for (const [who, one] of Object.entries(EVERYBODY) as [Who, Somebody][]) {
    await redis.client.flushall();
    desk.seen.jobs.splice(0);
    desk.seen.started.splice(0);
    meets(desk, one);
    const before = await desk.pending(PENDING);
    const reply = await way(one);
    if (await isYes(reply)) may.push(who);
    else {
      expect([who, reply?.kind]).toEqual([who, 'message']);
      expect(wordsOf(reply)).toMatch(
        /[Cc]hannel|workspace|account|Bots|Guests|among|own proposal|Slack could not|only for/,
      );
      expect([await desk.now('op1'), desk.seen.jobs, desk.seen.started]).toEqual([before, [], []]);
    }
  }
  return may;
}

const inOrder = (people: readonly Who[]): readonly Who[] =>
  (Object.keys(EVERYBODY) as Who[]).filter((who) => people.includes(who));

const asked = (): boolean => desk.seen.jobs.length > 0;

describe('race 16: the same people may, by whichever way they ask', () => {
  it.each<[string, readonly Who[]]>([
    ...['status', 'diagnose', 'members', 'alarms', 'pods', 'calico', 'clusters', 'operations', 'history'].map(
      (verb): [string, readonly Who[]] => [verb, READERS],
    ),
    ...['fix', 'compact', 'defrag', 'disarm', 'move-leader', 'backup', 'restart-pods'].map(
      (verb): [string, readonly Who[]] => [`${verb} --reason x`, OPERATORS],
    ),
    ['fix --dry-run', OPERATORS],
    ['keys', OPERATORS],
    ['churn', OPERATORS],
    ['pause --reason x', [...OPERATORS, ...APPROVERS]],
    ['pause all --reason x', [...OPERATORS, ...APPROVERS]],
    ['resume --reason x', [...OPERATORS, ...APPROVERS]],
  ])('/etcd %s', async (text, people) => {
    expect(await whoMay((one) => typed(desk.deps, asking(one), text), asked)).toEqual(inOrder(people));
  });

  it('/etcd approvals, which shows what waits for the asker alone', async () => {
    const waits = (reply: Reply): boolean =>
      /op1|[Nn]othing waits|can’t tell what waits/.test(wordsOf(reply));
    const may = await whoMay((one) => typed(desk.deps, asking(one), 'approvals'), waits);
    expect(may).toEqual(inOrder(READERS));
    const own = (reply: Reply): boolean => wordsOf(reply).includes('op1');
    const found: Who[] = [];
    for (const who of READERS) {
      meets(desk, EVERYBODY[who]);
      if (own(await typed(desk.deps, asking(EVERYBODY[who]), 'approvals'))) found.push(who);
    }
    expect(found).toEqual(APPROVERS);
  });

  it.each<[string, string | null, readonly Who[]]>([
    ['cluster.status', null, READERS],
    ['cluster.diagnose', 'diagnose', READERS],
  ])('the button %s', async (_button, verb, people) => {
    const way = async (one: Somebody): Promise<Reply> => {
      await desk.deps.answers.save(answer({ kind: 'operations', operations: [] }));
      const { question } = answer({ kind: 'operations', operations: [] });
      return pressed(desk.deps, asking(one), { answerId: question.id, verb });
    };
    expect(await whoMay(way, asked)).toEqual(inOrder(people));
  });

  it('the button cluster.fix, which asks why in a form', async () => {
    const way = async (one: Somebody): Promise<Reply> => {
      const before = answer({ kind: 'operations', operations: [] });
      await desk.deps.answers.save(before);
      return pressed(desk.deps, asking(one), { answerId: before.question.id, verb: 'fix' });
    };
    expect(await whoMay(way, (reply) => reply?.kind === 'form')).toEqual(inOrder(OPERATORS));
  });

  it('the form that comes back with the reason: who has lost the right meanwhile may not', async () => {
    const way = async (one: Somebody): Promise<Reply> => {
      const question = { ...questionOf(one.userId), asker: actorOf(one), place: { channel: channelOf(one) } };
      await desk.deps.drafts.keep(vouched(question, desk.deps.signer));
      return submitted(desk.deps, { actor: actorOf(one), draftId: question.id, reason: 'why' });
    };
    expect(await whoMay(way, asked)).toEqual(inOrder(OPERATORS));
  });

  const changed = async (): Promise<boolean> => (await desk.now('op1')).version > 1;
  const shown = (reply: Reply): boolean => wordsOf(reply).includes('etcdctl');
  const form = (reply: Reply): boolean => reply?.kind === 'form';

  it.each<[CardButton, (reply: Reply) => unknown, readonly Who[]]>([
    ['approve', changed, APPROVERS],
    ['review', form, APPROVERS],
    ['deny', form, APPROVERS],
    ['emergency', form, ['who may approve alone', 'who may all']],
    ['cancel', changed, ['the proposer', ...APPROVERS]],
    ['details', shown, READERS],
  ])('the button operation.%s', async (button, isYes, people) => {
    expect(await whoMay((one) => clicked(desk.deps, button, decision(one)), isYes)).toEqual(
      inOrder([...people, ...HOME]),
    );
  });

  it.each<[Act, readonly Who[]]>([
    ['approve', APPROVERS],
    ['deny', APPROVERS],
    ['emergency', ['who may approve alone', 'who may all']],
  ])('the form of a review that comes back: %s', async (act, people) => {
    expect(await whoMay((one) => decide(desk.deps, act, decision(one)), changed)).toEqual(
      inOrder([...people, ...HOME]),
    );
  });

  it('nobody finds another way than these: no other verb, no other button is known', async () => {
    const known = [...desk.deps.commands.keys()].sort();
    expect(known).toEqual(
      [
        ...[
          'alarms',
          'approvals',
          'backup',
          'calico',
          'churn',
          'clusters',
          'compact',
          'defrag',
          'diagnose',
          'disarm',
          'fix',
          'help',
        ],
        ...[
          'history',
          'incidents',
          'keys',
          'members',
          'move-leader',
          'mute',
          'operations',
          'pause',
          'pods',
          'restart-pods',
          'resume',
          'status',
        ],
        'unmute',
      ].sort(),
    );
  });
});
