import type { CronJobRecord, JobRecord } from '../../../domain/kubernetes/records.js';
import { at, count, list, text, time } from '../json.js';
import { createdAt, ownerOf, refOf } from './meta.js';

export function cronJobOf(item: unknown): CronJobRecord | null {
  const ref = refOf(item);
  if (!ref) return null;
  const [spec, status] = [at(item, 'spec'), at(item, 'status')];
  const job = at(spec, 'jobTemplate', 'spec');
  return {
    ...ref,
    schedule: text(at(spec, 'schedule')) ?? '',
    timeZone: text(at(spec, 'timeZone')),
    suspended: at(spec, 'suspend') === true,
    // Without a number of completions a Job is a work queue, and starts as many pods as work side by side.
    podsPerRun: count(at(job, 'completions')) ?? count(at(job, 'parallelism')) ?? 1,
    active: list(at(status, 'active')).length,
    lastScheduledAt: time(at(status, 'lastScheduleTime')),
  };
}

export function jobOf(item: unknown): JobRecord | null {
  const ref = refOf(item);
  if (!ref) return null;
  const status = at(item, 'status');
  const { namespace, name, uid } = ref;
  return {
    // There are as many of them as pods, and they are not spread for the same reason.
    namespace,
    name,
    uid,
    createdAt: createdAt(item),
    owner: ownerOf(item),
    active: count(at(status, 'active')) ?? 0,
    succeeded: count(at(status, 'succeeded')) ?? 0,
    failed: count(at(status, 'failed')) ?? 0,
  };
}
