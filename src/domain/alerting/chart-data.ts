import { membersOf } from '../members.js';
import type { Snapshot } from '../snapshot.js';
import type { SizeSeries, Trend } from './past.js';
import type { ChartData } from './ports.js';

export interface Drawn {
  readonly series: readonly SizeSeries[];
  readonly trend: Trend | null;
  /** When it is drawn, milliseconds since the epoch. */
  readonly at: number;
}

/**
 * What a picture of a cluster's sizes shows: members of now by name, those that left not at all. The quota is the lowest
 * that is known; etcd's default, which nobody has confirmed, is none.
 */
export function chartDataOf(snapshot: Snapshot, { series, trend, at }: Drawn): ChartData {
  const views = membersOf(snapshot);
  const members = series.flatMap((one) => {
    const view = views.find(({ id }) => id === one.memberId);
    return view || views.length === 0 ? [{ label: view?.label ?? one.memberId, series: one }] : [];
  });
  const named = views.filter(({ quota }) => quota.source !== 'default').map(({ quota }) => quota.bytes);
  const known = [...named, ...members.flatMap((one) => one.series.quotaBytes ?? [])];
  const quotas = known.filter((bytes) => Number.isFinite(bytes) && bytes > 0);
  const quotaBytes = quotas.length === 0 ? null : Math.min(...quotas);
  return { cluster: snapshot.cluster, at, members, quotaBytes, trend };
}
