import { describe, expect, it } from '@jest/globals';
import check from '../../src/checks/fragmentation.js';
import {
  full,
  healthy,
  MIB,
  withEveryMetrics,
  withEveryStatus,
  withStatus,
  withUnreachable,
} from '../facts.js';
import { onVersion, publishedAnswers3218 } from '../facts.js';

describe('fragmentation', () => {
  it.each([
    ['half in use', 700, 350, 2048, 'ok'],
    ['less than half in use', 700, 349, 2048, 'warning'],
    ['a small file', 100, 20, 2048, 'ok'],
    ['a file just not small', 101, 20, 2048, 'warning'],
    ['a small file that is half of its quota', 60, 20, 120, 'ok'],
    ['a small file that is over half of its quota', 61, 20, 120, 'warning'],
  ])('%s: %d MiB, %d MiB in use, quota %d MiB: %s', (...[_case, size, inUse, quota, severity]) => {
    const sizes = { sizeBytes: size * MIB, inUseBytes: inUse * MIB };
    const snapshot = withEveryMetrics(withStatus(healthy(), 'm2', sizes), { quotaBytes: quota * MIB });
    expect(check.run(snapshot).map((one) => one.severity)).toEqual([severity]);
  });

  it('names the members and the bytes that would come back', () => {
    const [found] = check.run(withStatus(healthy(), 'm2', { inUseBytes: 200 * MIB }));
    expect(found?.summary).toBe('Over half of the file is free space on m2: 500 MiB in all');
    expect(found?.evidence).toContain('m2: 200 MiB of 700 MiB in use (28 %)');
  });

  it('uses the metrics where Status before etcd 3.4 does not say it', () => {
    const old = onVersion(healthy(), '3.3.25');
    expect(check.run(old)[0]?.severity).toBe('ok');
    expect(check.run(withEveryMetrics(old, { inUseBytes: 100 * MIB }))[0]?.severity).toBe('warning');
  });

  it('never computes it from a missing size', () => {
    expect(check.run(publishedAnswers3218(healthy()))[0]?.severity).toBe('unknown');
    const zero = withEveryMetrics(withEveryStatus(healthy(), { inUseBytes: 0 }), { inUseBytes: 0 });
    expect(check.run(zero)[0]?.severity).toBe('unknown');
  });

  it('does not call a full cluster unfragmented: its size in use is stale', () => {
    expect(check.run(full(healthy()))[0]).toMatchObject({ severity: 'unknown' });
  });

  it('says which member was not read', () => {
    const [found] = check.run(withUnreachable(healthy(), 'm3'));
    expect(found?.summary).toBe('A defragmentation would give little back; m3 not read');
  });
});
