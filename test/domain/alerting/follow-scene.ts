import type { Circumstances } from '../../../src/domain/alerting/circumstances.js';
import { follow, type Decision } from '../../../src/domain/alerting/follow.js';
import type { AlertBook, Incident } from '../../../src/domain/alerting/incident.js';
import type { AlertRule, Reading } from '../../../src/domain/alerting/rule.js';
import type { Judged } from '../../../src/domain/alerting/rule-state.js';

export const SECOND = 1000;
export const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;
export const START = Date.UTC(2026, 2, 10, 3);

export function ruleOf(changes: Partial<AlertRule> = {}): AlertRule {
  return {
    title: 'Quota low',
    means: 'Writes will be refused soon',
    advice: 'Compact and defragment',
    runbook: 'fix',
    cause: 'space',
    every: 'sample',
    quietInMaintenance: true,
    needsSight: false,
    thresholds: {},
    forMs: () => 0,
    judge: () => ({ state: 'unknown', reason: 'not asked' }),
    ...changes,
  };
}

export const RULES: Readonly<Record<string, AlertRule>> = {
  quota: ruleOf({ forMs: (severity) => (severity === 'critical' ? MINUTE : 2 * MINUTE) }),
  nospace: ruleOf({
    title: 'NOSPACE',
    quietInMaintenance: false,
    swallows: ['writes', 'forecast', 'failing'],
  }),
  forecast: ruleOf({ title: 'Forecast' }),
  writes: ruleOf({ title: 'Writes fail', cause: 'writes', joins: ['space'] }),
  failing: ruleOf({
    title: 'Requests fail',
    cause: 'requests',
    joins: ['space'],
    lingers: true,
    forMs: () => 5 * MINUTE,
  }),
  proposals: ruleOf({ title: 'Proposals fail', cause: 'proposals', joins: ['space'] }),
  down: ruleOf({ title: 'Member down', cause: 'members', needsSight: true }),
};

export const warning = (summary = '82 % used'): Reading => ({
  state: 'firing',
  severity: 'warning',
  summary,
  evidence: [],
});
export const critical = (summary = '97 % used'): Reading => ({
  state: 'firing',
  severity: 'critical',
  summary,
  evidence: [],
});
export const clear: Reading = { state: 'clear', because: 'm1 to m3 are under 40 % of their quota' };
export const unknown: Reading = { state: 'unknown', reason: 'not read' };

export const PERSON = { teamId: 'T1', userId: 'U1' };

export type Around = Partial<Pick<Circumstances, 'mutes' | 'quiet' | 'blind' | 'settings' | 'channelFor'>>;

/** One cluster's book through a sequence of samples, every 15 s unless told otherwise. */
export class Story {
  now = START;
  decisions: readonly Decision[] = [];
  book: AlertBook = {
    cluster: 'c',
    version: 0,
    watchedSince: START,
    trend: null,
    lastBackupAt: null,
    rules: {},
    incidents: [],
  };
  around: Around = {};
  private ids = 0;

  look(readings: Readonly<Record<string, Reading>>, afterMs = 15 * SECOND): this {
    this.now += afterMs;
    const judged = Object.entries(RULES).map(([id, rule]): Judged => ({
      id,
      rule,
      limits: {},
      reading: readings[id] ?? unknown,
    }));
    const followed = follow(this.book, judged, {
      now: this.now,
      cluster: 'c',
      environment: null,
      mutes: [],
      quiet: null,
      blind: false,
      settings: { reminders: { firstMs: HOUR, mostMs: 24 * HOUR }, escalation: null },
      holdMs: { sample: 30 * SECOND, metrics: 2 * MINUTE },
      picture: null,
      channelFor: (severity) => (severity === 'critical' ? 'CCRIT' : 'CWARN'),
      newId: () => `i${String(++this.ids)}`,
      ...this.around,
    });
    this.book = followed.book;
    this.decisions = followed.decisions;
    return this;
  }

  /** The same reading for so long. */
  during(ms: number, readings: Readonly<Record<string, Reading>>, everyMs = 15 * SECOND): this {
    for (let passed = 0; passed < ms; passed += everyMs) this.look(readings, everyMs);
    return this;
  }

  get incident(): Incident {
    return this.book.incidents.at(-1)!;
  }

  said(): readonly string[] {
    return this.book.incidents.flatMap(({ events }) => events.map(({ kind }) => kind));
  }

  reasons(): readonly string[] {
    return this.decisions.map(({ reason }) => reason);
  }
}
