import type { KnownBlock } from '@slack/types';
import type { Outlook } from '../../domain/alerting/incident.js';
import { SEVERITIES, type Severity } from '../../domain/finding.js';
import { bytes, duration, percent } from '../../domain/units.js';
import { escape, prose } from './escape.js';
import { forecastWords } from './forecast.js';
import { SEVERITY_MARK } from './marks.js';
import { actions, button, section } from './parts.js';
import { bar, code, padStart } from './table.js';

export interface ClusterGlance {
  readonly name: string;
  readonly environment: string | null;
  /** Null: never sampled. */
  readonly outlook: Outlook | null;
  /** The sample is too old to say how it is now. */
  readonly stale: boolean;
}

/** Clusters on one page: with all the rest well under Slack's 100 blocks. */
export const PAGE_SIZE = 40;

/** What can't be seen may be the trouble, so it is not taken for healthy. */
export function severityOf({ outlook, stale }: ClusterGlance): Severity {
  if (outlook === null || stale) return 'unknown';
  const worst = [outlook.severity, ...outlook.incidents.map(({ severity }) => severity)];
  return SEVERITIES.find((severity) => worst.includes(severity)) ?? 'unknown';
}

export function isHealthy(cluster: ClusterGlance): boolean {
  const severity = severityOf(cluster);
  return severity === 'ok' || severity === 'info';
}

/** Worst first; among equals the one that is full sooner, then the fuller one. */
export function ordered(clusters: readonly ClusterGlance[]): readonly ClusterGlance[] {
  const rank = (one: ClusterGlance): number => SEVERITIES.indexOf(severityOf(one));
  return clusters.toSorted(
    (a, b) =>
      rank(a) - rank(b) ||
      sooner(fullAt(a), fullAt(b)) ||
      (b.outlook?.share ?? 0) - (a.outlook?.share ?? 0) ||
      a.name.localeCompare(b.name, 'en'),
  );
}

function fullAt({ outlook }: ClusterGlance): number {
  return outlook?.trend?.forecast?.reachedAt ?? Infinity;
}

function sooner(a: number, b: number): number {
  return a === b ? 0 : a - b;
}

export interface Page {
  readonly clusters: readonly ClusterGlance[];
  readonly page: number;
  readonly pages: number;
  readonly first: number;
  readonly all: number;
}

export function pageOf(clusters: readonly ClusterGlance[], wanted: number): Page {
  const pages = Math.max(1, Math.ceil(clusters.length / PAGE_SIZE));
  const page = Math.min(wanted, pages - 1);
  const first = page * PAGE_SIZE;
  const shown = clusters.slice(first, first + PAGE_SIZE);
  return { clusters: shown, page, pages, first, all: clusters.length };
}

export function clusterBlocks(shown: Page, now: number): readonly KnownBlock[] {
  if (shown.clusters.length === 0) return [];
  const last = shown.first + shown.clusters.length;
  const range = `${String(shown.first + 1)} to ${String(last)} of ${String(shown.all)}`;
  return [
    section(shown.pages === 1 ? '*Clusters*' : `*Clusters* ${range}`),
    ...shown.clusters.map((cluster) => section(lines(cluster, now))),
    ...turning(shown),
  ];
}

/** The value is the page that it leads to; the ids differ because one block may not have an id twice. */
function turning({ page, pages }: Page): readonly KnownBlock[] {
  const back = button({ action: 'home.back', text: '◀ Previous', value: String(page - 1) });
  const next = button({ action: 'home.page', text: 'Next ▶', value: String(page + 1) });
  const offered = [...(page > 0 ? [back] : []), ...(page < pages - 1 ? [next] : [])];
  return offered.length === 0 ? [] : [actions(...offered)];
}

/** The bar first: it makes a column, whatever the names. */
function lines(cluster: ClusterGlance, now: number): string {
  const { name, environment, outlook } = cluster;
  const share = outlook?.share ?? null;
  const fill = code(`${bar(share ?? 0)} ${share === null ? '    ?' : padStart(percent(share), 5)}`);
  const where = environment === null ? [] : [escape(environment, 40)];
  const title = [
    `${SEVERITY_MARK[severityOf(cluster)]} ${fill}  *${escape(name, 60)}*`,
    ...where,
    ...size(cluster),
  ];
  const rest = [...trouble(cluster, now), ...ahead(cluster, now)].join('\n');
  return [title.join(' · '), rest].filter(Boolean).join('\n');
}

function size({ outlook }: ClusterGlance): readonly string[] {
  const bytesNow = outlook?.sizeBytes ?? null;
  if (outlook === null || bytesNow === null) return [];
  const quota = outlook.quotaBytes === null ? '' : ` of ${bytes(outlook.quotaBytes)}`;
  return [`${bytes(bytesNow)}${quota}`];
}

function trouble(cluster: ClusterGlance, now: number): readonly string[] {
  const { outlook, stale, name } = cluster;
  if (outlook === null) return ['No sample yet'];
  if (stale) return [`Not sampled for ${duration(now - outlook.at)}`];
  const silent = outlook.unreadableSince;
  if (silent !== null)
    return [`Can’t be read for ${duration(Math.max(0, now - silent))}: ${prose(outlook.summary)}`];
  const open = outlook.incidents.map(({ title }) => prose(title, 80)).join(', ');
  return [
    ...(isCalm(outlook.severity) ? [] : [prose(bare(outlook.summary, name))]),
    ...(open === '' ? [] : [`Open: ${open}`]),
  ];
}

function isCalm(severity: Severity): boolean {
  return severity === 'ok' || severity === 'info';
}

/** The name stands in the line above. */
function bare(summary: string, name: string): string {
  return summary.startsWith(`${name}: `) ? summary.slice(name.length + 2) : summary;
}

function ahead({ outlook, stale }: ClusterGlance, now: number): readonly string[] {
  const forecast = outlook?.trend?.forecast;
  return forecast && !stale ? [`*${forecastWords(forecast, now)}*`] : [];
}
