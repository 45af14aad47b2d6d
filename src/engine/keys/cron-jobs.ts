import type { Cluster } from '../../domain/cluster.js';
import type { ChurnReport } from '../../domain/keys/report.js';
import { collect, type CollectDeps } from '../collect.js';

const MOST = 5;

/** Whether anybody reads CronJobs here at all. */
export function appliesHere({ collectors }: CollectDeps, cluster: Cluster): boolean {
  return cluster.kubernetes !== null && collectors.has('cron-jobs');
}

/** The CronJobs that start most pods: much of what is written is theirs. */
export async function cronJobsOf(deps: CollectDeps, cluster: Cluster): Promise<ChurnReport['cronJobs']> {
  const { facts } = await collect(deps, cluster, ['cron-jobs']);
  const fact = facts['cron-jobs'];
  if (!fact) return null;
  if (!fact.known) return 'unknown';
  return fact.value.toSorted((a, b) => b.podsPerHour - a.podsPerHour).slice(0, MOST);
}
