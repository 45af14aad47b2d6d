import { serveHttp } from './adapters/http/server.js';
import { makeOwnMetrics } from './adapters/metrics/own.js';
import type { QueueRole } from './adapters/queue/queues.js';
import { makeParts, type Parts } from './compose/parts.js';
import { schedule, sweepOutbox } from './compose/schedules.js';
import { startSlack } from './compose/slack.js';
import { startWorkers } from './compose/workers.js';
import type { Config, Role } from './config/config.js';
import type { Log } from './domain/ports.js';

/** Which queues a role works on. */
const QUEUES_OF: Record<Role, readonly QueueRole[]> = {
  bot: ['outbox'],
  reader: ['reads', 'scans'],
  monitor: ['monitor'],
  executor: ['operations'],
  all: ['outbox', 'reads', 'scans', 'monitor', 'operations'],
};

export interface Running {
  /** Where /healthz, /readyz and /metrics answer. */
  readonly port: number;
  stop(): Promise<void>;
}

/** Starts what the role asks for; stops it in reverse: no new work first, the current step finished, Slack last. */
export async function start(config: Config, log: Log): Promise<Running> {
  const parts = await makeParts(config, log);
  try {
    return await startParts(parts);
  } catch (error) {
    await parts.releasers.releaseAll();
    throw error;
  }
}

async function startParts(parts: Parts): Promise<Running> {
  const { role } = parts.config;
  await recordLife(parts);
  const metrics = makeOwnMetrics();
  const speaks = role === 'bot' || role === 'all';
  const slack = speaks ? await startSlack(parts) : null;
  await startWorkers(parts, QUEUES_OF[role], { deliver: slack?.deliver ?? noSlack, metrics });
  if (QUEUES_OF[role].includes('monitor')) await schedule(parts);
  if (slack) sweepOutbox(parts);
  const http = await serveHttp(parts.config.http, {
    metrics: () => metrics.exposition(),
    notReady: () => notReady(parts),
  });
  parts.releasers.push('http', () => http.close());
  return {
    port: http.port,
    stop: async () => {
      parts.stop();
      await parts.releasers.releaseAll();
    },
  };
}

/** The first entry of the process's chain, and the last: when all that could write another has been released. */
async function recordLife({ audit, clock, clusters, config, releasers }: Parts): Promise<void> {
  const { role, digest } = config;
  const names = clusters.map(({ name }) => name);
  releasers.push('process', () =>
    audit.record({ at: clock.now(), event: 'process.stopped', detail: { role } }),
  );
  await audit.record({ at: clock.now(), event: 'process.started', detail: { role } });
  const loaded = { role, digest, clusters: names };
  await audit.record({ at: clock.now(), event: 'configuration.loaded', detail: loaded });
}

async function notReady({ redis }: Parts): Promise<string | null> {
  return redis.ping().then(
    () => null,
    () => 'Redis does not answer',
  );
}

function noSlack(): Promise<never> {
  return Promise.reject(new Error('this role does not speak to Slack'));
}
