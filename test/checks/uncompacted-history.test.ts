import { describe, expect, it } from '@jest/globals';
import check from '../../src/checks/uncompacted-history.js';
import {
  full,
  GIB,
  healthy,
  withEveryMetrics,
  withEveryStatus,
  withoutMetrics,
  withUnreachable,
} from '../facts.js';
import { onVersion, publishedAnswers3218 } from '../facts.js';

describe('uncompacted-history', () => {
  it.each([
    [9_999, 'ok'],
    [10_000, 'info'],
    [99_999, 'info'],
    [100_000, 'warning'],
  ])('%d revisions since the last compaction: %s', (history, severity) => {
    const snapshot = withEveryMetrics(healthy(), {
      currentRevision: 500_000 + history,
      compactRevision: 500_000,
    });
    expect(check.run(snapshot).map((one) => one.severity)).toEqual([severity]);
  });

  it.each([
    [1000, 0.8, 'warning'],
    [1000, 0.79, 'info'],
    [2000, 0.8, 'info'],
  ])('20,000 revisions of %d live keys at %d of the quota: %s', (liveKeys, share, severity) => {
    const sized = withEveryStatus(healthy(), { sizeBytes: Math.ceil(share * 2 * GIB) });
    const revisions = { currentRevision: 520_000, compactRevision: 500_000, liveKeys };
    const { 'live-keys': _counted, ...facts } = withEveryMetrics(sized, revisions).facts;
    expect(check.run({ ...sized, facts })[0]?.severity).toBe(severity);
  });

  it('counts all revisions where nothing was ever compacted', () => {
    const [found] = check.run(full(healthy()));
    expect(found?.severity).toBe('warning');
    expect(found?.summary).toBe('4\u202f812\u202f990 revisions since the last compaction');
    expect(found?.evidence?.[0]).toBe('m1: revision 4\u202f812\u202f990, never compacted');
  });

  it('does with one member whose metrics were read, and says so', () => {
    const [found] = check.run(withUnreachable(healthy(), 'm1'));
    expect(found).toMatchObject({
      severity: 'ok',
      summary: '420 revisions since the last compaction; m1 not read',
    });
  });

  it.each([
    ['no metrics were read', ['m1', 'm2', 'm3'].reduce((all, one) => withoutMetrics(all, one), healthy())],
    ['this version does not say it', publishedAnswers3218(healthy())],
  ])('is unknown where %s', (_case, snapshot) => {
    expect(check.run(snapshot).map((one) => one.severity)).toEqual(['unknown']);
  });

  it('works on etcd 3.3.25', () => {
    expect(check.run(onVersion(healthy(), '3.3.25'))[0]?.severity).toBe('ok');
  });
});
