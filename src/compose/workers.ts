import { loadCatalogue } from '../adapters/catalogue.js';
import type { OwnMetrics } from '../adapters/metrics/own.js';
import type { QueueRole } from '../adapters/queue/queues.js';
import { makeWorker, monitorTiming, type Work } from '../adapters/queue/workers.js';
import { answerMishap, answerProposal, examine, listClusters, listOperations } from '../engine/answer.js';
import { execute } from '../engine/execute.js';
import { listHistory } from '../engine/history.js';
import { scanKeys } from '../engine/keys/scan-keys.js';
import { watchChurn } from '../engine/keys/watch-churn.js';
import { pauseChanges, resumeChanges } from '../engine/pause.js';
import { postHeads } from '../engine/post-heads.js';
import { sample } from '../engine/sample.js';
import { postDigest } from '../engine/alerting/digest.js';
import { listIncidents } from '../engine/alerting/list-incidents.js';
import { muteAlerts, unmuteAlerts } from '../engine/alerting/mute.js';
import { survey } from '../engine/alerting/survey.js';
import { watchAlerts } from '../engine/alerting/watch.js';
import { sweep } from '../engine/sweep.js';
import type { JobHandler, Tools } from '../engine/tools.js';
import { watchReraise } from '../engine/watch.js';
import type { Deliver } from '../slack/deliver.js';
import { alertingOf } from './alerting.js';
import type { Parts } from './parts.js';

export interface Working {
  readonly deliver: Deliver;
  readonly metrics: OwnMetrics;
}

export async function startWorkers(
  parts: Parts,
  queues: readonly QueueRole[],
  { deliver, metrics }: Working,
): Promise<void> {
  const handlers = await loadCatalogue<JobHandler<unknown>>(new URL('../jobs/', import.meta.url));
  const tools = toolsOf(parts, deliver);
  const work = new Map(
    [...handlers].map(([name, handler]) => [name, workOf(name, handler, { tools, metrics })]),
  );
  const { patient: connection, log, ids } = parts;
  const timing = monitorTiming(parts.config.monitor.intervalMs);
  const workers = queues.map((queue) =>
    makeWorker(queue, { connection, log, ids, work, ...(queue === 'monitor' && { timing }) }),
  );
  parts.releasers.push('workers', async () => {
    await Promise.all(workers.map((worker) => worker.close()));
  });
  await Promise.all(workers.map((worker) => worker.waitUntilReady()));
}

function workOf(
  name: string,
  handler: JobHandler<unknown>,
  { tools, metrics }: { tools: Tools; metrics: OwnMetrics },
): Work {
  return {
    async run(payload) {
      const begun = performance.now();
      const took = (): number => (performance.now() - begun) / 1000;
      try {
        const laterMs = await handler.run(tools, payload);
        metrics.jobDone(name, typeof laterMs === 'number' ? 'later' : 'done', took());
        return laterMs;
      } catch (error) {
        metrics.jobDone(name, 'failed', took());
        throw error;
      }
    },
    failed: async (payload, reference) => handler.failed?.(tools, payload, reference),
  };
}

function toolsOf(parts: Parts, deliver: Deliver): Tools {
  const deps = { ...parts, ...alertingOf(parts) };
  return {
    examine: (question) => examine(deps, question),
    propose: (question) => answerProposal(deps, question),
    listClusters: (question) => listClusters(deps, question),
    listOperations: (question) => listOperations(deps, question),
    listHistory: (question) => listHistory(deps, question),
    mishap: (question, reference) => answerMishap(deps, question, reference),
    execute: (id) => execute(deps, id),
    watchReraise: (id) => watchReraise(deps, id),
    sweep: () => sweep(deps),
    survey: () => survey(deps),
    postHeads: () => postHeads(deps),
    postDigest: () => postDigest(deps),
    pause: (question) => pauseChanges(deps, question),
    resume: (question) => resumeChanges(deps, question),
    scanKeys: (question) => scanKeys(deps, question),
    watchChurn: (question) => watchChurn(deps, question),
    listIncidents: (question) => listIncidents(deps, question),
    mute: (question) => muteAlerts(deps, question),
    unmute: (question) => unmuteAlerts(deps, question),
    async sample(name) {
      const cluster = deps.clusterOf(name);
      if (cluster) await watchAlerts(deps, cluster, await sample(deps, cluster));
    },
    deliver,
  };
}
