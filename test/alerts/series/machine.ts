import { loadCatalogue } from '../../../src/adapters/catalogue.js';
import type { Circumstances } from '../../../src/domain/alerting/circumstances.js';
import { follow } from '../../../src/domain/alerting/follow.js';
import type { AlertBook, Incident } from '../../../src/domain/alerting/incident.js';
import type { AlertRule } from '../../../src/domain/alerting/rule.js';
import type { Forecast } from '../../../src/domain/alerting/past.js';
import { trendOf } from '../../../src/domain/alerting/trend.js';
import type { Snapshot } from '../../../src/domain/snapshot.js';
import { judgeAll } from '../../../src/engine/alerting/judge.js';
import { memberSamples } from '../../../src/engine/member-samples.js';
import { clusterOf } from '../../engine/world.js';
import { DAY, HOUR, MINUTE } from '../../facts.js';
import { LEAST } from '../../domain/alerting/sizes.js';
import { pendingFix } from '../../operations.js';
import { Past } from './store.js';

const RULES = await loadCatalogue<AlertRule>(new URL('../../../src/alerts/', import.meta.url));
const CLUSTER = { ...clusterOf(pendingFix()), name: 'calico-prod', backup: null };
const LOG = { debug: fail, info: fail, warn: fail, error: fail };

/** A rule that throws is told to the log alone: here it ends the test. */
function fail(fields: unknown, text?: string): never {
  throw new Error(`${String(text)}: ${JSON.stringify(fields)}`);
}

/** A sample; null: none could be taken at that minute. */
export type Scene = Iterable<Snapshot | null>;

export interface Message {
  readonly incident: string;
  /** Hours since the first sample. */
  readonly hour: number;
  readonly text: string;
}

export interface Played {
  readonly messages: readonly Message[];
  readonly incidents: readonly Incident[];
  /** The forecast at each time it was worked out, by hour. */
  readonly forecasts: readonly { readonly hour: number; readonly forecast: Forecast | null }[];
}

/** Minutes from one judgement of all rules to the next, and from one trend to the next: a month has to go by fast. */
export interface Pace {
  readonly judge: number;
  readonly trend: number;
}

/** As the monitor does it, but for the rules, which it judges more often. */
const USUAL: Pace = { judge: 5, trend: 5 };

/** Every sample is kept; now and then the trend is worked out, every rule judged and the book carried on. */
export function play(scene: Scene, pace = USUAL): Played {
  const past = new Past();
  const forecasts: { hour: number; forecast: Forecast | null }[] = [];
  const incidents = new Map<string, Incident>();
  let last: Snapshot | null = null;
  let book: AlertBook | null = null;
  let begin: number | null = null;
  let minute = 0;
  for (const snapshot of scene) {
    minute += 1;
    if (!snapshot) continue;
    const now = snapshot.at;
    begin ??= now;
    // More than a minute back is what Redis takes for a clock that was ahead.
    if (last && now < last.at - MINUTE) past.forgetAfter(now);
    past.add(now, memberSamples(snapshot, { last, metricsRead: true }));
    last = snapshot;
    if (minute % pace.judge !== 0) continue;
    book = looked(book ?? empty(now), { snapshot, past, learns: minute % pace.trend === 0 });
    for (const one of book.incidents) incidents.set(one.id, one);
    forecasts.push({ hour: (now - begin) / HOUR, forecast: book.trend?.forecast ?? null });
  }
  return {
    messages: messagesOf([...incidents.values()], begin ?? 0),
    incidents: [...incidents.values()],
    forecasts,
  };
}

interface Seen {
  readonly snapshot: Snapshot;
  readonly past: Past;
  readonly learns: boolean;
}

function looked(before: AlertBook, { snapshot, past, learns }: Seen): AlertBook {
  const now = snapshot.at;
  const trend = !learns
    ? before.trend
    : trendOf({ series: past.sizes(), snapshot, before: before.trend, now, leastHistoryMs: LEAST });
  const book = { ...before, trend };
  const { lastBackupAt, watchedSince } = book;
  const sight = {
    cluster: CLUSTER,
    now,
    snapshot,
    findings: [],
    activity: past.activity(),
    trend,
    lastBackupAt,
    watchedSince,
  };
  const deps = { rules: RULES, alerting: { limitsOf: () => ({}) }, log: LOG };
  return follow(book, judgeAll(deps, { sight, book, metricsRead: true }), around(now)).book;
}

function around(now: number): Circumstances {
  let ids = 0;
  return {
    now,
    cluster: CLUSTER.name,
    environment: null,
    mutes: [],
    quiet: null,
    blind: false,
    // Reminders have tests of their own: here only changes count.
    settings: { reminders: { firstMs: 400 * DAY, mostMs: 400 * DAY }, escalation: null },
    holdMs: { sample: MINUTE / 2, metrics: 2 * MINUTE },
    picture: null,
    channelFor: () => 'C1',
    newId: () => `${String(now)}-${String((ids += 1))}`,
  };
}

function empty(now: number): AlertBook {
  return {
    cluster: CLUSTER.name,
    version: 0,
    watchedSince: now,
    trend: null,
    lastBackupAt: null,
    rules: {},
    incidents: [],
  };
}

/** Each event is one message: the root and the replies. */
function messagesOf(incidents: readonly Incident[], begin: number): readonly Message[] {
  return incidents
    .flatMap(({ id, cause, events }) =>
      events.map(({ at, kind, text }) => ({ incident: `${cause} ${id}`, at, kind, text })),
    )
    .toSorted((a, b) => a.at - b.at)
    .map(({ incident, at, kind, text }) => ({
      incident,
      hour: (at - begin) / HOUR,
      text: `${kind}: ${text}`,
    }));
}
