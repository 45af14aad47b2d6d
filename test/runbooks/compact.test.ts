import { describe, expect, it } from '@jest/globals';
import type { RunbookSetting, SeenRevision } from '../../src/domain/runbook.js';
import type { Snapshot } from '../../src/domain/snapshot.js';
import compact from '../../src/runbooks/compact.js';
import {
  full,
  healthy,
  HOUR,
  IDS,
  MINUTE,
  NOW,
  onVersion,
  withAlarms,
  withEveryMetrics,
  withMetrics,
  withoutMetrics,
  withStatus,
  withUnreachable,
} from '../facts.js';
import { BACKUP, BACKUP_CASES, outline, planned, refused } from './planning.js';

const NEWEST = 1_204_331;
/** Compacted up to revision 1 000 000 on every member, and 1 204 331 is the newest. */
const calm = withEveryMetrics(healthy(), { compactRevision: 1_000_000 });

/** What the monitor has seen: so many minutes ago, so many revisions before the newest. */
function seen(...rows: readonly (readonly [minutes: number, before: number])[]): readonly SeenRevision[] {
  return rows.map(([minutes, before]) => ({ at: NOW - minutes * MINUTE, revision: NEWEST - before }));
}

const anHour = seen([58, 9000], [30, 5000], [11, 2000], [9, 1500], [1, 100]);

function target(snapshot: Snapshot, setting: Partial<RunbookSetting>) {
  const made = planned(compact, snapshot, setting);
  const step = made.steps.find(({ kind }) => kind === 'compact');
  return { revision: step?.kind === 'compact' ? step.revision : null, reaches: made.reaches };
}

describe('the revision that is compacted', () => {
  it.each<[string, Partial<RunbookSetting>, number, string]>([
    ['is the newest that is ten minutes old', { revisions: anHour }, 2000, 'which was the newest 11 min ago'],
    [
      'is just ten minutes old',
      { revisions: seen([10, 2000], [1, 100]) },
      2000,
      'which was the newest 10 min ago',
    ],
    [
      'is the newest of all where nothing was seen',
      { revisions: [] },
      0,
      'the newest now: the monitor has seen no older one yet',
    ],
    [
      'is the newest of all where nothing that old was seen',
      { revisions: seen([9, 1500], [1, 100]) },
      0,
      'the newest now: the monitor has seen only the last 9 min',
    ],
    [
      'is the one of the time that is to be kept',
      { revisions: anHour, options: { keep: '30m' } },
      5000,
      'which was the newest 30 min ago',
    ],
    [
      'is the one before, where none was seen at that time',
      { revisions: anHour, options: { keep: '31m' } },
      9000,
      'which was the newest 58 min ago',
    ],
    [
      'is so many before the newest',
      { options: { keep: '5000' } },
      5000,
      '5\u202f000 before the newest, and the monitor has not seen how old it is',
    ],
    [
      'is so many before the newest, and so old',
      { revisions: anHour, options: { keep: '6000' } },
      6000,
      '6\u202f000 before the newest, at least 30 min old',
    ],
    ['is the newest where none is kept', { options: { keep: '0' } }, 0, 'the newest now'],
    [
      'is the one that was typed',
      { options: { revision: String(NEWEST - 1) } },
      1,
      '1 before the newest, and the monitor has not seen how old it is',
    ],
    ['is the newest, typed', { options: { revision: String(NEWEST) } }, 0, 'the newest now'],
  ])('%s', (_what, setting, before, words) => {
    const { revision, reaches } = target(calm, setting);
    expect(revision).toBe(NEWEST - before);
    expect(reaches).toMatch(/^Revision 1\u202f\d{3}\u202f\d{3}, /);
    expect(reaches).toContain(words);
  });

  it('is none above the lowest member’s, though the monitor saw a higher one', () => {
    const late = withStatus(calm, 'm3', { revision: NEWEST - 2500 });
    expect(target(late, { revisions: anHour }).revision).toBe(NEWEST - 5000);
    expect(target(late, {}).revision).toBe(NEWEST - 2500);
    expect(target(late, { options: { keep: '5000' } }).revision).toBe(NEWEST - 7500);
  });
});

