import { describe, expect, it } from '@jest/globals';
import type { Snapshot } from '../../src/domain/snapshot.js';
import disarm from '../../src/runbooks/disarm.js';
import {
  full,
  GIB,
  healthy,
  IDS,
  MIB,
  withAlarms,
  withEveryMetrics,
  withEveryStatus,
  withStatus,
  withUnreachable,
} from '../facts.js';
import { BACKUP, outline, planned, refused } from './planning.js';

/** Made room for, and still armed. */
const mended = withEveryStatus(full(healthy()), { sizeBytes: 300 * MIB });

describe('disarming', () => {
  it('names NOSPACE and the share above which it stops, and proves a write', () => {
    const made = planned(disarm, mended);
    expect(outline(made)).toEqual(['disarm', 'write-probe']);
    expect(made.steps[0]).toMatchObject({ alarm: 'NOSPACE', belowShare: 0.9 });
    expect(made).toMatchObject({ runbook: 'disarm', standstill: null, reaches: null, prevention: [] });
  });

  it('takes nothing away, so it needs no backup', () => {
    expect(planned(disarm, mended)).toMatchObject({
      backup: true,
      lastBackup: 'I know of no backup of this cluster.',
    });
    expect(outline(planned(disarm, mended, { backup: BACKUP }))).not.toContain('backup');
  });

  it('says where it compares with a quota that is guessed', () => {
    const guessed = withEveryMetrics(mended, { quotaBytes: null });
    expect(planned(disarm, guessed).risks.join('\n')).toContain("etcd's default of 2 GiB is assumed");
  });

  it('takes an alarm of a member that is gone, too', () => {
    const gone = withAlarms(mended, [{ memberId: IDS[4]!, kind: 'NOSPACE' }]);
    expect(outline(planned(disarm, gone))).toContain('disarm');
  });

  it.each<[string, Snapshot, RegExp, RegExp]>([
    ['where none is armed', healthy(), /No NOSPACE alarm is armed/, /diagnose/],
    [
      'where CORRUPT is armed as well',
      withAlarms(mended, [
        { memberId: IDS[0]!, kind: 'NOSPACE' },
        { memberId: IDS[1]!, kind: 'CORRUPT' },
      ]),
      /CORRUPT/,
      /Never disarm CORRUPT first/,
    ],
    [
      'where a member is full still',
      withStatus(mended, 'm3', { sizeBytes: 0.9 * 2 * GIB }),
      /m3 is full still, at 90 % of its quota/,
      /`\/etcd fix calico-prod` makes room first/,
    ],
    ['where a member is down', withUnreachable(mended, 'm2'), /Not every member answers/, /./],
  ])('is refused %s', (_cause, snapshot, reason, instead) => {
    const told = refused(disarm, snapshot);
    expect(told.reason).toMatch(reason);
    expect(told.instead).toMatch(instead);
  });

  it('is not refused just under the limit', () => {
    expect(planned(disarm, withStatus(mended, 'm3', { sizeBytes: 0.9 * 2 * GIB - 1 })).steps).toHaveLength(2);
  });
});
