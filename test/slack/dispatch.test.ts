import { beforeEach, describe, expect, it } from '@jest/globals';
import { pressed, typed } from '../../src/slack/dispatch.js';
import { answer } from './answers.js';
import { from, makeDesk, wordsOf, type Desk } from './desk.js';
import { oneRedis } from '../redis.js';

const redis = oneRedis();
let desk: Desk;

beforeEach(() => {
  desk = makeDesk(redis);
});

const says = async (text: string, user = 'U1'): Promise<string> =>
  wordsOf(await typed(desk.deps, from(user), text));

/** What was asked of whom, shortly. */
function asked(): unknown {
  return desk.seen.jobs.map(({ job, question: { verb, cluster, options } }) => [job, verb, cluster, options]);
}

describe('a command with all it needs', () => {
  it.each<[string, string, unknown]>([
    ['status', 'U7', ['examine', 'status', 'calico-prod', {}]],
    ['fix --reason x', 'U1', ['propose', 'fix', 'calico-prod', { reason: 'x' }]],
    ['fix --dry-run', 'U1', ['propose', 'fix', 'calico-prod', { 'dry-run': true }]],
    [
      'compact calico --keep 10m --reason x',
      'U1',
      ['propose', 'compact', 'calico-prod', { keep: '10m', reason: 'x' }],
    ],
    [
      'defrag m1 m2 --reason x',
      'U1',
      ['propose', 'defrag', 'calico-prod', { members: 'm1 m2', reason: 'x' }],
    ],
    [
      'defrag calico m1 --all --reason x',
      'U1',
      ['propose', 'defrag', 'calico-prod', { members: 'm1', all: true, reason: 'x' }],
    ],
    ['move-leader m2 --reason x', 'U1', ['propose', 'move-leader', 'calico-prod', { to: 'm2', reason: 'x' }]],
    [
      'restart-pods shop/web-1 shop/web-2 --reason x',
      'U1',
      ['propose', 'restart-pods', 'calico-prod', { pods: 'shop/web-1 shop/web-2', reason: 'x' }],
    ],
    [
      'move-leader --to m2 --reason x',
      'U1',
      ['propose', 'move-leader', 'calico-prod', { to: 'm2', reason: 'x' }],
    ],
    ['disarm calico-prod --reason x', 'U1', ['propose', 'disarm', 'calico-prod', { reason: 'x' }]],
    ['backup --reason x', 'U1', ['propose', 'backup', 'calico-prod', { reason: 'x' }]],
    ['pause --reason x', 'U2', ['pause', 'pause', 'calico-prod', { reason: 'x' }]],
    ['pause all --reason x', 'U1', ['pause', 'pause', null, { reason: 'x', all: true }]],
    ['resume --all --reason x', 'U1', ['resume', 'resume', null, { reason: 'x', all: true }]],
    ['history', 'U7', ['list-history', 'history', null, {}]],
  ])('%j by %s becomes a job', async (text, user, job) => {
    expect(await typed(desk.deps, from(user), text)).toBeNull();
    expect(asked()).toEqual([job]);
  });
});

describe('a command that can’t be', () => {
  it.each<[string, string, RegExp]>([
    ['move-leader calico m1 m2 --reason x', 'U1', /what to do with “m2”/],
    ['move-leader calico m1 --to m2 --reason x', 'U1', /what to do with “m1”/],
    ['defrag calico-prd m1 --reason x', 'U1', /no cluster “calico-prd”.*Did you mean `calico-prod`/],
    ['defrag m1 calico --reason x', 'U1', /The cluster comes first.*Put “calico” before “m1”/],
    ['status all', 'U7', /no cluster “all”/],
    [`fix --reason ${'x'.repeat(501)}`, 'U1', /has 501 characters; 500 is the most/],
    ['fix --reason --dry-run', 'U1', /`--reason` needs a value/],
    ['fix --reason x', 'U2', /not among the operators/],
    ['pause --reason x', 'U7', /not among the operators or approvers/],
    ['defrag --reason x', 'U8', /Guests may look/],
    ['status', 'U9', /not among the viewers/],
  ])('%j by %s is refused, and asks nobody', async (text, user, words) => {
    expect(await says(text, user)).toMatch(words);
    expect(asked()).toEqual([]);
  });

  it('is written down where it was the right that was missing', async () => {
    await says('fix --reason x', 'U2');
    await says('defrag calico-prd', 'U1');
    expect(desk.seen.audit).toMatchObject([
      {
        event: 'command.refused',
        who: 'U2',
        cluster: 'calico-prod',
        detail: { verb: 'fix', refused: expect.stringMatching(/operators/) },
      },
    ]);
  });

  it('in a channel that is shared with others does not even look', async () => {
    desk.shared = true;
    expect(await says('status', 'U7')).toMatch(/shared with another organisation/);
    expect(asked()).toEqual([]);
  });

  it('while Redis is away is said, not lost', async () => {
    desk.away = true;
    expect(await says('status', 'U7')).toMatch(/My memory \(Redis\) does not answer/);
  });
});

