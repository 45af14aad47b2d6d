import { join } from 'node:path';
import type { Config, ConfiguredCluster } from '../config/config.js';
import type { Cluster } from '../domain/cluster.js';
import type { Collector } from '../domain/collector.js';
import type { Check } from '../domain/finding.js';
import type {
  AnswerStore,
  Audit,
  AuditTrail,
  Drafts,
  Jobs,
  Ledger,
  Limits,
  Locks,
  Log,
  NoticeStore,
  OperationStore,
  Outbox,
  SampleStore,
  Unsent,
} from '../domain/ports.js';
import type { Runbook } from '../domain/runbook.js';
import type { Step } from '../domain/step.js';
import { makeAudit } from '../adapters/audit/audit.js';
import { makeBackupStore } from '../adapters/files/backups.js';
import { makeSpentTokens } from '../adapters/files/spent.js';
import { makeAccess } from '../adapters/etcd/access.js';
import { makeOutbox, makeQueues, makeJobs, type Queues } from '../adapters/queue/queues.js';
import { connectFast, connectPatient, ready } from '../adapters/redis/connection.js';
import { makeOperationStore } from '../adapters/redis/operations.js';
import { makeDrafts } from '../adapters/redis/drafts.js';
import { makeLimits } from '../adapters/redis/limits.js';
import { makeLocks } from '../adapters/redis/locks.js';
import { makeNoticeStore } from '../adapters/redis/notices.js';
import { makePauses } from '../adapters/redis/pauses.js';
import { makeAnswerStore, makeLedger, makeSampleStore } from '../adapters/redis/records.js';
import { refuseEviction } from '../adapters/redis/policy.js';
import { makeSigner } from '../adapters/signer.js';
import { randomIds, systemClock } from '../adapters/system.js';
import type { AnswerDeps } from '../engine/answer.js';
import { loadCatalogue } from '../adapters/catalogue.js';
import type { Catalogue } from '../engine/catalogue.js';
import type { ExecutorDeps } from '../engine/executor.js';
import { makeReleasers, type Releasers } from '../engine/releasers.js';
import type { Redis } from 'ioredis';

/** Everything that reads, judges, records and acts, for whichever role needs it. */
export interface Parts extends AnswerDeps, ExecutorDeps {
  readonly config: Config;
  readonly redis: Redis;
  readonly patient: Redis;
  readonly queues: Queues;
  readonly jobs: Jobs;
  readonly outbox: Outbox & Unsent;
  readonly ledger: Ledger;
  readonly answers: AnswerStore;
  readonly operations: OperationStore;
  readonly samples: SampleStore;
  readonly locks: Locks;
  readonly audit: Audit;
  readonly trail: AuditTrail;
  readonly notices: NoticeStore;
  readonly drafts: Drafts;
  readonly limits: Limits;
  readonly releasers: Releasers;
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
  const access = makeAccess({ connections: connectionsOf(config.clusters), canOperate: operates(config) });
  releasers.push('etcd clients', () => {
    access.close();
    return undefined;
  });
  const clusters = config.clusters.map((entry) => entry.cluster);
  let stopped = false;
  return {
    ...(await catalogues()),
    ...stores(redis, queues, config.redis),
    config,
    redis,
    patient,
    queues,
    access,
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

type Catalogues = { [N in 'collectors' | 'checks' | 'runbooks' | 'steps']: Parts[N] };

async function catalogues(): Promise<Catalogues> {
  const load = <T>(folder: string): Promise<Catalogue<T>> =>
    loadCatalogue<T>(new URL(`../${folder}/`, import.meta.url));
  const [collectors, checks, runbooks, steps] = await Promise.all([
    load<Collector>('collectors'),
    load<Check>('checks'),
    load<Runbook>('runbooks'),
    load<Step>('steps'),
  ]);
  return { collectors, checks, runbooks, steps };
}

type Stores = Pick<
  Parts,
  | 'answers'
  | 'drafts'
  | 'jobs'
  | 'ledger'
  | 'limits'
  | 'locks'
  | 'notices'
  | 'operations'
  | 'outbox'
  | 'pauses'
  | 'samples'
>;

function stores(redis: Redis, queues: Queues, durability: Config['redis']): Stores {
  return {
    answers: makeAnswerStore(redis),
    drafts: makeDrafts(redis),
    limits: makeLimits(redis),
    pauses: makePauses(redis),
    operations: makeOperationStore(redis, durability),
    samples: makeSampleStore(redis),
    locks: makeLocks(redis),
    notices: makeNoticeStore(redis),
    ledger: makeLedger(redis),
    outbox: makeOutbox(redis, queues),
    jobs: makeJobs(queues),
  };
}

function connectionsOf(
  entries: readonly ConfiguredCluster[],
): (cluster: Cluster) => ConfiguredCluster['connection'] {
  return (cluster) => entries.find((entry) => entry.cluster.name === cluster.name)?.connection ?? {};
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
