import { collectDefaultMetrics, Counter, Histogram, Registry } from 'prom-client';

/** The process's own metrics, for Prometheus. */
export interface OwnMetrics {
  jobDone(job: string, outcome: 'done' | 'later' | 'failed', seconds: number): void;
  exposition(): Promise<{ readonly type: string; readonly body: string }>;
}

export function makeOwnMetrics(): OwnMetrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const registers = [registry];
  const jobs = new Counter({
    name: 'steward_jobs_total',
    help: 'Jobs by name and outcome.',
    labelNames: ['job', 'outcome'],
    registers,
  });
  const seconds = new Histogram({
    name: 'steward_job_seconds',
    help: 'How long jobs took.',
    labelNames: ['job'],
    buckets: [0.005, 0.02, 0.1, 0.5, 2, 10, 60, 600],
    registers,
  });
  return {
    jobDone(job, outcome, took) {
      jobs.inc({ job, outcome });
      seconds.observe({ job }, took);
    },
    exposition: async () => ({ type: registry.contentType, body: await registry.metrics() }),
  };
}
