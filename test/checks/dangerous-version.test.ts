import { describe, expect, it } from '@jest/globals';
import check from '../../src/checks/dangerous-version.js';
import { healthy, withEveryStatus, withStatus, withUnreachable } from '../facts.js';

describe('dangerous-version', () => {
  it.each([
    ['3.6.7', ['ok']],
    ['3.5.23', ['ok']],
    ['3.5.22', ['info']],
    ['3.5.5', ['warning', 'info']],
    ['3.4.45', ['info']],
    ['3.4.3', ['warning', 'info']],
    ['3.2.18', ['warning', 'info']],
    ['unheard-of', ['unknown']],
  ])('etcd %s: %j', (version, severities) => {
    expect(check.run(withEveryStatus(healthy(), { version })).map((one) => one.severity)).toEqual(severities);
  });

  it('forbids an online defragmentation on 3.5.3', () => {
    const [found] = check.run(withEveryStatus(healthy(), { version: '3.5.3' }));
    expect(found?.summary).toMatch(/^m1, m2 and m3 run 3.5.3: a crash during an online defragmentation/);
    expect(found?.advice).toMatch(/^Do not defragment online/);
    expect(found?.advice).toContain('fixed in 3.5.6');
  });

  it('sums up what is good to know, with the version that has all the fixes', () => {
    expect(check.run(healthy())).toMatchObject([
      {
        severity: 'info',
        summary: 'm1, m2 and m3 run 3.5.16, which has 2 known defects',
        advice: 'Upgrade to 3.5.23 or later when the cluster is calm',
      },
    ]);
  });

  it('names the members of each version', () => {
    const mixed = withStatus(withEveryStatus(healthy(), { version: '3.5.30' }), 'm2', { version: '3.5.22' });
    expect(check.run(mixed).map((one) => one.summary)).toEqual([expect.stringMatching(/^m2 runs 3.5.22: /)]);
  });

  it('says whose version was not read', () => {
    const fine = withUnreachable(withEveryStatus(healthy(), { version: '3.6.7' }), 'm3');
    expect(check.run(fine)[0]?.summary).toBe('No known defect that matters here; m3 not read');
  });
});
