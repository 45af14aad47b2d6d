import { describe, expect, it } from '@jest/globals';
import type { RunbookSetting } from '../../src/domain/runbook.js';
import type { Snapshot } from '../../src/domain/snapshot.js';
import moveLeader from '../../src/runbooks/move-leader.js';
import {
  full,
  healthy,
  IDS,
  MIB,
  onVersion,
  withAlarms,
  withEveryMetrics,
  withEveryStatus,
  withMembers,
  withStatus,
  withUnreachable,
} from '../facts.js';
import { outline, planned, refused } from './planning.js';

const to = (word: string): Partial<RunbookSetting> => ({ options: { to: word } });

function behind(member: string, entries: number): Snapshot {
  const index = 1_398_210 - entries;
  return withStatus(healthy(), member, { raftIndex: index, appliedIndex: index });
}

describe('whom leadership goes to', () => {
  it.each<[string, Snapshot, Partial<RunbookSetting>, string]>([
    ['the named one', healthy(), to('m3'), 'm3'],
    ['the named one, by its id', healthy(), to(BigInt(IDS[2]!).toString(16)), 'm3'],
    ['the named one though it is behind', behind('m3', 1000), to('m3'), 'm3'],
    ['the most caught-up one', behind('m2', 1), {}, 'm3'],
    ['the emptiest of equals', withStatus(healthy(), 'm3', { sizeBytes: 699 * MIB }), {}, 'm3'],
    ['a voter, never a learner', withStatus(healthy(), 'm2', { learner: true }), {}, 'm3'],
    ['the other one of two', withMembers(2), {}, 'm2'],
    ['one on etcd 3.3', onVersion(healthy(), '3.3.25'), to('m2'), 'm2'],
  ])('%s', (_who, snapshot, setting, name) => {
    const made = planned(moveLeader, snapshot, setting);
    expect(outline(made)).toEqual([`move-leader ${name}`, 'write-probe']);
    expect(made.title).toBe(`Move the leader from m1 to ${name} in calico-prod`);
    expect(made.steps[0]).toMatchObject({ to: IDS[Number(name.slice(1)) - 1] });
  });

  it('is said to the leader, for a person with a terminal', () => {
    const { byHand } = planned(moveLeader, healthy(), to('m3'));
    const id = BigInt(IDS[2]!).toString(16);
    expect(byHand).toContain(`etcdctl --endpoints=https://10.0.0.1:2379 move-leader ${id}`);
  });
});

describe('a move is refused', () => {
  it.each<[string, Snapshot, Partial<RunbookSetting>, RegExp, RegExp]>([
    ['with one member', withMembers(1), {}, /m1 is the only voting member/, /^$/],
    [
      'on etcd 3.2',
      onVersion(healthy(), '3.2.32'),
      {},
      /m1 runs etcd 3.2.32, which can't hand over/,
      /elect/,
    ],
    [
      'on a version that nobody can read',
      withEveryStatus(healthy(), { version: 'x' }),
      {},
      /runs etcd x/,
      /./,
    ],
    ['to whom leads already', healthy(), to('m1'), /m1 leads already/, /^$/],
    ['to a learner', withStatus(healthy(), 'm3', { learner: true }), to('m3'), /m3 is a learner/, /^$/],
    ['to one that is behind', behind('m3', 1001), to('m3'), /m3 is 1\u202f001 entries behind/, /`--to`/],
    ['to one that is not there', healthy(), to('m33'), /no member “m33”/, /Did you mean `m3`/],
    ['while a member is down', withUnreachable(healthy(), 'm2'), to('m3'), /Not every member answers/, /./],
    ['under CORRUPT', withAlarms(healthy(), [{ memberId: IDS[1]!, kind: 'CORRUPT' }]), {}, /CORRUPT/, /./],
    [
      'where everybody else is behind',
      withStatus(behind('m3', 2000), 'm2', { raftIndex: 1_390_000, appliedIndex: 1_390_000 }),
      {},
      /m3 is 2\u202f000 entries behind/,
      /caught up/,
    ],
  ])('%s', (_cause, snapshot, setting, reason, instead) => {
    const told = refused(moveLeader, snapshot, setting);
    expect(told.reason).toMatch(reason);
    expect(told.instead).toMatch(instead);
  });
});

describe('the plan of a move', () => {
  it('proves no write under NOSPACE, and says so', () => {
    const made = planned(moveLeader, full(healthy()), to('m2'));
    expect(outline(made)).toEqual(['move-leader m2']);
    expect(made.risks[0]).toContain('NOSPACE stays armed');
  });

  it('moves no data, stands nobody still and needs no backup', () => {
    const made = planned(moveLeader, healthy());
    expect(made.expected).toMatchObject({ bytesByMember: [], pauses: [], pauseBasis: null });
    expect(made).toMatchObject({ runbook: 'move-leader', standstill: null, backup: true, reaches: null });
  });

  it.each([
    [412, 'The leader looks after at least 412 leases; their time begins anew with the new one.'],
    [1, 'at least 1 lease; their'],
    [null, 'looks after all leases; their'],
  ])('says what becomes of %p leases', (leases, words) => {
    expect(planned(moveLeader, withEveryMetrics(healthy(), { leases })).risks.join('\n')).toContain(words);
  });

  it('says nothing of leases where there is none', () => {
    expect(planned(moveLeader, withEveryMetrics(healthy(), { leases: 0 })).risks.join()).not.toMatch(
      /lease/i,
    );
  });
});
