import { kubernetesOf, type Collector, type Reach } from '../domain/collector.js';
import { TargetError } from '../domain/errors.js';
import { pacesOf, tallyJobs, type Tallies } from '../domain/kubernetes/cron-pace.js';
import type { KubernetesReader } from '../domain/kubernetes/ports.js';
import type { CronJobRecord } from '../domain/kubernetes/records.js';

/** CronJobs by how many pods they start an hour. Without the right to see Jobs it is taken from their schedules. */
const cronJobs: Collector<'cron-jobs'> = {
  deadlineMs: 4000,
  appliesTo: ({ kubernetes }) => kubernetes !== null,
  async read(reach) {
    const kubernetes = kubernetesOf(reach);
    const [all, tallies] = await Promise.all([everyCronJob(kubernetes, reach), everyJob(kubernetes, reach)]);
    return pacesOf(all, tallies, reach.now);
  },
};

export default cronJobs;

async function everyCronJob(
  kubernetes: KubernetesReader,
  { deadlineMs }: Reach,
): Promise<readonly CronJobRecord[]> {
  const all: CronJobRecord[] = [];
  for await (const page of kubernetes.cronJobs(deadlineMs)) all.push(...page);
  return all;
}

/** Half a list of Jobs would count too few: then none counts. */
async function everyJob(kubernetes: KubernetesReader, { deadlineMs, now }: Reach): Promise<Tallies> {
  const tallies: Tallies = new Map();
  try {
    for await (const page of kubernetes.jobs(deadlineMs)) tallyJobs(tallies, page, now);
    return tallies;
  } catch (error) {
    if (!(error instanceof TargetError)) throw error;
    return new Map();
  }
}
