import { describe, expect, test } from '@jest/globals';
import { chartDataOf } from '../../../src/domain/alerting/chart-data.js';
import type { SizeSeries } from '../../../src/domain/alerting/past.js';
import { GIB, healthy, IDS, NOW, withEveryMetrics, withEveryStatus } from '../../facts.js';

function series(memberId: string, quotaBytes: number | null = null): SizeSeries {
  return { memberId, quotaBytes, points: [{ at: NOW, sizeBytes: GIB, inUseBytes: null }] };
}

const [m1 = '', m2 = ''] = IDS;
const drawn = (...all: readonly SizeSeries[]) => ({ series: all, trend: null, at: NOW });
const unsaid = withEveryMetrics(withEveryStatus(healthy(), { quotaBytes: null }), { quotaBytes: null });

describe('what a picture of a cluster shows', () => {
  test('is its members by name, without those that left', () => {
    const { cluster, members } = chartDataOf(healthy(), drawn(series(m1), series('7'), series(m2)));
    expect([cluster, ...members.map(({ label }) => label)]).toEqual([healthy().cluster, 'm1', 'm2']);
  });

  test('is the lowest quota that is known', () => {
    const snapshot = withEveryMetrics(healthy(), { quotaBytes: 4 * GIB });
    expect(chartDataOf(snapshot, drawn(series(m1))).quotaBytes).toBe(4 * GIB);
    expect(chartDataOf(snapshot, drawn(series(m1, 3 * GIB))).quotaBytes).toBe(3 * GIB);
  });

  test('is no quota that nobody has said, and none where there is none', () => {
    expect(chartDataOf(unsaid, drawn(series(m1))).quotaBytes).toBeNull();
    expect(
      chartDataOf(withEveryMetrics(unsaid, { quotaBytes: -1 }), drawn(series(m1))).quotaBytes,
    ).toBeNull();
    expect(chartDataOf({ ...unsaid, configuredQuotaBytes: GIB }, drawn(series(m1))).quotaBytes).toBe(GIB);
  });
});
