import type { Cluster } from '../domain/cluster.js';
import type { Operation } from '../domain/operation.js';
import type { Pause } from '../domain/pause.js';
import type { Pauses } from '../domain/ports.js';
import { bare } from '../domain/sentence.js';
import { isOpenAt, nextOpening, windowText } from '../domain/window.js';
import { emergencyCounts, outsideCounts } from './entitled.js';

/** What keeps an approved operation from starting now: for good, or until something passes. */
export type Hold = { readonly kind: 'refuse' | 'wait'; readonly because: string } | null;

/** Changes that are off or paused, and the maintenance windows. `now` is the store's clock. */
export async function holdOf(
  pauses: Pauses,
  cluster: Cluster,
  { operation, now }: { readonly operation: Operation; readonly now: number },
): Promise<Hold> {
  if (!cluster.changes) return { kind: 'refuse', because: 'changes are off for this cluster' };
  const pause = await pauses.holding(cluster.name);
  if (pause) return { kind: 'wait', because: pauseText(pause) };
  return outOfHours(operation, cluster, now);
}

export function pauseText({ by, reason }: Pause): string {
  return `changes are paused by <@${by.userId}>: ${bare(reason)}`;
}

/** One that opens before the start-by time is waited for. */
function outOfHours(operation: Operation, cluster: Cluster, now: number): Hold {
  const { windows } = cluster;
  if (isOpenAt(windows, now) || outsideCounts(operation, cluster) || emergencyCounts(operation, cluster))
    return null;
  const opens = nextOpening(windows, now);
  const hours = windows.map(windowText).join('; ');
  if (opens !== null && opens <= (operation.startBy ?? 0))
    return { kind: 'wait', because: `the maintenance window (${hours}) has not opened yet` };
  return { kind: 'refuse', because: `the maintenance window is closed (${hours})` };
}
