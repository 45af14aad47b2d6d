import { follow } from '../../domain/alerting/follow.js';
import type { AlertBook } from '../../domain/alerting/incident.js';
import type { SizeSeries, Trend } from '../../domain/alerting/past.js';
import type { Judged } from '../../domain/alerting/rule-state.js';
import type { Cluster } from '../../domain/cluster.js';
import type { Check, Finding } from '../../domain/finding.js';
import { lastBackupOf } from '../../domain/maintenance/history.js';
import type { AlertStore, Clock, OperationStore, SeriesStore } from '../../domain/ports.js';
import type { FactName, Snapshot } from '../../domain/snapshot.js';
import type { Catalogue } from '../catalogue.js';
import { runChecks } from '../run-checks.js';
import { announce, type AnnounceDeps } from './announce.js';
import { circumstancesOf, type AroundDeps } from './around.js';
import { judgeAll, type JudgeDeps } from './judge.js';
import { isUnreadable, outlookOf } from './outlook.js';

export interface WatchDeps extends AroundDeps, AnnounceDeps, JudgeDeps {
  readonly alerting: AroundDeps['alerting'];
  readonly alerts: AlertStore;
  readonly series: Pick<SeriesStore, 'sizes' | 'activity'>;
  readonly operations: Pick<OperationStore, 'recent'>;
  readonly clock: Clock;
  readonly checks: Catalogue<Check>;
  trendOf(input: TrendInput): Trend;
}

export interface TrendInput {
  readonly series: readonly SizeSeries[];
  readonly snapshot: Snapshot;
  readonly before: Trend | null;
  readonly now: number;
  readonly leastHistoryMs: number;
}

export interface Sampled {
  readonly snapshot: Snapshot;
  /** The metrics were read with this sample, not carried over. */
  readonly metricsRead: boolean;
}

/** Of metrics readings: what weeks say does not change from one minute to the next. */
const TREND_EVERY = 5;
const LEAST_HISTORY_MS = 6 * 3_600_000;
const EARLIER = 100;

/**
 * From one sample to what is told of it. A healthy cluster costs one read of its book and one write of its outlook; what
 * explains or holds back an alert is asked for only where there is one.
 */
export async function watchAlerts(deps: WatchDeps, cluster: Cluster, sampled: Sampled): Promise<void> {
  const { snapshot, metricsRead } = sampled;
  const now = deps.clock.now();
  const loaded = await deps.alerts.load(cluster.name);
  const learnt =
    metricsRead && isTrendDue(deps, loaded, now)
      ? await learn(deps, cluster, { ...sampled, book: loaded, now })
      : null;
  const book = { ...loaded, ...learnt };
  const findings = runChecks(deps.checks, { snapshot, asked: namesIn(snapshot) }, deps.log);
  const activity = metricsRead ? await deps.series.activity(cluster.name) : [];
  const { trend, lastBackupAt, watchedSince } = book;
  const sight = { cluster, now, snapshot, findings, activity, trend, lastBackupAt, watchedSince };
  const judged = judgeAll(deps, { sight, book, metricsRead });
  const after = await followed(deps, cluster, { book, judged, learnt, snapshot, now });
  await saveOutlook(deps, { snapshot, findings, book: after, now });
}

function namesIn({ facts }: Snapshot): readonly FactName[] {
  return Object.keys(facts) as FactName[];
}

/** A little early counts: samples do not come to the millisecond. */
function isTrendDue({ metricsIntervalMs }: WatchDeps, { trend }: AlertBook, now: number): boolean {
  return trend === null || Math.abs(now - trend.at) >= (TREND_EVERY - 0.5) * metricsIntervalMs;
}

type Learnt = Pick<AlertBook, 'trend' | 'lastBackupAt'>;

async function learn(
  deps: WatchDeps,
  cluster: Cluster,
  { snapshot, book, now }: Sampled & { readonly book: AlertBook; readonly now: number },
): Promise<Learnt> {
  const [series, operations] = await Promise.all([
    deps.series.sizes(cluster.name),
    cluster.backup ? deps.operations.recent(EARLIER, cluster.name) : [],
  ]);
  const leastHistoryMs = deps.alerting.limitsOf(cluster.name)['quota-forecast']?.['leastHistory'];
  const trend = deps.trendOf({
    series,
    snapshot,
    before: book.trend,
    now,
    leastHistoryMs: leastHistoryMs ?? LEAST_HISTORY_MS,
  });
  return { trend, lastBackupAt: lastBackupOf(operations) };
}

interface Looked {
  readonly book: AlertBook;
  readonly judged: readonly Judged[];
  readonly learnt: Learnt | null;
  readonly snapshot: Snapshot;
  readonly now: number;
}

/** The book as it is now, written where something changed. */
async function followed(deps: WatchDeps, cluster: Cluster, looked: Looked): Promise<AlertBook> {
  const { book, judged, learnt, snapshot, now } = looked;
  if (isCalm(book, judged)) {
    if (learnt) await deps.alerts.swap(cluster.name, (newest) => ({ ...newest, ...learnt }));
    return book;
  }
  const around = await circumstancesOf(deps, cluster, {
    now,
    clusterId: snapshot.pinnedId,
    trend: book.trend,
  });
  const seen = { book };
  const shown = await deps.alerts.swap(cluster.name, (newest) => {
    seen.book = follow({ ...newest, ...learnt }, judged, around).book;
    return JSON.stringify(seen.book) === JSON.stringify(newest) ? null : seen.book;
  });
  await announce(deps, shown, now);
  return seen.book;
}

/** Nothing fires, and nothing did. */
function isCalm({ rules, incidents }: AlertBook, judged: readonly Judged[]): boolean {
  const recorded = incidents.length > 0 || Object.keys(rules).length > 0;
  return !recorded && judged.every(({ reading }) => reading.state !== 'firing');
}

interface Shown {
  readonly snapshot: Snapshot;
  readonly findings: readonly Finding[];
  readonly book: AlertBook;
  readonly now: number;
}

async function saveOutlook({ alerts }: WatchDeps, shown: Shown): Promise<void> {
  const [before] = isUnreadable(shown.snapshot) ? await alerts.outlooks([shown.snapshot.cluster]) : [];
  await alerts.saveOutlook(outlookOf({ ...shown, before: before ?? null }));
}
