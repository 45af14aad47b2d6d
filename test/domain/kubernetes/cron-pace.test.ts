import { describe, expect, it } from '@jest/globals';
import { pacesOf, tallyJobs, type Tallies } from '../../../src/domain/kubernetes/cron-pace.js';
import type { CronJobRecord, JobRecord } from '../../../src/domain/kubernetes/records.js';
import { HOUR, MINUTE, NOW } from '../../facts.js';
import { cronJob, job } from '../../kubernetes-facts.js';

function pace(jobs: readonly Partial<JobRecord>[], changes: Partial<CronJobRecord> = {}) {
  const tallies: Tallies = new Map();
  for (const one of jobs) tallyJobs(tallies, [job('report', one)], NOW);
  const [found] = pacesOf([cronJob(changes)], tallies, NOW);
  return [found?.podsPerHour, found?.basis];
}

/** Jobs that started so many minutes ago. */
function at(...minutes: readonly number[]): readonly Partial<JobRecord>[] {
  return minutes.map((minute) => ({ createdAt: NOW - minute * MINUTE }));
}

describe('pods an hour of a CronJob', () => {
  it.each<[string, ReturnType<typeof pace>, [number, string]]>([
    ['all Jobs of the hour are there: an older one is, too', pace(at(10, 30, 50, 70)), [3, 'counted']],
    ['the history limit has left three: stretched to the hour', pace(at(0.5, 1.5, 2.5)), [60, 'counted']],
    [
      'retries count as pods',
      pace(at(0.5, 1.5, 2.5).map((one) => ({ ...one, failed: 2 }))),
      [180, 'counted'],
    ],
    [
      'an old failure that is still kept does not slow down what went well',
      pace([...at(0.5, 1.5, 2.5), { createdAt: NOW - 50 * MINUTE, failed: 1, succeeded: 0 }]),
      [61, 'counted'],
    ],
    [
      'one at work counts',
      pace([{ createdAt: NOW - 10 * MINUTE, active: 4, succeeded: 0 }, ...at(70)]),
      [4, 'counted'],
    ],
    ['a single one tells nothing: by its schedule', pace(at(0.1)), [60, 'planned']],
    ['no Job is kept: by its schedule', pace([]), [60, 'planned']],
    [
      'by its schedule, times the pods of a run',
      pace([], { schedule: '*/5 * * * *', podsPerRun: 4 }),
      [48, 'planned'],
    ],
    ['a schedule that can’t be read', pace([], { schedule: 'whenever' }), [0, 'planned']],
    ['suspended', pace(at(0.5, 1.5, 2.5), { suspended: true }), [0, 'planned']],
    ['nothing within the last hour', pace([{ createdAt: NOW - 2 * HOUR }]), [0, 'counted']],
  ])('%s', (_case, told, expected) => {
    expect(told).toEqual(expected);
  });

  it('come with the busiest first, and Jobs of nobody count for nobody', () => {
    const tallies: Tallies = new Map();
    tallyJobs(
      tallies,
      [
        job('report', { owner: null }),
        job('x', { owner: { kind: 'Workflow', name: 'report', uid: 'uid-of-report' } }),
      ],
      NOW,
    );
    const jobs = [cronJob({ name: 'report', schedule: '0 * * * *' }), cronJob({ name: 'sync' })];
    expect(pacesOf(jobs, tallies, NOW).map(({ name, podsPerHour }) => [name, podsPerHour])).toEqual([
      ['sync', 60],
      ['report', 1],
    ]);
  });
});
