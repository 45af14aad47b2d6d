import { join } from 'node:path';
import type { Config, ConfiguredCluster } from '../config/config.js';
import type { Collector } from '../domain/collector.js';
import type { AlertRule } from '../domain/alerting/rule.js';
import type { Check } from '../domain/finding.js';
import type { Audit, AuditTrail, Log } from '../domain/ports.js';
import type { Runbook } from '../domain/runbook.js';
import type { Step } from '../domain/step.js';
import { makeAudit } from '../adapters/audit/audit.js';
import { makeBackupStore } from '../adapters/files/backups.js';
import { makeSpentTokens } from '../adapters/files/spent.js';
import { makeAccess } from '../adapters/etcd/access.js';
import { makeKubernetesAccess } from '../adapters/kubernetes/access.js';
import { connectFast, connectPatient, ready } from '../adapters/redis/connection.js';
import { makeQueues, type Queues } from '../adapters/queue/queues.js';
import { refuseEviction } from '../adapters/redis/policy.js';
import { makeSigner } from '../adapters/signer.js';
import { randomIds, systemClock } from '../adapters/system.js';
import type { AnswerDeps } from '../engine/answer.js';
import { loadCatalogue } from '../adapters/catalogue.js';
import type { Catalogue } from '../engine/catalogue.js';
import type { ExecutorDeps } from '../engine/executor.js';
import { makeReleasers, type Releasers } from '../engine/releasers.js';
import type { Redis } from 'ioredis';
import { makeStores, type Stores } from './stores.js';

/** Everything that reads, judges, records and acts, for whichever role needs it. */
export interface Parts extends Omit<AnswerDeps & ExecutorDeps, keyof Stores>, Stores {
  readonly config: Config;
  readonly redis: Redis;
  readonly patient: Redis;
  readonly queues: Queues;
  readonly audit: Audit;
  readonly trail: AuditTrail;
  readonly releasers: Releasers;
  readonly rules: Catalogue<AlertRule>;
  /** From now on running operations stop after their step. */
  stop(): void;
}

/** Builds the parts of a process; concrete adapters are named here and nowhere else. Released in reverse. */
export async function makeParts(config: Config, log: Log): Promise<Parts> {
  const releasers = makeReleasers(log);
  const url = config.secrets.redisUrl.reveal();
  const away = quietly(log);
  const [redis, patient] = [connectFast(url, away), connectPatient(url, away)];
  releasers.push('redis', () => {
    redis.disconnect();
    patient.disconnect();
    return undefined;
  });
  try {
    await ready(redis);
    await refuseEviction(redis);
  } catch (error) {
    await releasers.releaseAll();
    throw error;
  }
  const key = config.secrets.key.reveal();
  const audit = makeAudit({ file: config.audit.file, key, redis, log, ids: randomIds });
  releasers.push('audit', () => audit.close());
  const queues = makeQueues(redis, away);
  releasers.push('queues', () => Promise.all(Object.values(queues).map((queue) => queue.close())));
  const connections = connectionsOf(config.clusters);
  const canOperate = operates(config);
  const access = makeAccess({ connections: ({ name }) => connections(name), canOperate });
  const kubernetes = makeKubernetesAccess({ connections, canOperate });
  releasers.push('clients of etcd and Kubernetes', () => {
    access.close();
    kubernetes.close();
    return undefined;
  });
  const clusters = config.clusters.map((entry) => entry.cluster);
  let stopped = false;
  return {
    ...(await catalogues()),
    ...makeStores(redis, queues, config.redis),
    config,
    redis,
    patient,
    queues,
    access,
    kubernetes,
    log,
    releasers,
    audit,
    trail: audit,
    backups: makeBackupStore(),
    spent: makeSpentTokens(join(config.stateDirectory, 'spent-tokens')),
    signer: makeSigner(key),
    clock: systemClock,
    ids: randomIds,
    clusters,
    clusterOf: (name) => clusters.find((cluster) => cluster.name === name),
    stopping: () => stopped,
    stop: () => {
      stopped = true;
    },
  };
}

type Catalogues = { [N in 'collectors' | 'checks' | 'runbooks' | 'steps' | 'rules']: Parts[N] };

async function catalogues(): Promise<Catalogues> {
  const load = <T>(folder: string): Promise<Catalogue<T>> =>
    loadCatalogue<T>(new URL(`../${folder}/`, import.meta.url));
  const [collectors, checks, runbooks, steps, rules] = await Promise.all([
    load<Collector>('collectors'),
    load<Check>('checks'),
    load<Runbook>('runbooks'),
    load<Step>('steps'),
    load<AlertRule>('alerts'),
  ]);
  return { collectors, checks, runbooks, steps, rules };
}

function connectionsOf(
  entries: readonly ConfiguredCluster[],
): (name: string) => ConfiguredCluster['connection'] {
  return (name) => entries.find((entry) => entry.cluster.name === name)?.connection ?? {};
}

function operates({ role }: Config): boolean {
  return role === 'executor' || role === 'all';
}

/** A Redis that is away fails every half second: said once a minute. */
function quietly(log: Log): (error: Error) => void {
  let last = 0;
  return (error) => {
    if (Date.now() - last < 60_000) return;
    last = Date.now();
    log.warn({ err: error }, 'Redis does not answer');
  };
}
