import type { Cluster } from '../domain/cluster.js';
import { valueOf } from '../domain/fact.js';
import type { FactName, Snapshot } from '../domain/snapshot.js';
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
  await rememberOwners(deps, snapshot);
}

/** For the day when an endpoint is silent: who answered there last. */
async function rememberOwners({ samples }: SampleDeps, snapshot: Snapshot): Promise<void> {
  const answered = (valueOf(snapshot.facts.status) ?? []).flatMap(({ endpoint, fact }) =>
    fact.known ? [[endpoint, fact.value.memberId] as const] : [],
  );
  const changed = answered.filter(([endpoint, id]) => snapshot.lastOwners?.[endpoint] !== id);
  if (changed.length > 0) await samples.remember(snapshot.cluster, Object.fromEntries(changed));
}
