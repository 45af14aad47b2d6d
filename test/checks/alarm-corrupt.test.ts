import { describe, expect, it } from '@jest/globals';
import check from '../../src/checks/alarm-corrupt.js';
import { full, healthy, IDS, withAlarms } from '../facts.js';
import { onVersion, publishedAnswers3218 } from '../facts.js';

describe('alarm-corrupt', () => {
  it.each([
    [IDS[1] ?? '', 'm2'],
    ['0', 'an unnamed member'],
  ])('forbids maintenance when %s is corrupt', (memberId, name) => {
    const [found] = check.run(withAlarms(healthy(), [{ memberId, kind: 'CORRUPT' }]));
    expect(found?.severity).toBe('critical');
    expect(found?.summary).toContain(`CORRUPT on ${name}`);
    expect(found?.advice).toMatch(/^Do not compact, defragment or disarm/);
  });

  it('has no runbook: the fix would make it worse', () => {
    expect(check.runbook).toBeNull();
  });

  it('is not confused by NOSPACE', () => {
    expect(check.run(full(healthy())).map((one) => one.severity)).toEqual(['ok']);
  });

  it('says that no alarm is no proof', () => {
    expect(check.run(healthy())[0]?.evidence?.[0]).toMatch(/^No alarm is no proof/);
  });

  it('does not pass on etcd 3.2, which has no such alarm', () => {
    expect(check.run(publishedAnswers3218(healthy()))).toMatchObject([
      { severity: 'info', summary: 'etcd 3.2 has no CORRUPT alarm: corruption would go unnoticed' },
    ]);
    expect(check.run(onVersion(healthy(), '3.3.25'))[0]?.severity).toBe('ok');
  });

  it('reports an alarm of an unknown kind', () => {
    const severities = check.run(withAlarms(healthy(), [{ memberId: IDS[0] ?? '', kind: 'UNKNOWN' }]));
    expect(severities.map((one) => one.severity)).toEqual(['ok', 'unknown']);
  });
});
