import type { CronJobPace } from './facts.js';
import type { CronJobRecord, JobRecord } from './records.js';
import { runsPerHour } from './schedule.js';

/*
 * How many pods CronJobs start an hour. Counted from their Jobs, failed pods and retries among them; where those do not
 * tell (history limits leave three by default, or none), planned from the schedule.
 */

const HOUR_MS = 3_600_000;

/** Of thousands of CronJobs those count that start the most pods. */
export const MOST_CRON_JOBS_KEPT = 100;

/** Finished Jobs are kept by their end, well or badly, each kind up to a limit of its own. */
interface Kept {
  /** Jobs of the last hour, and their pods. */
  runs: number;
  pods: number;
  /** The oldest of them. */
  oldestAt: number;
  /** An older one is still there, so none of the last hour has been dropped. */
  complete: boolean;
}

/** What is remembered of a CronJob's Jobs while pages of them go by. */
export interface Tally {
  readonly well: Kept;
  readonly badly: Kept;
}

export type Tallies = Map<string, Tally>;

/** Adds a page of Jobs. */
export function tallyJobs(tallies: Tallies, jobs: readonly JobRecord[], now: number): void {
  for (const job of jobs) {
    if (job.owner?.kind !== 'CronJob') continue;
    const tally = tallies.get(job.owner.uid) ?? { well: nothing(), badly: nothing() };
    tallies.set(job.owner.uid, tally);
    const failed = job.failed > 0 && job.active === 0 && job.succeeded === 0;
    add(failed ? tally.badly : tally.well, job, now);
  }
}

function nothing(): Kept {
  return { runs: 0, pods: 0, oldestAt: Infinity, complete: false };
}

function add(kept: Kept, { createdAt, active, succeeded, failed }: JobRecord, now: number): void {
  if (createdAt <= now - HOUR_MS) {
    kept.complete = true;
    return;
  }
  kept.runs += 1;
  kept.pods += active + succeeded + failed;
  kept.oldestAt = Math.min(kept.oldestAt, createdAt);
}

/** Most pods first. A CronJob that is suspended starts none. */
export function pacesOf(
  cronJobs: readonly CronJobRecord[],
  tallies: Tallies,
  now: number,
): readonly CronJobPace[] {
  return cronJobs
    .map((cronJob) => paceOf(cronJob, tallies.get(cronJob.uid), now))
    .sort((a, b) => b.podsPerHour - a.podsPerHour || (nameOf(a) < nameOf(b) ? -1 : 1))
    .slice(0, MOST_CRON_JOBS_KEPT);
}

function paceOf(cronJob: CronJobRecord, tally: Tally | undefined, now: number): CronJobPace {
  const { namespace, name, schedule, suspended } = cronJob;
  const who = { namespace, name, schedule, suspended };
  if (suspended) return { ...who, podsPerHour: 0, basis: 'planned' };
  const counted = tally ? countedPerHour(tally, now) : null;
  if (counted !== null) return { ...who, podsPerHour: Math.round(counted), basis: 'counted' };
  const planned = (runsPerHour(schedule) ?? 0) * cronJob.podsPerRun;
  return { ...who, podsPerHour: Math.round(planned), basis: 'planned' };
}

/** Null: too little was kept to count by. A single failed one is told as one. */
function countedPerHour({ well, badly }: Tally, now: number): number | null {
  const rate = perHour(well, now);
  if (rate !== null) return rate + (perHour(badly, now) ?? badly.pods);
  return well.runs === 0 ? perHour(badly, now) : null;
}

/**
 * Where older ones were dropped, the span that is covered begins somewhere before the oldest that is left: on average
 * half a run before, so half a run is taken off.
 */
function perHour({ runs, pods, oldestAt, complete }: Kept, now: number): number | null {
  if (complete) return pods;
  if (runs < 2) return null;
  const coveredMs = Math.max(1000, now - oldestAt);
  return ((pods * (runs - 0.5)) / runs) * (HOUR_MS / coveredMs);
}

function nameOf({ namespace, name }: CronJobPace): string {
  return `${namespace}/${name}`;
}
