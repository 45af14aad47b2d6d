import type { Answer, ClusterSummary } from '../../domain/answer.js';
import { SEVERITIES, type Severity } from '../../domain/finding.js';
import { membersOf } from '../../domain/members.js';
import { duration, percent } from '../../domain/units.js';
import { escape, prose } from './escape.js';
import { forecastWords } from './forecast.js';
import { SEVERITY_MARK } from './marks.js';
import { compose, type Message } from './message.js';
import { context, sections } from './parts.js';
import { otherMessage } from './refusal.js';
import { bar, code, padStart } from './table.js';
import { findingsOrdered, verdictOf } from './verdict.js';

/** Every configured cluster, worst first, by its newest sample. */
export function clustersMessage(answer: Answer): Message {
  if (answer.body.kind !== 'clusters') return otherMessage(answer);
  const clusters = answer.body.clusters.toSorted((a, b) => rank(a) - rank(b));
  return compose({
    verdict: verdict(clusters),
    body: sections(clusters.map((cluster) => lines(cluster, answer.answeredAt))),
    tail: [context('More on one of them: `/etcd status NAME`')],
  });
}

function verdict(clusters: readonly ClusterSummary[]): string {
  const [first] = clusters;
  if (first === undefined) return `${SEVERITY_MARK.unknown} No cluster is configured`;
  const sick = clusters.filter((cluster) => !healthy(severityOf(cluster))).length;
  const all = clusters.length === 1 ? 'The cluster is' : `All ${String(clusters.length)} clusters are`;
  if (sick === 0) return `${SEVERITY_MARK.ok} ${all} healthy`;
  const need = sick === 1 ? 'needs' : 'need';
  return `${SEVERITY_MARK[severityOf(first)]} ${String(sick)} of ${String(clusters.length)} clusters ${need} a look`;
}

/** The bar first: it makes a column, whatever the names. */
function lines(cluster: ClusterSummary, now: number): string {
  const { sample } = cluster;
  const severity = severityOf(cluster);
  const shares = sample === null ? [] : membersOf(sample.snapshot).flatMap((member) => member.share ?? []);
  const fullest = Math.max(0, ...shares);
  const fill = code(`${bar(fullest)} ${shares.length === 0 ? '    ?' : padStart(percent(fullest), 5)}`);
  const age = sample === null ? 'no sample yet' : `${duration(now - sample.snapshot.at)} ago`;
  const title = `${SEVERITY_MARK[severity]} ${fill}  *${escape(cluster.name, 60)}*`;
  const rest = [...ahead(cluster, now), ...about(cluster), age].join(' · ');
  return healthy(severity) || sample === null
    ? `${title} · ${rest}`
    : `${title} ${trouble(cluster)} · ${rest}`;
}

/** What is coming, and what fires already. */
function ahead({ outlook }: ClusterSummary, now: number): readonly string[] {
  const forecast = outlook?.trend?.forecast;
  const open = outlook?.incidents.length ?? 0;
  return [
    ...(forecast ? [`*${forecastWords(forecast, now)}*`] : []),
    ...(open === 0 ? [] : [`${String(open)} open ${open === 1 ? 'incident' : 'incidents'}`]),
  ];
}

function about({ environment, aliases }: ClusterSummary): readonly string[] {
  const also = aliases.map((alias) => escape(alias, 40)).join(', ');
  return [
    ...(environment === null ? [] : [escape(environment, 40)]),
    ...(also === '' ? [] : [`also ${also}`]),
  ];
}

/** The verdict without mark and name, which the line above has. */
function trouble({ name, sample }: ClusterSummary): string {
  if (sample === null) return '';
  const said = verdictOf(sample.snapshot, sample.findings).replace(/^\S+ /, '');
  return prose(said.startsWith(name) ? said.slice(name.length).replace(/^:? /, '') : said);
}

function severityOf({ sample }: ClusterSummary): Severity {
  if (sample === null) return 'unknown';
  return findingsOrdered(sample.findings)[0]?.severity ?? 'unknown';
}

function healthy(severity: Severity): boolean {
  return severity === 'ok' || severity === 'info';
}

function rank(cluster: ClusterSummary): number {
  return SEVERITIES.indexOf(severityOf(cluster));
}
