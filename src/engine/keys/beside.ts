import type { Cluster } from '../../domain/cluster.js';
import type { ChurnReport, KeysReport } from '../../domain/keys/report.js';
import type { FactName, FactValues } from '../../domain/snapshot.js';
import { collect, type CollectDeps } from '../collect.js';

/* What Kubernetes tells beside the keys themselves; null: it has nothing to tell of this cluster. */

const MOST = 5;

/** The CronJobs that start most pods: much of what is written is theirs. */
export async function cronJobsOf(deps: CollectDeps, cluster: Cluster): Promise<ChurnReport['cronJobs']> {
  const jobs = await told(deps, cluster, 'cron-jobs');
  if (jobs === null || jobs === 'unknown') return jobs;
  return jobs.toSorted((a, b) => b.podsPerHour - a.podsPerHour).slice(0, MOST);
}

/** What the API server itself says that it stores most of. */
export async function storedIn(deps: CollectDeps, cluster: Cluster): Promise<KeysReport['stored']> {
  const stored = await told(deps, cluster, 'stored-resources');
  return stored === null || stored === 'unknown' ? stored : stored.resources.slice(0, MOST);
}

async function told<N extends FactName>(
  deps: CollectDeps,
  cluster: Cluster,
  name: N,
): Promise<FactValues[N] | 'unknown' | null> {
  if (cluster.kubernetes === null || !deps.collectors.has(name)) return null;
  const fact = (await collect(deps, cluster, [name])).facts[name];
  if (!fact) return null;
  return fact.known ? fact.value : 'unknown';
}
