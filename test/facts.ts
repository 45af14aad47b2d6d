import type { Snapshot } from '../src/domain/snapshot.js';
import { GIB, IDS, read } from './healthy.js';
import { withAlarms, withEveryMetrics, withEveryStatus, withFact } from './overrides.js';

export * from './healthy.js';
export * from './overrides.js';
export * from './versions.js';

export const FULL_WORDS = 'etcdserver: mvcc: database space exceeded';

/**
 * The incident: every member at its quota, NOSPACE on m1, five million revisions and none ever compacted. The sizes in
 * use look as if all of it were live data, which is what etcd says before a compaction.
 */
export function full(snapshot: Snapshot): Snapshot {
  const size = 2 * GIB + 4096;
  const inUse = Math.round(size * 0.98);
  const history = { currentRevision: 4_812_990, compactRevision: -1, compactions: 0, compactedKeys: 0 };
  const grown = withEveryMetrics(
    withEveryStatus(snapshot, { sizeBytes: size, inUseBytes: inUse, revision: 4_812_990 }),
    { ...history, sizeBytes: size, inUseBytes: inUse, lastCompactionAt: null, liveKeys: 21_480 },
  );
  const counted = withFact(grown, 'live-keys', read(21_480));
  return withAlarms(counted, [{ memberId: IDS[0] ?? '', kind: 'NOSPACE' }]);
}