describe('`all`', () => {
  it('takes the right on every cluster', async () => {
    const [one] = desk.clusters;
    const theirs = { ...one!.policy, operators: { users: ['U7'], groups: [] } };
    desk.clusters = [
      one!,
      { ...one!, name: 'billing', aliases: [], channels: ['C0BILLING'], policy: theirs },
    ];
    expect(await says('pause all --reason x', 'U1')).toMatch(/operators or approvers of billing/);
    expect(await typed(desk.deps, from('U2'), 'pause all --reason x')).toBeNull();
  });

  it('is the cluster that is called so, where there is one', async () => {
    desk.clusters = [{ ...desk.clusters[0]!, name: 'all' }];
    expect(await typed(desk.deps, from('U1'), 'pause all --reason x')).toBeNull();
    expect(asked()).toEqual([['pause', 'pause', 'all', { reason: 'x' }]]);
  });
});

describe('who asks too often', () => {
  it('is told to wait, by person and by cluster', async () => {
    desk.limits.perPersonPerMinute = 2;
    expect(await says('status', 'U7')).toBe('null');
    expect(await says('status', 'U7')).toBe('null');
    expect(await says('status', 'U7')).toMatch(/asked 2 times within a minute/);
    desk.limits.perClusterPerMinute = 2;
    expect(await says('status', 'U6')).toMatch(/calico-prod has been asked about 2 times/);
  });

  it('can’t fill the audit trail with refusals either', async () => {
    desk.limits.perPersonPerMinute = 3;
    for (let i = 0; i < 10; i++) await says('fix --reason x', 'U7');
    expect(desk.seen.audit).toHaveLength(3);
  });
});

describe('a button under an answer', () => {
  beforeEach(() => desk.deps.answers.save(answer({ kind: 'clusters', clusters: [] }, 'status')));

  const press = (verb: string | null, user = 'U1') =>
    pressed(desk.deps, from(user), { answerId: 'an-3kT9wZ', verb });

  it('asks the same again in its place', async () => {
    expect(await press(null)).toBeNull();
    expect(desk.seen.jobs[0]?.question).toMatchObject({ id: 'an-3kT9wZ', version: 2, verb: 'status' });
  });

  it('never asks for a change anew, whatever stands in Redis', async () => {
    const { question } = answer({ kind: 'clusters', clusters: [] }, 'fix');
    const changed = { ...question, options: { reason: 'x' } };
    await desk.deps.answers.save({ ...answer({ kind: 'clusters', clusters: [] }), question: changed });
    expect(wordsOf(await press(null))).toMatch(/not asked for anew by a button/);
    expect(asked()).toEqual([]);
  });

  it('that proposes asks why first', async () => {
    expect(await press('fix')).toMatchObject({ kind: 'form', view: { callback_id: 'operation.propose' } });
    expect(asked()).toEqual([]);
  });

  it('that proposes opens no form for whoever may not', async () => {
    expect(await press('fix', 'U2')).toMatchObject({ kind: 'message' });
    expect(desk.seen.audit).toMatchObject([{ event: 'command.refused', detail: { verb: 'fix' } }]);
  });

  it('of a message that nobody remembers says so', async () => {
    const reply = await pressed(desk.deps, from('U1'), { answerId: 'gone', verb: 'fix' });
    expect(wordsOf(reply)).toMatch(/too old for its buttons/);
  });
});

describe('`approvals`', () => {
  it('answers the one who asks at once: what is here with its buttons, what is elsewhere by its channel', async () => {
    const [one] = desk.clusters;
    desk.clusters = [one!, { ...one!, name: 'billing', aliases: [], channels: ['C0BILLING'] }];
    await desk.pending();
    const { plan } = await desk.now();
    const other = { plan: { ...plan, cluster: 'billing', title: 'Defragment billing' } };
    await desk.pending({ id: 'op-2', place: { channel: 'C0BILLING' }, ...other });
    const said = await says('approvals', 'U2');
    expect(said).toMatch(/Make room in calico-prod.*operation\.approve.*Defragment billing.*<#C0BILLING>/);
    expect(said.match(/operation\.approve/g)).toHaveLength(1);
    expect(asked()).toEqual([]);
  });

  it('has nothing for who proposed it, for who reviewed it, and for who may not', async () => {
    const { planHash } = await desk.pending();
    const review = { by: { teamId: 'T1', userId: 'U2' }, verdict: 'approve' as const, planHash, at: 1 };
    await desk.deps.operations.swap('op-7Qm2xV', (current) => ({
      ok: true,
      operation: { ...current, reviews: [review] },
    }));
    for (const user of ['U1', 'U2', 'U7'])
      expect(await says('approvals', user)).toMatch(/Nothing waits for you/);
  });

  it('is asked where there are clusters', async () => {
    const reply = await typed(desk.deps, from('U2', 'C0ELSEWHERE'), 'approvals');
    expect(wordsOf(reply)).toMatch(/This channel has no cluster/);
  });
});
