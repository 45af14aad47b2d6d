import { valueOf } from '../fact.js';
import { compactsEtcd, isCompactionOff, switchOnLine } from '../kubernetes/compactor.js';
import { flagLines } from '../kubernetes/etcd-settings.js';
import type { CronJobPace } from '../kubernetes/facts.js';
import { busiest, MANY_PODS_PER_HOUR } from '../kubernetes/filling.js';
import { short } from '../kubernetes/matter.js';
import type { Snapshot } from '../snapshot.js';
import { grouped } from '../units.js';

const MOST_TAMED = 3;
/** A CronJob that starts fewer is not worth a line. */
const WORTH_TAMING = MANY_PODS_PER_HOUR / 2;

/** The same for this very installation, in lines to copy; advice, never applied. Nothing where nothing is known of it. */
export function installationAdvice(snapshot: Snapshot): readonly string[] {
  return [...flagLines(snapshot), ...controllerAdvice(snapshot), ...cronJobAdvice(snapshot)];
}

function controllerAdvice({ facts }: Snapshot): readonly string[] {
  const controllers = valueOf(facts['calico-parts'])?.controllers;
  if (!controllers || !compactsEtcd(controllers) || !isCompactionOff(controllers)) return [];
  return [`Switch Calico’s own compaction on: \`${switchOnLine(controllers)}\``];
}

function cronJobAdvice({ facts }: Snapshot): readonly string[] {
  return busiest(valueOf(facts['cron-jobs']) ?? [])
    .filter(({ podsPerHour }) => podsPerHour >= WORTH_TAMING)
    .slice(0, MOST_TAMED)
    .map(tamed);
}

/** Which pace is right only its owner knows, so the line is an example. */
function tamed({ namespace, name, podsPerHour, schedule }: CronJobPace): string {
  const patch = `kubectl -n ${short(namespace)} patch cronjob ${short(name)} -p '{"spec":{"schedule":"*/15 * * * *","successfulJobsHistoryLimit":1}}'`;
  return (
    `Let CronJob ${short(namespace)}/${short(name)} run less often (${grouped(podsPerHour)} pods an hour now, ` +
    `\`${short(schedule)}\`), for example: \`${patch}\``
  );
}
