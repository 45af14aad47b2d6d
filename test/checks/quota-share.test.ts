import { describe, expect, it } from '@jest/globals';
import check from '../../src/checks/quota-share.js';
import { unknown } from '../../src/domain/fact.js';
import {
  full,
  GIB,
  healthy,
  withEveryMetrics,
  withEveryStatus,
  withFact,
  withMetrics,
  withoutMetrics,
  withStatus,
  withUnreachable,
} from '../facts.js';
import { onVersion, publishedAnswers3218 } from '../facts.js';

const QUOTA = 2 * GIB;

function at(share: number, inUse: number): ReturnType<typeof check.run> {
  const sizes = { sizeBytes: Math.ceil(share * QUOTA), inUseBytes: Math.ceil(inUse * QUOTA) };
  return check.run(withStatus(healthy(), 'm2', sizes));
}

describe('quota-share', () => {
  it.each([
    [0.79, 0.7, 'ok', 'At most 79 % of the quota is used (m2: 1.6 GiB of 2 GiB)'],
    [0.8, 0.7, 'warning', 'm2 is at 80 % of the quota (1.6 GiB of 2 GiB)'],
    [0.94, 0.94, 'warning', 'm2 is at 94 % of the quota (1.9 GiB of 2 GiB)'],
    [
      0.95,
      0.79,
      'warning',
      'm2 is at 95 % of the quota (1.9 GiB of 2 GiB), but much of that is free space inside the file',
    ],
    [
      0.95,
      0.8,
      'critical',
      'm2 is at 95 % of the quota (1.9 GiB of 2 GiB), most of it in use: writes stop at 100 %',
    ],
  ])('at %d of the quota with %d in use it is %s', (...[share, inUse, severity, summary]) => {
    expect(at(share, inUse)[0]).toMatchObject({ severity, summary });
  });

  it('names all members of the worst level and the largest share', () => {
    const high = withEveryStatus(healthy(), { sizeBytes: 0.85 * QUOTA });
    const found = check.run(withStatus(high, 'm3', { sizeBytes: 0.9 * QUOTA }));
    expect(found[0]?.summary).toBe('m1, m2 and m3 are at up to 90 % of the quota (1.8 GiB of 2 GiB)');
  });

  it('takes the worse case where the size in use is missing', () => {
    const sizes = { sizeBytes: 0.96 * QUOTA, inUseBytes: null };
    const snapshot = withEveryMetrics(withEveryStatus(healthy(), sizes), { inUseBytes: null });
    expect(check.run(snapshot)[0]?.severity).toBe('critical');
  });

  it('is critical under NOSPACE, and says that the sizes in use are stale', () => {
    const [found] = check.run(full(healthy()));
    expect(found?.severity).toBe('critical');
    expect(found?.summary).toBe(
      'The quota is used up: NOSPACE on m1; fullest is m1 at 100 % (2.0 GiB of 2 GiB)',
    );
    expect(found?.evidence?.join()).toContain('stale');
  });

  it('is critical under NOSPACE also where no size was read', () => {
    const dark = ['m1', 'm2', 'm3'].reduce((all, one) => withUnreachable(all, one), full(healthy()));
    expect(check.run(dark)[0]).toMatchObject({
      severity: 'critical',
      summary: 'The quota is used up: NOSPACE on m1',
    });
  });

  it('is critical under NOSPACE also where the size is below the quota, as on etcd 3.3', () => {
    const below = withEveryStatus(full(onVersion(healthy(), '3.3.25')), { sizeBytes: 0.96 * QUOTA });
    expect(check.run(below)[0]).toMatchObject({ severity: 'critical' });
  });

  it.each([
    ['Status', withEveryStatus(healthy(), { quotaBytes: 4 * GIB }), '17 % of 4 GiB (from Status)'],
    ['metrics', healthy(), '34 % of 2 GiB (from metrics)'],
    [
      'the configuration',
      { ...withEveryMetrics(healthy(), { quotaBytes: null }), configuredQuotaBytes: 8 * GIB },
      '8 % of 8 GiB (from the configuration)',
    ],
    [
      "etcd's default",
      withEveryMetrics(healthy(), { quotaBytes: null }),
      "34 % of 2 GiB (guessed: etcd's default)",
    ],
  ])('says that the quota came from %s', (_source, snapshot, words) => {
    expect(check.run(snapshot)[0]?.evidence?.[0]).toContain(words);
  });

  it('says aloud that a default is a guess', () => {
    const found = check.run(publishedAnswers3218(healthy()));
    expect(found[1]).toMatchObject({ severity: 'info' });
    expect(found[1]?.summary).toContain('The quota of m1, m2 and m3 is a guess');
  });

  it('warns of different quotas, but never compares a guess', () => {
    const different = withMetrics(healthy(), 'm3', { quotaBytes: 8 * GIB });
    expect(check.run(different)[1]).toMatchObject({ severity: 'warning' });
    expect(check.run(different)[1]?.summary).toContain('m1 2 GiB, m2 2 GiB, m3 8 GiB');
    const guessed = withoutMetrics(withEveryMetrics(healthy(), { quotaBytes: 8 * GIB }), 'm3');
    expect(check.run(guessed).map((one) => one.severity)).toEqual(['ok', 'info']);
  });

  it('does not invent a share where there is no quota', () => {
    const found = check.run(withEveryMetrics(healthy(), { quotaBytes: -1 }));
    expect(found.map((one) => one.severity)).toEqual(['info', 'info']);
    expect(found[0]?.summary).toBe('No quota is set');
    expect(found[0]?.evidence?.[0]).toBe('m1: 700 MiB, 500 MiB in use; no quota (from metrics)');
  });

  it('says which member and which facts were not read', () => {
    const [found] = check.run(
      withFact(withUnreachable(healthy(), 'm3'), 'alarms', unknown('timeout', 'no answer')),
    );
    expect(found?.summary).toBe('At most 34 % of the quota is used (m1: 700 MiB of 2 GiB); m3 not read');
    expect(found?.evidence).toEqual(expect.arrayContaining(['m3: not read', 'Alarms: not read']));
  });
});
