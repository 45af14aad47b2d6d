import type { Cluster } from '../domain/cluster.js';
import type { FactName } from '../domain/snapshot.js';
import { collect, withLastMetrics, type CollectDeps } from './collect.js';

export interface SampleDeps extends CollectDeps {
  readonly metricsIntervalMs: number;
}

/** Status every time, metrics more seldom: 160 KB a member, and what they hold changes slowly. */
export async function sample(deps: SampleDeps, cluster: Cluster): Promise<void> {
  const last = await deps.samples.newest(cluster.name);
  const metrics = last?.facts.metrics;
  const due = !metrics || deps.clock.now() - metrics.at >= deps.metricsIntervalMs;
  const names: readonly FactName[] = ['members', 'status', 'alarms', ...(due ? (['metrics'] as const) : [])];
  const snapshot = await collect(deps, cluster, names);
  await deps.samples.save(withLastMetrics(snapshot, last));
}
