import { describe, expect, it } from '@jest/globals';
import type { RunbookSetting } from '../../src/domain/runbook.js';
import type { Snapshot } from '../../src/domain/snapshot.js';
import defrag from '../../src/runbooks/defrag.js';
import {
  full,
  GIB,
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
import { BACKUP_CASES, outline, planned, refused, SETTING } from './planning.js';

/** Two thirds of every file are free. */
const wasteful = withEveryStatus(healthy(), { sizeBytes: 900 * MIB, inUseBytes: 300 * MIB });
/** Only m2 pays. */
const mixed = withStatus(healthy(), 'm2', { sizeBytes: 900 * MIB, inUseBytes: 300 * MIB });
const ALL = ['defragment m2', 'defragment m3', 'move-leader', 'defragment m1', 'write-probe'];

const of = (members: string, more: RunbookSetting['options'] = {}) => ({ options: { members, ...more } });

describe('whom a defragmentation concerns', () => {
  it.each<[string, Snapshot, Partial<RunbookSetting>, readonly string[]]>([
    ['every member, the leader last', wasteful, {}, ALL],
    ['only where it pays', mixed, {}, ['defragment m2', 'write-probe']],
    ['all of them where that is asked for', healthy(), { options: { all: true } }, ALL],
    [
      'the fullest follower first',
      withStatus(wasteful, 'm3', { sizeBytes: GIB }),
      {},
      ['defragment m3', 'defragment m2', 'move-leader', 'defragment m1', 'write-probe'],
    ],
    ['a named one', wasteful, of('m3'), ['defragment m3', 'write-probe']],
    ['a named one, by its id', wasteful, of(BigInt(IDS[2]!).toString(16)), ['defragment m3', 'write-probe']],
    ['a named one once', wasteful, of(' m3,  m3 '), ['defragment m3', 'write-probe']],
    ['the leader alone, after it has handed over', wasteful, of('m1'), ALL.slice(2)],
    ['two named ones', wasteful, of('m1 m3'), ['defragment m3', ...ALL.slice(2)]],
    ['nobody in particular', wasteful, of('  '), ALL],
    ['a named one that does not pay', healthy(), of('m2', { all: true }), ['defragment m2', 'write-probe']],
    ['under NOSPACE without a write', full(wasteful), {}, ALL.slice(0, -1)],
    ['two members, without a move', twoMembers(), {}, ['defragment m2', 'defragment m1', 'write-probe']],
    [
      'on etcd 3.2 without a move',
      old(),
      {},
      ['defragment m2', 'defragment m3', 'defragment m1', 'write-probe'],
    ],
    [
      'no learner',
      withStatus(wasteful, 'm3', { learner: true }),
      {},
      ['defragment m2', 'defragment m1', 'write-probe'],
    ],
  ])('%s', (_who, snapshot, setting, acts) => {
    expect(outline(planned(defrag, snapshot, setting))).toEqual(acts);
  });

  it.each([
    [undefined, { memberId: IDS[1]! }],
    [true, { memberId: IDS[1]!, evenIfCompact: true }],
  ])('and whether a member is left out that turns out to be compact: --all %p', (all, act) => {
    const { steps } = planned(defrag, mixed, of('m2', all ? { all } : {}));
    expect(steps[0]).toEqual({ id: 's1', kind: 'defragment', label: 'Defragment m2, 900 MiB', ...act });
  });
});

describe('it pays', () => {
  const sized = (sizeBytes: number, inUseBytes: number): Snapshot =>
    withStatus(healthy(), 'm2', { sizeBytes, inUseBytes });

  it.each([
    ['where a third is free', sized(600 * MIB + 1, 400 * MIB), true],
    ['not where it is less', sized(600 * MIB, 400 * MIB), false],
    ['with 16 MiB', sized(40 * MIB, 24 * MIB), true],
    ['not with less', sized(40 * MIB - 1, 24 * MIB), false],
    [
      'with less where the file takes up half of its quota',
      withEveryMetrics(sized(20 * MIB, 8 * MIB), { quotaBytes: 40 * MIB }),
      true,
    ],
  ])('%s', (_when, snapshot, worth) => {
    const made = defrag.plan(snapshot, { ...SETTING, options: { members: 'm2' } });
    expect(made.ok).toBe(worth);
  });

  it('as far as anybody knows where the size in use can’t be read, which is said', () => {
    const blind = withEveryMetrics(withEveryStatus(healthy(), { inUseBytes: null }), { inUseBytes: null });
    const made = planned(defrag, blind);
    expect(outline(made)).toEqual(ALL);
    expect(made.risks.join('\n')).toContain("the size in use of m1, m2 and m3 can't be read");
  });

  it('as far as anybody knows under NOSPACE, where the size in use is an old one', () => {
    const { expected, risks } = planned(defrag, full(healthy()));
    expect(expected.bytesBack.basis).toContain('under NOSPACE');
    expect(risks[0]).toMatch(/NOSPACE stays armed.*`\/etcd fix calico-prod`/);
  });
});

describe('a defragmentation is refused', () => {
  it.each<[string, Snapshot, Partial<RunbookSetting>, RegExp, RegExp]>([
    [
      'where it pays nowhere',
      healthy(),
      {},
      /Not worth a pause.*m1 200 MiB of 700 MiB, m2 200 MiB of 700 MiB, m3/,
      /`--all`/,
    ],
    [
      'where it does not pay on the named one',
      mixed,
      of('m2 m3'),
      /give back: m3 200 MiB of 700 MiB\.$/,
      /`--all`/,
    ],
    ['of a member that is not there', wasteful, of('m22'), /no member “m22”/, /Did you mean `m2`/],
    [
      'of a learner',
      withStatus(wasteful, 'm3', { learner: true }),
      of('m3', { all: true }),
      /m3 is a learner/,
      /another member/,
    ],
    ['on a version that can lose data', onVersion(wasteful, '3.5.3'), {}, /m1 runs etcd 3.5.3/, /Upgrade/],
    ['while a member is down', withUnreachable(wasteful, 'm2'), {}, /Not every member answers/, /./],
    ['under CORRUPT', withAlarms(wasteful, [{ memberId: IDS[1]!, kind: 'CORRUPT' }]), {}, /CORRUPT/, /./],
  ])('%s', (_cause, snapshot, setting, reason, instead) => {
    const told = refused(defrag, snapshot, setting);
    expect(told.reason).toMatch(reason);
    expect(told.instead).toMatch(instead);
  });
});

describe('the plan of a defragmentation', () => {
  it('tells what each member gives back and how long it stands still', () => {
    const { expected, reaches, runbook, title } = planned(defrag, wasteful);
    expect({ runbook, reaches, title }).toEqual({
      runbook: 'defrag',
      reaches: null,
      title: 'Defragment m2, m3 and m1 of calico-prod',
    });
    expect(expected.bytesByMember.map(({ highBytes }) => highBytes)).toEqual([1, 2, 3].map(() => 600 * MIB));
    expect(expected.pauses.map(({ name, pauseMs }) => `${name} ${String(pauseMs)}`)).toEqual([
      'm2 4000',
      'm3 4000',
      'm1 4000',
    ]);
  });

  it.each<[string, Snapshot, Partial<RunbookSetting>, boolean]>([
    ['three members', wasteful, {}, false],
    ['two members', twoMembers(), {}, true],
    ['the follower of two members', twoMembers(), of('m2'), true],
    ['one member', withEveryStatus(withMembers(1), { sizeBytes: 900 * MIB, inUseBytes: MIB }), {}, true],
    ['a leader that can’t hand over', old(), {}, true],
    ['followers of a leader that can’t', old(), of('m2 m3'), false],
  ])('says whether everybody stands still: %s', (_case, snapshot, setting, still) => {
    const { standstill } = planned(defrag, snapshot, setting);
    expect(standstill).toEqual(
      still ? expect.stringMatching(/^all clients stand still for about \d+ s$/) : null,
    );
  });

  it.each(BACKUP_CASES)('backs up first unless a fresh backup is known: %s', (_case, setting, first) => {
    const made = planned(defrag, wasteful, setting);
    expect(outline(made)).toEqual([...(first ? ['backup'] : []), ...ALL]);
    expect(made.backup).toBe(setting.backup !== null);
  });

  it.each([
    [
      'the leases of a leader that hands over',
      wasteful,
      {},
      'The leader looks after at least 412 leases; moving it first renews their time.',
    ],
    [
      'the room that each member needs',
      mixed,
      { options: { all: true } },
      '(330 MiB on m2, 550 MiB on m3, 550',
    ],
    ['a learner that is left out', withStatus(wasteful, 'm3', { learner: true }), {}, 'm3 is a learner'],
    ['that no backup is configured', wasteful, {}, 'No backup is configured: a member whose file'],
    ['two members', twoMembers(), {}, 'With two members the loss of either stops the cluster.'],
  ])('names as a risk %s', (_case, snapshot, setting, words) => {
    expect(planned(defrag, snapshot, setting).risks.join('\n')).toContain(words);
  });

  it.each<[string, Snapshot, Partial<RunbookSetting>]>([
    ['the leader is not concerned', wasteful, of('m2')],
    ['there is none', withEveryMetrics(wasteful, { leases: 0 }), {}],
  ])('names no leases where %s', (_case, snapshot, setting) => {
    expect(planned(defrag, snapshot, setting).risks.join('\n')).not.toMatch(/leases/i);
  });

  it('names leases without their number where nobody counts them', () => {
    const risks = planned(defrag, withEveryMetrics(wasteful, { leases: null })).risks.join('\n');
    expect(risks).toContain('The leader looks after all leases; moving it first renews their time.');
  });
});

function twoMembers(): Snapshot {
  return withEveryStatus(withMembers(2), { sizeBytes: 900 * MIB, inUseBytes: 300 * MIB });
}

/** etcd 3.2.32, which tells its size in use by its metrics alone. */
function old(): Snapshot {
  return withEveryMetrics(onVersion(wasteful, '3.2.32'), { inUseBytes: 300 * MIB });
}
