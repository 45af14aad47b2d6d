import type { Redis } from 'ioredis';
import { loadCatalogue } from '../../src/adapters/catalogue.js';
import { makeFleetStore } from '../../src/adapters/redis/fleet.js';
import { makeAlertStore } from '../../src/adapters/redis/incidents.js';
import { makeLimits } from '../../src/adapters/redis/limits.js';
import { makeLocks } from '../../src/adapters/redis/locks.js';
import { makeMutes } from '../../src/adapters/redis/mutes.js';
import { makeNoticeStore } from '../../src/adapters/redis/notices.js';
import { makeOperationStore } from '../../src/adapters/redis/operations.js';
import { makeSampleStore } from '../../src/adapters/redis/records.js';
import { makeSeriesStore } from '../../src/adapters/redis/series.js';
import { randomIds } from '../../src/adapters/system.js';
import type { AlertRule } from '../../src/domain/alerting/rule.js';
import { trendOf } from '../../src/domain/alerting/trend.js';
import type { Cluster } from '../../src/domain/cluster.js';
import type { Collector } from '../../src/domain/collector.js';
import type { Check } from '../../src/domain/finding.js';
import type { Access, Clock } from '../../src/domain/ports.js';
import type { SurveyDeps } from '../../src/engine/alerting/survey.js';
import type { WatchDeps } from '../../src/engine/alerting/watch.js';
import type { SampleDeps } from '../../src/engine/sample.js';

export type WatchedDeps = SampleDeps & WatchDeps & Omit<SurveyDeps, 'clusters'> & { clusters: Cluster[] };

/** Values by rule and threshold. */
export type Limits = Readonly<Record<string, Readonly<Record<string, number>>>>;

/** Between one look and the next, so that a rule is told at the second look that sees it. */
const FOR_MS = 30_000;

const NEVER = 1e9;

/**
 * How slow this machine is while the tests run is the matter of the tests about slowness alone. And what looks back over
 * five minutes has to be seen for longer than those, or it tells of what is over.
 */
const UNHURRIED = {
  'requests-failing': { for: 600_000, forCritical: 360_000 },
  'wal-fsync-slow': { warning: NEVER, critical: NEVER },
  'backend-commit-slow': { warning: NEVER },
  'peers-slow': { warning: NEVER },
  'slow-applies': { warning: NEVER },
};

interface Ground {
  readonly redis: Redis;
  readonly access: Access;
  readonly clock: Clock;
  readonly limits: Limits;
  /** Errors that were logged. */
  readonly failures: unknown[];
}

/** All that the monitor's jobs are given, as they are composed; without queues and pagers. */
export async function watchedDepsOf({
  redis,
  access,
  clock,
  limits,
  failures,
}: Ground): Promise<WatchedDeps> {
  const kept = await catalogues();
  return {
    ...storesOf(redis),
    ...kept,
    ...settingsOf(limitsBy(kept.rules, limits)),
    access,
    clock,
    ids: randomIds,
    audit: { record: async () => undefined },
    log: { info: ignored, warn: ignored, error: (fields) => void failures.push(fields) },
    trendOf,
    clusters: [],
  };
}

const SRC = new URL('../../src/', import.meta.url);

interface Catalogues {
  readonly collectors: ReadonlyMap<string, Collector>;
  readonly checks: ReadonlyMap<string, Check>;
  readonly rules: ReadonlyMap<string, AlertRule>;
}

async function catalogues(): Promise<Catalogues> {
  const [collectors, checks, rules] = await Promise.all([
    loadCatalogue<Collector>(new URL('collectors/', SRC)),
    loadCatalogue<Check>(new URL('checks/', SRC)),
    loadCatalogue<AlertRule>(new URL('alerts/', SRC)),
  ]);
  return { collectors, checks, rules };
}

function storesOf(redis: Redis) {
  return {
    alerts: makeAlertStore(redis),
    mutes: makeMutes(redis),
    fleet: makeFleetStore(redis),
    series: makeSeriesStore(redis),
    samples: makeSampleStore(redis),
    operations: makeOperationStore(redis),
    locks: makeLocks(redis),
    limits: makeLimits(redis),
    notices: makeNoticeStore(redis),
    outbox: { put: async () => undefined, oldest: async () => null },
  };
}

function settingsOf(limits: Limits) {
  return {
    alerting: {
      limitsOf: () => limits,
      routes: [],
      reminders: { firstMs: 4 * 3_600_000, mostMs: 86_400_000 },
      escalation: null,
      digest: null,
      heartbeatEveryMs: 60_000,
    },
    alertsChannel: 'C0ALERTS',
    intervalMs: 15_000,
    metricsIntervalMs: 60_000,
    heartbeat: null,
  };
}

/** The rules' own, but for how long a thing is seen before it is told. */
function limitsBy(rules: ReadonlyMap<string, AlertRule>, given: Limits): Limits {
  const shortened = [...rules].map(([id, { thresholds }]) => {
    const waits = Object.keys(thresholds).filter((name) => name === 'for' || name === 'forCritical');
    return [id, Object.fromEntries(waits.map((name) => [name, FOR_MS]))] as const;
  });
  const all = Object.fromEntries(shortened);
  for (const over of [UNHURRIED, given])
    for (const [id, values] of Object.entries(over)) all[id] = { ...all[id], ...values };
  return all;
}

function ignored(): void {
  // What goes well is seen in the stores.
}
