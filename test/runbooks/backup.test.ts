import { describe, expect, it } from '@jest/globals';
import backup from '../../src/runbooks/backup.js';
import { full, healthy, HOUR, NOW, withMembers, withUnreachable } from '../facts.js';
import { BACKUP, outline, planned, refused } from './planning.js';

describe('the plan of a backup', () => {
  it.each([
    ['a healthy cluster', healthy()],
    ['a full one', full(healthy())],
    ['a single member', withMembers(1)],
  ])('backs up and does nothing else: %s', (_case, snapshot) => {
    const made = planned(backup, snapshot, { backup: BACKUP });
    expect(outline(made)).toEqual(['backup']);
    expect(made.steps[0]).toMatchObject(BACKUP);
    expect(made).toMatchObject({ runbook: 'backup', standstill: null, backup: true });
  });

  it('says from whom, and what becomes of older ones', () => {
    const risks = planned(backup, healthy(), { backup: BACKUP }).risks.join('\n');
    expect(risks).toContain('m2 reads and sends its whole database, 700 MiB.');
    expect(risks).toContain('in /var/lib/steward/backups the newest 3 are kept');
  });

  it('says how old the last one is, and promises none before this one', () => {
    const made = planned(backup, healthy(), { backup: BACKUP, lastBackupAt: NOW - 50 * HOUR });
    expect(made.lastBackup).toBe('The last backup by me is 2 days old.');
  });

  it('says what a failure leaves behind', () => {
    expect(planned(backup, healthy(), { backup: BACKUP }).onFailure).toContain('no unfinished file is kept');
  });

  it('is refused where there is no place for it, with the key to set', () => {
    const told = refused(backup, healthy());
    expect(told.reason).toBe('No place for backups of calico-prod is configured.');
    expect(told.instead).toMatch(/`backup.directory`.*`etcdctl snapshot save FILE`/);
  });

  it('is refused while a member is down, with what is safe', () => {
    const told = refused(backup, withUnreachable(healthy(), 'm3'), { backup: BACKUP });
    expect(told.reason).toContain('Not every member answers: m3');
    expect(told.instead).toContain('`etcdctl snapshot save`');
  });
});
