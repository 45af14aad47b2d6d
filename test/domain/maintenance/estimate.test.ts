import { describe, expect, it } from '@jest/globals';
import { expectedOf, historyIn, inUseOf, type Beforehand } from '../../../src/domain/maintenance/estimate.js';
import { groundOf } from '../../../src/domain/maintenance/ground.js';
import { readMembers } from '../../../src/domain/maintenance/voters.js';
import type { RunbookSetting } from '../../../src/domain/runbook.js';
import type { Snapshot } from '../../../src/domain/snapshot.js';
import {
  full,
  GIB,
  healthy,
  MIB,
  onVersion,
  withEveryMetrics,
  withEveryStatus,
  withoutFact,
  withStatus,
} from '../../facts.js';
import { SETTING } from '../../runbooks/planning.js';

function expected(
  snapshot: Snapshot,
  beforehand: Beforehand = 'compaction',
  setting: Partial<RunbookSetting> = {},
) {
  const ground = groundOf(snapshot, { ...SETTING, ...setting });
  if (!ground.ok) throw new Error(ground.reason);
  return expectedOf(ground.value, readMembers(snapshot), beforehand);
}

function back(snapshot: Snapshot) {
  return expected(snapshot).bytesBack;
}

/** Three members of 1000 MiB, 800 MiB of it in use, with so many keys alive of so many versions. */
function kept(keys: number, versions: number): Snapshot {
  const sized = withEveryStatus(healthy(), { sizeBytes: 1000 * MIB, inUseBytes: 800 * MIB });
  const counted = withEveryMetrics(sized, { liveKeys: keys, currentRevision: versions, compactRevision: 0 });
  return withoutFact(counted, 'live-keys');
}

describe('the bytes that come back', () => {
  it.each([
    ['nothing but history is kept', kept(0, 10_000), 3 * 600 * MIB, 3 * 1000 * MIB],
    ['half of the versions are live keys', kept(5000, 10_000), 3 * 400 * MIB, 3 * 600 * MIB],
    ['everything is live', kept(10_000, 10_000), 3 * 200 * MIB, 3 * 200 * MIB],
    ['more keys than versions are there', kept(10_000, 10), 3 * 200 * MIB, 3 * 200 * MIB],
  ])('where %s', (_case, snapshot, lowBytes, highBytes) => {
    expect(back(snapshot)).toMatchObject({ lowBytes, highBytes });
  });

  it('are told member by member', () => {
    const { bytesByMember } = expected(withStatus(kept(10_000, 10_000), 'm3', { sizeBytes: 900 * MIB }));
    expect(bytesByMember.map(({ name, lowBytes, highBytes }) => [name, lowBytes, highBytes])).toEqual([
      ['m1', 200 * MIB, 200 * MIB],
      ['m2', 200 * MIB, 200 * MIB],
      ['m3', 100 * MIB, 100 * MIB],
    ]);
  });

  it('can be anything where history is not known', () => {
    const blind = withEveryMetrics(kept(0, 10_000), { compactRevision: null });
    expect(back(blind)).toMatchObject({ lowBytes: 3 * 200 * MIB, highBytes: 3 * 1000 * MIB });
  });

  it('can be anything from nothing to all on etcd 3.2, which says nothing of it', () => {
    expect(back(onVersion(full(healthy()), '3.2.18'))).toMatchObject({
      lowBytes: 0,
      highBytes: 3 * (2 * GIB + 4096),
    });
  });

  it('are none less than none where a size in use is ahead of its size', () => {
    const odd = withEveryStatus(kept(10_000, 10_000), { inUseBytes: 1200 * MIB });
    expect(back(odd).lowBytes).toBe(0);
  });
});

describe('the bytes that come back without a compaction', () => {
  const odd = withEveryMetrics(withEveryStatus(healthy(), { inUseBytes: null }), { inUseBytes: null });

  it.each<[string, Snapshot, number, number, RegExp]>([
    ['are the free space, however much is history', kept(0, 10_000), 600, 600, /free space inside/],
    ['can be more under NOSPACE', full(kept(0, 10_000)), 122.9, 6144, /under NOSPACE/],
    ['can be anything where the size in use is not known', odd, 0, 2100, /not every member says/],
  ])('%s', (_case, snapshot, low, high, basis) => {
    const { bytesBack } = expected(snapshot, 'nothing');
    expect(bytesBack.lowBytes / MIB).toBeCloseTo(low, 0);
    expect(bytesBack.highBytes / MIB).toBeCloseTo(high, 0);
    expect(bytesBack.basis).toMatch(basis);
  });
});

describe('the size in use', () => {
  it.each([
    ['is what Status says', 300, 400, 300],
    ['is what the metrics say where Status does not', null, 400, 400],
    ['is not nothing where Status leaves it out', 0, 400, 400],
    ['is not known else', null, null, null],
  ])('%s', (_case, status, metrics, inUse) => {
    const told = withEveryStatus(withEveryMetrics(healthy(), { inUseBytes: metrics }), {
      inUseBytes: status,
    });
    expect(inUseOf(readMembers(told)[0]!)).toBe(inUse);
  });
});

describe('the history', () => {
  it.each([
    ['since the last compaction', 600, 400],
    ['from the beginning where nothing was ever compacted', -1, 1000],
    ['is not known without the metric', null, null],
  ])('is counted %s', (_case, compactRevision, history) => {
    const snapshot = withEveryMetrics(healthy(), { currentRevision: 1000, compactRevision });
    expect(historyIn(readMembers(snapshot)[0]!)).toBe(history);
  });
});

describe('the pauses', () => {
  const sized = (sizeBytes: number): Snapshot =>
    withEveryStatus(kept(10_000, 10_000), { sizeBytes, inUseBytes: sizeBytes });

  it.each([
    ['a second at least', 10 * MIB, null, 1000],
    ['what has to be copied, at a hundred megabytes a second', 1_000_000_000, null, 10_000],
    [
      'as long as earlier ones of this cluster',
      1_000_000_000,
      { bytesPerSecond: 50_000_000, runs: 3 },
      20_000,
    ],
    ['a second at least on a fast disk, too', 1_000_000_000, { bytesPerSecond: 5e9, runs: 3 }, 1000],
  ])('are %s', (_case, sizeBytes, pace, pauseMs) => {
    const { pauses } = expected(sized(sizeBytes), 'compaction', { pace });
    expect(pauses.map((pause) => pause.pauseMs)).toEqual([pauseMs, pauseMs, pauseMs]);
    expect(pauses.map(({ name }) => name)).toEqual(['m1', 'm2', 'm3']);
  });

  it.each([
    [null, 'at a usual 100 MB/s: this cluster has not been defragmented by me yet'],
    [{ bytesPerSecond: 9e7, runs: 1 }, 'as fast as an earlier defragmentation of this cluster'],
    [{ bytesPerSecond: 9e7, runs: 3 }, 'as fast as 3 earlier defragmentations of this cluster'],
  ])('say what they rest on: %j', (pace, words) => {
    expect(expected(healthy(), 'nothing', { pace }).pauseBasis).toBe(words);
  });

  it('rest on nothing where nobody stands still', () => {
    const ground = groundOf(healthy(), SETTING);
    if (!ground.ok) throw new Error(ground.reason);
    expect(expectedOf(ground.value, [], 'nothing')).toMatchObject({ pauses: [], pauseBasis: null });
  });
});