describe('a compaction is refused', () => {
  it.each<[string, Snapshot, Partial<RunbookSetting>, RegExp, RegExp]>([
    [
      'with two wishes',
      calm,
      { options: { keep: '10m', revision: '7' } },
      /`--keep` and `--revision`/,
      /Give one of them/,
    ],
    [
      'with what is no time',
      calm,
      { options: { keep: 'ten' } },
      /neither a time nor a number/,
      /`--keep 2h`/,
    ],
    ['with what is no number', calm, { options: { keep: '-3' } }, /neither/, /`--keep 5000`/],
    ['without a value', calm, { options: { keep: true } }, /neither/, /./],
    [
      'with what is no revision',
      calm,
      { options: { revision: '12x' } },
      /“12x” is no revision/,
      /whole number/,
    ],
    ['with revision 0', calm, { options: { revision: '0' } }, /“0” is no revision/, /from 1 on/],
    [
      'further back than the monitor has seen',
      calm,
      { revisions: anHour, options: { keep: '3h' } },
      /knows revisions back to 58 min ago, not to 3 h ago/,
      /`--keep 58m`.*`--keep 5000`/,
    ],
    [
      'further back than the first seconds',
      calm,
      { revisions: [{ at: NOW - 40_500, revision: 5 }], options: { keep: '10m' } },
      /back to 41 s ago/,
      /`--keep 40s`/,
    ],
    [
      'by time where the monitor has seen nothing',
      calm,
      { options: { keep: '10m' } },
      /has seen no older revision/,
      /`--keep 5000`/,
    ],
    [
      'where fewer revisions are there than are to be kept',
      calm,
      { options: { keep: String(NEWEST) } },
      /There are only 1\u202f204\u202f331 revisions/,
      /Keep fewer/,
    ],
    [
      'above the lowest member’s revision',
      withStatus(calm, 'm3', { revision: 1_204_000 }),
      { options: { revision: '1204001' } },
      /above 1\u202f204\u202f000, which is where m3 is now/,
      /`--revision 1204000`/,
    ],
    [
      'where it is done already',
      calm,
      { options: { revision: '1000000' } },
      /^Nothing to do: history up to revision 1\u202f000\u202f000 is compacted already\.$/,
      /`--revision 1204331`/,
    ],
    [
      'where Kubernetes is done already with all that is ten minutes old',
      withEveryMetrics(calm, { compactRevision: NEWEST - 700 }),
      { revisions: anHour },
      /up to revision 1\u202f203\u202f631 is compacted already/,
      /`--revision 1204331`/,
    ],
    ['while a member is down', withUnreachable(calm, 'm2'), {}, /Not every member answers/, /./],
    ['under CORRUPT', withAlarms(calm, [{ memberId: IDS[1]!, kind: 'CORRUPT' }]), {}, /CORRUPT/, /./],
  ])('%s', (_cause, snapshot, setting, reason, instead) => {
    const told = refused(compact, snapshot, setting);
    expect(told.reason).toMatch(reason);
    expect(told.instead).toMatch(instead);
  });

  it('offers nothing more where all there is has been compacted', () => {
    const all = withEveryMetrics(calm, { compactRevision: NEWEST });
    expect(refused(compact, all).instead).toBe('');
  });

  it.each<[string, Snapshot]>([
    ['one member has it still', withMetrics(calm, 'm2', { compactRevision: 999_999 })],
    ['one member does not say', withoutMetrics(calm, 'm2')],
    ['the version does not say', onVersion(calm, '3.2.18')],
  ])('but not where %s', (_case, snapshot) => {
    expect(target(snapshot, { options: { revision: '1000000' } }).revision).toBe(1_000_000);
  });
});

describe('the plan of a compaction', () => {
  it('compacts and proves a write', () => {
    const made = planned(compact, calm);
    expect(outline(made)).toEqual(['compact', 'write-probe']);
    expect(made).toMatchObject({ runbook: 'compact', standstill: null, backup: false });
    expect(made.expected).toMatchObject({ bytesByMember: [], pauses: [], pauseBasis: null });
    expect(made.risks.join('\n')).toContain('The files keep their size');
  });

  it('proves no write under NOSPACE, and says that it gives no room', () => {
    const made = planned(compact, full(healthy()));
    expect(outline(made)).toEqual(['compact']);
    expect(made.risks[0]).toMatch(/NOSPACE stays armed.*`\/etcd fix calico-prod` does the rest/);
    expect(made.prevention).not.toEqual([]);
  });

  it.each(BACKUP_CASES)('backs up first unless a fresh backup is known: %s', (_case, setting, first) => {
    const made = planned(compact, calm, setting);
    expect(outline(made)).toEqual([...(first ? ['backup'] : []), 'compact', 'write-probe']);
    expect(made.lastBackup.endsWith('A backup is taken first.')).toBe(first);
  });

  it('says that there is no way back where there is no place for backups', () => {
    const words = 'No backup is configured';
    expect(planned(compact, calm).risks.join(' ')).toContain(words);
    const withPlace = planned(compact, calm, { backup: BACKUP, lastBackupAt: NOW - HOUR });
    expect(withPlace.risks.join(' ')).not.toContain(words);
    expect(withPlace).toMatchObject({ backup: true, lastBackup: 'The last backup by me is 1 h old.' });
  });

  it('says what slow watchers will feel', () => {
    const slow = withMetrics(calm, 'm2', { slowWatchers: 3 });
    expect(planned(compact, slow).risks.join('\n')).toContain('3 of 120 watchers are behind now');
    expect(planned(compact, withoutMetrics(slow, 'm1')).risks.join('\n')).toContain('do by themselves.');
  });

  it('gives the line for a terminal', () => {
    const { byHand } = planned(compact, calm, { options: { revision: '1200000' } });
    expect(byHand).toContain('etcdctl --endpoints=https://10.0.0.1:2379 compact 1200000 --physical');
  });
});
