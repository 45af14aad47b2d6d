import { compactionSigns } from '../domain/compaction.js';
import { valueOf } from '../domain/fact.js';
import type { Check, Observation } from '../domain/finding.js';
import { busiest, MANY_PODS_PER_HOUR, MUCH_HISTORY, podsPerHourOf } from '../domain/kubernetes/filling.js';
import type { CronJobPace } from '../domain/kubernetes/facts.js';
import { short } from '../domain/kubernetes/matter.js';
import { membersOf } from '../domain/members.js';
import { unseen } from '../domain/readings.js';
import type { Snapshot } from '../domain/snapshot.js';
import { grouped } from '../domain/units.js';

const check: Check = {
  title: 'CronJobs',
  why: 'Every pod that comes and goes leaves revisions behind; thousands a day fill a database that nothing compacts',
  runbook: null,
  needs: ['cron-jobs'],
  uses: ['members', 'status', 'metrics'],
  rank: 26,
  run,
};

const FAR_BEHIND = 100_000;
const MOST_TOLD = 6;

function run(snapshot: Snapshot): readonly Observation[] {
  const paces = valueOf(snapshot.facts['cron-jobs']);
  if (!paces) return [unseen('the CronJobs', snapshot.facts['cron-jobs'])];
  const total = podsPerHourOf(paces);
  const count = `CronJobs start ${grouped(total)} pods an hour`;
  const evidence = busiest(paces).slice(0, MOST_TOLD).map(line);
  const history = compactionSigns(snapshot, membersOf(snapshot))?.history ?? null;
  if (total < MANY_PODS_PER_HOUR || history === null || history < MUCH_HISTORY)
    return [{ severity: 'ok', summary: `${count}${history === null ? '; history not read' : ''}`, evidence }];
  return [
    {
      severity: history >= FAR_BEHIND ? 'warning' : 'info',
      summary: `${count}, and ${grouped(history)} revisions wait to be compacted`,
      evidence,
      advice:
        'Let them run less often, or let one pod do the work of many; `/etcd churn` shows who writes most',
    },
  ];
}

function line({ namespace, name, schedule, podsPerHour, basis }: CronJobPace): string {
  const how = basis === 'counted' ? 'counted' : 'by its schedule';
  return `${short(namespace)}/${short(name)}: ${grouped(podsPerHour)} pods an hour, ${how} (\`${short(schedule)}\`)`;
}

export default check;
