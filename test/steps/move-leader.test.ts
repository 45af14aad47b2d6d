import { describe, expect, it } from '@jest/globals';
import type { Snapshot } from '../../src/domain/snapshot.js';
import moveLeader from '../../src/steps/move-leader.js';
import {
  full,
  healthy,
  IDS,
  withEveryStatus,
  withMembers,
  withoutStatus,
  withStatus,
  withUnreachable,
} from '../facts.js';
import { stage } from './context.js';

const incident = full(healthy());
const BOTH = ['m2', 'm3'];

function seeing(look: Snapshot, defragmented: readonly string[] = BOTH) {
  return stage<'move-leader'>({ kind: 'move-leader' }, { looks: [look], defragmented });
}

function behind(member: string, entries: number, look: Snapshot = incident): Snapshot {
  const index = 1_398_210 - entries;
  return withStatus(look, member, { raftIndex: index, appliedIndex: index });
}

describe('whom leadership goes to', () => {
  it.each<[string, Snapshot, readonly string[], string]>([
    ['the first one where all are caught up', incident, BOTH, 'm2'],
    ['the one that is furthest', behind('m2', 3), BOTH, 'm3'],
    ['only one that is done', incident, ['m3'], 'm3'],
    ['not one that is far behind', behind('m2', 1001), BOTH, 'm3'],
    ['one that is just caught up', behind('m2', 1000), ['m2'], 'm2'],
    ['not a learner', withStatus(incident, 'm2', { learner: true }), BOTH, 'm3'],
    ['one of five', full(withMembers(5)), ['m4'], 'm4'],
  ])('%s', async (_who, look, defragmented, name) => {
    const { context, calls } = seeing(look, defragmented);
    const to = IDS[Number(name.slice(1)) - 1];
    expect(await moveLeader.precondition(context)).toEqual({
      go: 'act',
      evidence: { from: IDS[0], to },
    });
    await moveLeader.act(context, {});
    expect(calls).toEqual([`m1 move to ${name}`]);
  });
});

describe('leadership stays', () => {
  it.each<[string, Snapshot, readonly string[], object]>([
    [
      'where the leader is done already',
      withEveryStatus(incident, { leaderId: IDS[1]! }),
      BOTH,
      { go: 'skip', because: 'm2 leads, and is done already' },
    ],
    ['where nobody is done', incident, [], { go: 'stop' }],
    ['where those who are done lag', behind('m3', 2000, behind('m2', 2000)), BOTH, { go: 'stop' }],
    ['where a member is down', withUnreachable(incident, 'm3'), BOTH, { go: 'stop' }],
  ])('%s', async (_where, look, defragmented, expected) => {
    expect(await moveLeader.precondition(seeing(look, defragmented).context)).toMatchObject(expected);
  });

  it('where it changed just before it was moved: nobody is asked', async () => {
    const { context, calls } = seeing(withEveryStatus(incident, { leaderId: '0' }));
    await expect(moveLeader.act(context, {})).rejects.toMatchObject({ code: 'no-leader' });
    expect(calls).toEqual([]);
  });
});

describe('after the move', () => {
  it.each<[string, Snapshot, object]>([
    [
      'the successor leads',
      withEveryStatus(incident, { leaderId: IDS[1]! }),
      { seen: 'done', result: 'm2 leads now, m1 follows' },
    ],
    ['another one leads', withEveryStatus(incident, { leaderId: IDS[2]! }), { seen: 'done' }],
    ['the old one still leads', incident, { seen: 'not-done', because: 'm1 still leads' }],
    ['they do not agree yet', withStatus(incident, 'm3', { leaderId: IDS[1]! }), { seen: 'running' }],
    ['an election is on', withEveryStatus(incident, { leaderId: '0' }), { seen: 'running' }],
    ['one does not answer', withoutStatus(incident, 'm3'), { seen: 'running' }],
  ])('says what reading shows: %s', async (_what, look, effect) => {
    const evidence = { from: IDS[0]!, to: IDS[1]! };
    expect(await moveLeader.effect(seeing(look).context, evidence, true)).toMatchObject(effect);
  });
});
