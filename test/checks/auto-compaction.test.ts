import { describe, expect, it } from '@jest/globals';
import check from '../../src/checks/auto-compaction.js';
import type { MemberMetrics } from '../../src/domain/snapshot.js';
import {
  DAY,
  full,
  healthy,
  HOUR,
  MINUTE,
  NOW,
  withEveryMetrics,
  withMetrics,
  withoutMetrics,
} from '../facts.js';
import { onVersion, publishedAnswers3218 } from '../facts.js';

const COMPACTED = 500_000;

function behind(history: number, patch: Partial<MemberMetrics> = {}): Partial<MemberMetrics> {
  return { compactRevision: COMPACTED, currentRevision: COMPACTED + history, ...patch };
}

const never = { compactRevision: -1, lastCompactionAt: null };
const silent = { lastCompactionAt: null };

describe('auto-compaction on etcd 3.5 and newer', () => {
  it.each([
    ['compacted a minute ago', behind(420), 'ok'],
    ['compacted 2 h ago', behind(20_000, { lastCompactionAt: NOW - 2 * HOUR }), 'ok'],
    ['compacted more than 2 h ago', behind(20_000, { lastCompactionAt: NOW - 2 * HOUR - 1 }), 'warning'],
    ['the same with few revisions', behind(9_999, { lastCompactionAt: NOW - 3 * HOUR }), 'info'],
    ['an idle cluster', behind(999, { lastCompactionAt: NOW - 30 * DAY }), 'ok'],
    ['none since the start, 40 days ago', behind(20_000, silent), 'warning'],
    [
      'none since the start, 2 h ago',
      behind(20_000, { ...silent, processStartedAt: NOW - 2 * HOUR }),
      'info',
    ],
    [
      'none since the start, over 2 h ago',
      behind(20_000, { ...silent, processStartedAt: NOW - 2 * HOUR - 1 }),
      'warning',
    ],
    ['never, up for 1 h', { ...behind(0), ...never, processStartedAt: NOW - HOUR }, 'info'],
    ['never, up for over 1 h', { ...behind(0), ...never, processStartedAt: NOW - HOUR - 1 }, 'warning'],
  ])('%s', (_case, patch, severity) => {
    expect(check.run(withEveryMetrics(healthy(), patch)).map((one) => one.severity)).toEqual([severity]);
  });

  it('says "apparently", why, and what to do', () => {
    const [found] = check.run(full(healthy()));
    expect(found).toMatchObject({
      severity: 'warning',
      summary:
        'Auto-compaction is apparently off: nothing was ever compacted, 4\u202f812\u202f990 revisions wait',
    });
    expect(found?.advice).toContain('`--auto-compaction-mode=periodic --auto-compaction-retention=1h`');
    expect(found?.evidence?.at(-1)).toBe(
      "Both put a key first, so they stop under NOSPACE, as now; etcd's own auto-compaction goes on",
    );
  });

  it('believes the member that has seen a compaction over one that has just started', () => {
    const restarted = withMetrics(healthy(), 'm2', {
      ...behind(5000, silent),
      processStartedAt: NOW - MINUTE,
    });
    expect(check.run(restarted)[0]?.severity).toBe('ok');
  });
});

describe('auto-compaction before etcd 3.5, which does not say when', () => {
  it.each([
    ['3.4.23', behind(99_999, silent), 'ok'],
    ['3.4.23', behind(100_000, silent), 'warning'],
    ['3.4.23', behind(100_000, { ...silent, processStartedAt: NOW - HOUR }), 'info'],
    ['3.3.25', { ...behind(0), ...never }, 'warning'],
  ])('%s: %j', (version, patch, severity) => {
    const snapshot = withEveryMetrics(onVersion(healthy(), version), patch);
    expect(check.run(snapshot).map((one) => one.severity)).toEqual([severity]);
  });

  it('knows the only flag of etcd 3.2', () => {
    const snapshot = withEveryMetrics(publishedAnswers3218(healthy()), { ...behind(0), ...never });
    expect(check.run(snapshot)[0]?.advice).toContain('with `--auto-compaction-retention=1`,');
  });
});

describe('auto-compaction without metrics', () => {
  it.each([
    ['none were read', ['m1', 'm2', 'm3'].reduce((all, one) => withoutMetrics(all, one), healthy())],
    ['they do not say how far it is compacted', publishedAnswers3218(healthy())],
  ])('is unknown: %s', (_case, snapshot) => {
    expect(check.run(snapshot).map((one) => one.severity)).toEqual(['unknown']);
  });

  it('says whose are missing', () => {
    expect(check.run(withoutMetrics(healthy(), 'm3'))[0]?.summary).toMatch(/; m3 not read$/);
  });
});
