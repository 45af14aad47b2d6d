import { makeAlertStore } from '../../../src/adapters/redis/incidents.js';
import { makeMutes } from '../../../src/adapters/redis/mutes.js';
import type { Trend } from '../../../src/domain/alerting/past.js';
import type { AlertRule, Reading } from '../../../src/domain/alerting/rule.js';
import type { Answer, Question } from '../../../src/domain/answer.js';
import type { Cluster } from '../../../src/domain/cluster.js';
import type { AuditEvent, Notice, OutboxEntry } from '../../../src/domain/ports.js';
import { watchAlerts } from '../../../src/engine/alerting/watch.js';
import blind from '../../../src/alerts/monitor-blind.js';
import { ruleOf } from '../../domain/alerting/follow-scene.js';
import { healthy } from '../../facts.js';
import { pendingFix } from '../../operations.js';
import type { RedisOfTests } from '../../redis.js';
import { clusterOf } from '../world.js';

export const START = Date.UTC(2026, 2, 10, 3);
export const OPERATOR = { teamId: 'T1', userId: 'U1' };

const TREND: Trend = {
  at: START,
  forecast: null,
  grownIn4hBytes: null,
  notCompactedSince: null,
  spark: [1, 2, 3],
};

/** The engine of alerts over a real Redis; what the rules see is said by the test. */
export function makeScene(redis: RedisOfTests) {
  const seen = {
    shown: [] as OutboxEntry[],
    audit: [] as AuditEvent[],
    answers: [] as Answer[],
    notices: [] as Notice[],
    logged: [] as string[],
    asked: [] as string[],
    beats: 0,
  };
  const world = {
    now: START,
    readings: {} as Record<string, Reading>,
    holder: null as string | null,
    blindSince: null as number | null,
    used: 0 as number | null,
    oldest: null as number | null,
    late: false,
  };
  const judged = (id: string, changes: Partial<AlertRule> = {}): [string, AlertRule] => {
    const judge = (): Reading => {
      seen.asked.push(id);
      if (id === 'broken') throw new Error('a bug');
      return world.readings[id] ?? { state: 'clear', because: 'all is well' };
    };
    return [id, ruleOf({ ...changes, judge })];
  };
  const log = (_fields: unknown, message: string): void => void seen.logged.push(message);
  const cluster: Cluster = { ...clusterOf(pendingFix()), name: 'calico-prod' };
  const clusters: Cluster[] = [cluster];
  let ids = 0;
  const deps = {
    alerts: makeAlertStore(redis.client),
    mutes: makeMutes(redis.client),
    series: {
      sizes: async () => [],
      activity: async () => (seen.asked.push('activity'), []),
      memoryShare: async () => world.used,
      thin: async () => (seen.asked.push('thin'), 7),
      relax: async () => void seen.asked.push('relax'),
    },
    fleet: {
      blindSince: async () => world.blindSince,
      setBlind: async (since: number | null) => void (world.blindSince = since),
      tried: async (names: readonly string[]) => names.map(() => (world.late ? 0 : world.now)),
      markTried: async () => undefined,
    },
    operations: { recent: async () => [] },
    locks: { holder: async () => (seen.asked.push('holder'), world.holder) },
    outbox: {
      put: async (entry: OutboxEntry) => void seen.shown.push(entry),
      oldest: async () => world.oldest,
    },
    ids: { next: () => `i${String(++ids)}` },
    audit: { record: async (event: AuditEvent) => void seen.audit.push(event) },
    clock: { now: () => world.now, pause: async () => undefined },
    log: { info: log, warn: log, error: log },
    checks: new Map(),
    rules: new Map([
      judged('nospace', { title: 'NOSPACE', quietInMaintenance: false }),
      judged('disk', { title: 'Slow disk', cause: 'disk', every: 'metrics' }),
      judged('broken', { cause: 'broken' }),
      ['monitor-blind', blind] as [string, AlertRule],
    ]),
    alerting: {
      limitsOf: () => ({}),
      routes: [],
      reminders: { firstMs: 3_600_000, mostMs: 86_400_000 },
      escalation: null,
      digest: null,
      heartbeatEveryMs: 60_000,
    },
    alertsChannel: 'C0ALERTS',
    intervalMs: 15_000,
    metricsIntervalMs: 60_000,
    trendOf: () => ({ ...TREND, at: world.now }),
    heartbeat: {
      beat: async (): Promise<void> => {
        seen.beats += 1;
      },
    },
    limits: { take: async () => true },
    notices: {
      save: async (notice: Notice) => void seen.notices.push(notice),
      load: async (id: string) => seen.notices.find((one) => one.id === id) ?? null,
    },
    answers: { save: async (answer: Answer) => void seen.answers.push(answer), load: async () => null },
    teamId: 'T1',
    directory: {
      person: async (id: string) => ({ id, teamId: 'T1' }),
      isMember: async () => true,
      isShared: async () => false,
      groupMembers: async () => [],
    },
    clusters,
  };
  return {
    seen,
    world,
    deps,
    cluster,
    async sample(readings: Record<string, Reading>, { metricsRead = false, afterMs = 15_000 } = {}) {
      world.now += afterMs;
      world.readings = readings;
      seen.asked.length = 0;
      await watchAlerts(deps, cluster, { snapshot: { ...healthy(), cluster: cluster.name }, metricsRead });
      return (await deps.alerts.load(cluster.name)).incidents.at(-1);
    },
    question(options: Question['options'] = {}, about: string | null = 'calico-prod'): Question {
      return {
        id: 'q1',
        version: 1,
        verb: 'mute',
        cluster: about,
        options,
        asker: OPERATOR,
        place: { channel: 'C0PLATFORM' },
        askedAt: world.now,
        facts: [],
      };
    },
  };
}

export type Scene = ReturnType<typeof makeScene>;
