import type { Redis } from 'ioredis';
import type { Config } from '../config/config.js';
import type {
  AlertStore,
  AnswerStore,
  Drafts,
  FleetStore,
  Jobs,
  Ledger,
  Limits,
  Locks,
  Looks,
  Mutes,
  NoticeStore,
  OperationStore,
  Outbox,
  Pauses,
  SampleStore,
  SeriesStore,
  Unsent,
} from '../domain/ports.js';
import { makeJobs, makeOutbox, type Queues } from '../adapters/queue/queues.js';
import { makeDrafts } from '../adapters/redis/drafts.js';
import { makeFleetStore } from '../adapters/redis/fleet.js';
import { makeAlertStore } from '../adapters/redis/incidents.js';
import { makeLimits } from '../adapters/redis/limits.js';
import { makeLooks } from '../adapters/redis/looks.js';
import { makeLocks } from '../adapters/redis/locks.js';
import { makeMutes } from '../adapters/redis/mutes.js';
import { makeNoticeStore } from '../adapters/redis/notices.js';
import { makeOperationStore } from '../adapters/redis/operations.js';
import { makePauses } from '../adapters/redis/pauses.js';
import { makeAnswerStore, makeLedger, makeSampleStore } from '../adapters/redis/records.js';
import { makeSeriesStore } from '../adapters/redis/series.js';

/** All that is remembered, in Redis. */
export interface Stores {
  readonly alerts: AlertStore;
  readonly answers: AnswerStore;
  readonly drafts: Drafts;
  readonly fleet: FleetStore;
  readonly jobs: Jobs;
  readonly ledger: Ledger;
  readonly limits: Limits;
  readonly locks: Locks;
  readonly looks: Looks;
  readonly mutes: Mutes;
  readonly notices: NoticeStore;
  readonly operations: OperationStore;
  readonly outbox: Outbox & Unsent;
  readonly pauses: Pauses;
  readonly samples: SampleStore;
  readonly series: SeriesStore;
}

export function makeStores(redis: Redis, queues: Queues, durability: Config['redis']): Stores {
  return {
    alerts: makeAlertStore(redis),
    answers: makeAnswerStore(redis),
    drafts: makeDrafts(redis),
    fleet: makeFleetStore(redis),
    jobs: makeJobs(queues),
    ledger: makeLedger(redis),
    limits: makeLimits(redis),
    locks: makeLocks(redis),
    looks: makeLooks(redis),
    mutes: makeMutes(redis),
    notices: makeNoticeStore(redis),
    operations: makeOperationStore(redis, durability),
    outbox: makeOutbox(redis, queues),
    pauses: makePauses(redis),
    samples: makeSampleStore(redis),
    series: makeSeriesStore(redis),
  };
}
