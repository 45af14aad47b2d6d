import { describe, expect, it } from '@jest/globals';
import { bytesBack, historyIn, pausesOf } from '../../../src/domain/maintenance/estimate.js';
import { readMembers } from '../../../src/domain/maintenance/voters.js';
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
} from '../../facts.js';

function back(snapshot: Snapshot) {
  return bytesBack(snapshot, readMembers(snapshot));
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
  it.each([
    ['a second at least', 10 * MIB, 1000],
    ['what has to be copied, at a hundred megabytes a second', 1_000_000_000, 10_000],
  ])('are %s', (_case, sizeBytes, pauseMs) => {
    const snapshot = withEveryStatus(kept(10_000, 10_000), { sizeBytes, inUseBytes: sizeBytes });
    const pauses = pausesOf(snapshot, readMembers(snapshot));
    expect(pauses.map((pause) => pause.pauseMs)).toEqual([pauseMs, pauseMs, pauseMs]);
    expect(pauses.map(({ name }) => name)).toEqual(['m1', 'm2', 'm3']);
  });
});
