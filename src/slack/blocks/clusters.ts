import type { Answer, ClusterSummary } from '../../domain/answer.js';
import { SEVERITIES, type Severity } from '../../domain/finding.js';
import { membersOf } from '../../domain/members.js';
import { duration, percent } from '../../domain/units.js';
import { escape, prose } from './escape.js';
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

function lines(cluster: ClusterSummary, now: number): string {
  const { sample } = cluster;
  const names = [
    `*${escape(cluster.name, 60)}*`,
    ...(cluster.environment ? [escape(cluster.environment, 40)] : []),
  ];
  const also =
    cluster.aliases.length > 0 ? [`also ${cluster.aliases.map((a) => escape(a, 40)).join(', ')}`] : [];
  const title = `${SEVERITY_MARK[severityOf(cluster)]} ${[...names, ...also].join(' · ')}`;
  if (sample === null) return `${title}\n${code(bar(0))}  no sample yet`;
  const shares = membersOf(sample.snapshot).flatMap((member) => member.share ?? []);
  const fullest = Math.max(0, ...shares);
  const fill = shares.length === 0 ? '    ?' : padStart(percent(fullest), 5);
  const said = healthy(severityOf(cluster)) ? '' : `\n${trouble(cluster)}`;
  return `${title}\n${code(`${bar(fullest)} ${fill}`)}  ${duration(now - sample.snapshot.at)} ago${said}`;
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
