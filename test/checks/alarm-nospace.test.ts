import { describe, expect, it } from '@jest/globals';
import check from '../../src/checks/alarm-nospace.js';
import { unknown } from '../../src/domain/fact.js';
import { full, healthy, IDS, withAlarms, withEveryMetrics, withFact, withUnreachable } from '../facts.js';
import { publishedAnswers3218 } from '../facts.js';

const NOSPACE = 'NOSPACE' as const;

describe('alarm-nospace', () => {
  it('says that the cluster is full, that writes are refused, and on which member', () => {
    const [found] = check.run(full(healthy()));
    expect(found).toMatchObject({
      severity: 'critical',
      summary: expect.stringMatching(/^calico-prod is full: every write is refused \(NOSPACE on m1\)/),
    });
    expect(found?.advice).toContain('Approve the fix');
    expect(found?.evidence?.[0]).toBe('m1: 2.0 GiB of 2 GiB (100 %)');
  });

  it('names the cause where history outweighs what is alive, and only there', () => {
    const cause =
      /; it filled with history that nothing compacted: [\d\u202f]+ revisions for [\d\u202f]+ live keys$/;
    expect(check.run(full(healthy()))[0]?.summary).toMatch(cause);
    const compacted = withEveryMetrics(full(healthy()), {
      compactRevision: 4_812_000,
      currentRevision: 4_812_990,
    });
    expect(check.run(compacted)[0]?.summary).toMatch(/NOSPACE on m1\)$/);
  });

  it.each([
    [['0'], 'NOSPACE on an unnamed member'],
    [[IDS[0], IDS[2]], 'NOSPACE on m1 and m3'],
    [['81985529216486895'], 'NOSPACE on 123456789abcdef (not in the member list)'],
  ])('names who carries it: %j', (ids, words) => {
    const alarms = ids.map((memberId) => ({ memberId: memberId ?? '', kind: NOSPACE }));
    expect(check.run(withAlarms(healthy(), alarms))[0]?.summary).toContain(words);
  });

  it('passes when alarms were read and there is none', () => {
    expect(check.run(healthy())).toEqual([{ severity: 'ok', summary: 'No NOSPACE alarm' }]);
  });

  it('is raised on etcd 3.2.18 as well, whose Status does not say it', () => {
    expect(check.run(publishedAnswers3218(full(healthy())))[0]?.severity).toBe('critical');
  });

  it('says which member was not read', () => {
    expect(check.run(withUnreachable(full(healthy()), 'm3'))[0]?.evidence).toContain('m3: not read');
  });

  it('is unknown when the alarms could not be read', () => {
    const [found] = check.run(withFact(healthy(), 'alarms', unknown('timeout', 'no answer within 1.5 s')));
    expect(found).toMatchObject({ severity: 'unknown', evidence: ['no answer within 1.5 s'] });
  });
});
