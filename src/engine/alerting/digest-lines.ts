import type { Incident, Outlook } from '../../domain/alerting/incident.js';
import type { Trend } from '../../domain/alerting/past.js';
import type { Digest } from '../../domain/alerting/routing.js';
import { sparkline } from '../../domain/alerting/spark.js';
import { SEVERITIES, type Severity } from '../../domain/finding.js';
import type { Operation } from '../../domain/operation.js';
import { age, bytes, duration, percent } from '../../domain/units.js';

/** What is known of one cluster, and what happened to it within the time. */
export interface ClusterNews {
  readonly name: string;
  /** Null: it was never sampled. */
  readonly outlook: Outlook | null;
  readonly incidents: readonly Incident[];
  readonly operations: readonly Operation[];
}

/** From `since` to `now`, milliseconds since the epoch. */
export interface Period {
  readonly since: number;
  readonly now: number;
  readonly digest: Digest;
}

const MARK: Readonly<Record<Severity, string>> = {
  critical: '🔴',
  unknown: '⚪',
  warning: '🟡',
  info: '🔵',
  ok: '🟢',
};
/** Of each kind, for each cluster. */
const MOST_LINES = 5;
const MOST_QUIET = 10;
/** Less is the wobble of any database. */
const LEAST_GROWTH = 2 ** 20;

/** Also what a phone shows of it. */
export function digestTitle(news: readonly ClusterNews[], { now, digest }: Period): string {
  const day = localDay(now, digest.zone);
  const looks = news.filter(wantsLook).length;
  const verdict =
    looks === 0
      ? `nothing to do for ${counted(news.length, 'cluster')}`
      : `${String(looks)} of ${counted(news.length, 'cluster')} ${looks === 1 ? 'needs' : 'need'} a look`;
  return `${digest.every === 'day' ? 'Daily' : 'Weekly'} digest, ${day}: ${verdict}`;
}

/** Worst first; what has no news shares one line at the end. */
export function digestLines(
  news: readonly ClusterNews[],
  own: readonly Incident[],
  period: Period,
): readonly string[] {
  const ordered = news.toSorted(byUrgency);
  const quiet = ordered.filter(isQuiet);
  return [
    ...(own.length === 0 ? [] : ['*The monitor itself*', ...incidentLines(own, period)]),
    ...ordered.filter((one) => !isQuiet(one)).flatMap((one) => clusterLines(one, period)),
    ...quietLine(quiet),
  ];
}

function severityOf({ outlook, incidents }: ClusterNews): Severity {
  const open = incidents.filter(({ state }) => state === 'firing').map(({ severity }) => severity);
  const seen: readonly Severity[] = [outlook?.severity ?? 'unknown', ...open];
  return SEVERITIES.find((severity) => seen.includes(severity)) ?? 'unknown';
}

function wantsLook(one: ClusterNews): boolean {
  return ['critical', 'unknown', 'warning'].includes(severityOf(one));
}

function isQuiet(one: ClusterNews): boolean {
  const happened = one.incidents.length + one.operations.length;
  return happened === 0 && !wantsLook(one) && !one.outlook?.trend?.forecast;
}

function byUrgency(one: ClusterNews, other: ClusterNews): number {
  const rank = (news: ClusterNews): number => SEVERITIES.indexOf(severityOf(news));
  const reached = ({ outlook }: ClusterNews): number =>
    outlook?.trend?.forecast?.reachedAt ?? Number.MAX_VALUE;
  const share = ({ outlook }: ClusterNews): number => outlook?.share ?? 0;
  return (
    rank(one) - rank(other) ||
    reached(one) - reached(other) ||
    share(other) - share(one) ||
    (one.name < other.name ? -1 : 1)
  );
}

function clusterLines(one: ClusterNews, period: Period): readonly string[] {
  const head = `${MARK[severityOf(one)]} \`${one.name}\` ${stateOf(one.outlook, period)}`;
  return [head, ...incidentLines(one.incidents, period), ...operationLines(one.operations)];
}

