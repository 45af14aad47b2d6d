import { describe, expect, it } from '@jest/globals';
import { leaderOf } from '../../src/domain/maintenance/voters.js';
import type { Snapshot } from '../../src/domain/snapshot.js';
import moveLeader from '../../src/steps/move-leader.js';
import {
  full,
  healthy,
  IDS,
  withEveryStatus,
  withMembers,
  withMetrics,
  withoutStatus,
  withStatus,
  withUnreachable,
} from '../facts.js';
import { stage } from './context.js';

const incident = full(healthy());

interface Turns {
  readonly to?: string;
  /** Those whose turn is still to come; the leader's own where nothing else is said. */
  readonly toDefragment?: readonly string[];
  readonly defragmented?: readonly string[];
}

function seeing(look: Snapshot, { to, ...turns }: Turns = {}) {
  const act = { kind: 'move-leader' as const, to: to === undefined ? null : idOf(to) };
  return stage<'move-leader'>(act, { looks: [look], toDefragment: ['m1'], ...turns });
}

function idOf(name: string): string {
  return IDS[Number(name.slice(1)) - 1] ?? '';
}

function behind(member: string, entries: number, look: Snapshot = incident): Snapshot {
  const index = 1_398_210 - entries;
  return withStatus(look, member, { raftIndex: index, appliedIndex: index });
}

describe('whom leadership goes to', () => {
  it.each<[string, Snapshot, Turns, string]>([
    ['the first one where all are caught up', incident, {}, 'm2'],
    ['the one that is furthest', behind('m2', 3), {}, 'm3'],
    ['only one whose turn is not to come', incident, { toDefragment: ['m1', 'm2'] }, 'm3'],
    ['not one that is far behind', behind('m2', 1001), {}, 'm3'],
    ['one that is just caught up', behind('m2', 1000), { toDefragment: ['m1', 'm3'] }, 'm2'],
    ['not a learner', withStatus(incident, 'm2', { learner: true }), {}, 'm3'],
    ['one of five', full(withMembers(5)), { toDefragment: ['m1', 'm2', 'm3', 'm5'] }, 'm4'],
    ['the one that was approved', incident, { to: 'm3' }, 'm3'],
    ['the one that was approved, also where another is further', behind('m3', 900), { to: 'm3' }, 'm3'],
    ['the one that was approved, whoever leads by now', led('m2'), { to: 'm3' }, 'm3'],
  ])('%s', async (_who, look, turns, name) => {
    const { context, calls } = seeing(look, turns);
    const from = leaderOf(look)!.id;
    expect(await moveLeader.precondition(context)).toEqual({
      go: 'act',
      evidence: { from, to: idOf(name), term: 7 },
    });
    await moveLeader.act(context, {});
    expect(calls).toEqual([`m${String(IDS.indexOf(from) + 1)} move to ${name}`]);
  });
});

describe('leadership stays', () => {
  it.each<[string, Snapshot, Turns, object]>([
    [
      'where the leader is done already',
      led('m2'),
      { defragmented: ['m2', 'm3'] },
      { go: 'skip', because: 'm2 leads, and is done already' },
    ],
    [
      'where the leader has no turn',
      led('m2'),
      {},
      { go: 'skip', because: 'm2 leads, and is not to be defragmented' },
    ],
    ['where the approved one leads', led('m3'), { to: 'm3' }, { go: 'skip', because: 'm3 leads already' }],
    ['where everybody’s turn is to come', incident, { toDefragment: ['m1', 'm2', 'm3'] }, { go: 'stop' }],
    [
      'for now, where the others lag',
      behind('m3', 2500, behind('m2', 2000)),
      {},
      { go: 'wait', because: 'm2 is 2\u202f000 entries behind the leader' },
    ],
    [
      'for now, where the approved one lags',
      behind('m3', 1001),
      { to: 'm3' },
      { go: 'wait', because: 'm3 is 1\u202f001 entries behind the leader' },
    ],
    [
      'where the approved one is a learner by now',
      withStatus(incident, 'm3', { learner: true }),
      { to: 'm3' },
      { go: 'stop', because: 'm3 is a learner' },
    ],
    [
      'where the approved one is gone',
      incident,
      { to: 'm5' },
      { go: 'stop', because: expect.stringMatching(/is not there$/) },
    ],
    ['where a member is down', withUnreachable(incident, 'm3'), {}, { go: 'stop' }],
    [
      'for now, during an election',
      led('m0'),
      {},
      { go: 'wait', because: expect.stringMatching(/no leader/) },
    ],
    [
      'for now, while somebody else defragments',
      withMetrics(incident, 'm3', { defragmenting: true }),
      {},
      { go: 'wait', because: expect.stringMatching(/somebody else/) },
    ],
  ])('%s', async (_where, look, turns, expected) => {
    expect(await moveLeader.precondition(seeing(look, turns).context)).toMatchObject(expected);
  });

  it.each<[string, Snapshot, Turns]>([
    ['where nobody leads just before', led('m0'), {}],
    ['where the approved one leads just before', led('m3'), { to: 'm3' }],
    ['where one leads that is done just before', led('m2'), { defragmented: ['m2', 'm3'] }],
    ['where the successor has fallen behind just before', behind('m3', 1001), { to: 'm3' }],
  ])('%s: nobody is asked', async (_where, look, turns) => {
    const { context, calls } = seeing(look, turns);
    await expect(moveLeader.act(context, {})).rejects.toMatchObject({ code: 'no-leader' });
    expect(calls).toEqual([]);
  });
});

describe('after the move', () => {
  it.each<[string, Snapshot, Turns, object]>([
    ['the successor leads', led('m2'), {}, { seen: 'done', result: 'm2 leads now, m1 follows' }],
    ['another one leads', led('m3'), {}, { seen: 'done' }],
    ['the approved one leads', led('m2'), { to: 'm2' }, { seen: 'done', result: 'm2 leads now, m1 follows' }],
    [
      'another one than the approved one leads',
      led('m3'),
      { to: 'm2' },
      { seen: 'not-done', because: 'm3 leads, not m2' },
    ],
    ['the old one still leads', incident, {}, { seen: 'not-done', because: 'm1 still leads' }],
    ['they do not agree yet', withStatus(incident, 'm3', { leaderId: IDS[1]! }), {}, { seen: 'running' }],
    ['an election is on', led('m0'), {}, { seen: 'running' }],
    ['one does not answer', withoutStatus(incident, 'm3'), {}, { seen: 'running' }],
  ])('says what reading shows: %s', async (_what, look, turns, effect) => {
    const evidence = { from: IDS[0]!, to: IDS[1]!, term: 7 };
    expect(await moveLeader.effect(seeing(look, turns).context, evidence, true)).toMatchObject(effect);
  });
});

/** m0: nobody. */
function led(name: string): Snapshot {
  return withEveryStatus(incident, { leaderId: idOf(name) || '0' });
}