function stateOf(outlook: Outlook | null, { now, digest }: Period): string {
  if (outlook === null) return 'has not been read yet';
  const unread =
    outlook.unreadableSince === null ? [] : [`can't be read for ${age(now - outlook.unreadableSince)}`];
  const parts = [...unread, sizeOf(outlook), ...trendOf(outlook.trend, digest.zone)];
  const spark = sparkline(outlook.trend?.spark ?? []);
  return `${parts.join(', ')}${spark === '' ? '' : ` ${spark}`}`;
}

function sizeOf({ sizeBytes, quotaBytes, share }: Outlook): string {
  if (sizeBytes === null) return 'size not known';
  if (quotaBytes === null) return `${bytes(sizeBytes)}, quota not known`;
  return `${bytes(sizeBytes)} of ${bytes(quotaBytes)} (${percent(share ?? sizeBytes / quotaBytes)})`;
}

function trendOf(trend: Trend | null, zone: string): readonly string[] {
  const forecast = trend?.forecast;
  if (!forecast) return dayOf(trend?.spark ?? []);
  const when = `${localTime(forecast.reachedAt, zone)} ${zone}`;
  return [
    `grows ${bytes(forecast.growthBytesPerDay)} a day`,
    `reaches its quota about ${when} (${forecast.confidence} confidence)`,
  ];
}

/** The spark is the last day, evenly spread. */
function dayOf(spark: readonly number[]): readonly string[] {
  const [first, last] = [spark[0], spark.at(-1)];
  if (first === undefined || last === undefined || Math.abs(last - first) < LEAST_GROWTH) return [];
  return [`${last > first ? '+' : '−'}${bytes(Math.abs(last - first))} within the last day`];
}

function incidentLines(incidents: readonly Incident[], { now }: Period): readonly string[] {
  const lines = incidents.map((incident) => {
    const { state, severity, worst, signals, cause, since, resolved, mute } = incident;
    const title = signals[0]?.title ?? cause;
    const muted = mute !== undefined && mute.until > now ? ', muted' : '';
    if (state === 'firing') return `• firing for ${age(now - since)}: ${title} (${severity}${muted})`;
    const because = resolved === undefined ? '' : `; it ended: ${resolved.because}`;
    return `• fired for ${duration((resolved?.at ?? now) - since)}: ${title} (${worst})${because}`;
  });
  return atMost(lines, 'incident');
}

function operationLines(operations: readonly Operation[]): readonly string[] {
  const lines = operations.map(({ plan, state, conclusion }) => {
    const said = conclusion ? `: ${conclusion.summary}` : '';
    return `• \`${plan.runbook}\` ${state}${said}`;
  });
  return atMost(lines, 'operation');
}

function atMost(lines: readonly string[], noun: string): readonly string[] {
  if (lines.length <= MOST_LINES) return lines;
  return [...lines.slice(0, MOST_LINES), `• and ${counted(lines.length - MOST_LINES, `more ${noun}`)}`];
}

function quietLine(quiet: readonly ClusterNews[]): readonly string[] {
  if (quiet.length === 0) return [];
  const named = quiet.slice(0, MOST_QUIET).map(({ name, outlook }) => {
    const share = outlook?.share ?? null;
    return share === null ? `\`${name}\`` : `\`${name}\` ${percent(share)}`;
  });
  const rest = quiet.length > MOST_QUIET ? ', …' : '';
  return [`${MARK.ok} ${String(quiet.length)} quiet, fullest first: ${named.join(', ')}${rest}`];
}

function counted(count: number, noun: string): string {
  return `${String(count)} ${noun}${count === 1 ? '' : 's'}`;
}

/** `2026-11-24` */
export function localDay(at: number, zone: string): string {
  return localTime(at, zone).slice(0, 10);
}

/** `2026-11-24 08:00`, by the wall clock of the zone. */
function localTime(at: number, zone: string): string {
  // Swedish is the language that writes time as ISO does.
  return new Intl.DateTimeFormat('sv-SE', { timeZone: zone, dateStyle: 'short', timeStyle: 'short' }).format(
    at,
  );
}
