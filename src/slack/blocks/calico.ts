import type { KnownBlock } from '@slack/types';
import type { Answer } from '../../domain/answer.js';
import type { AddressUse } from '../../domain/calico/facts.js';
import { givingPools, originOf, shareOf } from '../../domain/calico/pools.js';
import { valueOf, type Unknown } from '../../domain/fact.js';
import type { Finding } from '../../domain/finding.js';
import type { Snapshot } from '../../domain/snapshot.js';
import { duration, percent } from '../../domain/units.js';
import { clusterButtons } from './buttons.js';
import { calicoFile } from './calico-file.js';
import { busiestLines, poolLines, starvingLines, suspectLines } from './calico-text.js';
import { prose } from './escape.js';
import { SEVERITY_MARK } from './marks.js';
import { compose, type Message } from './message.js';
import { context, section, sections } from './parts.js';
import { otherMessage } from './refusal.js';
import { clockSeconds } from './time.js';
import { findingsOrdered, repeats } from './verdict.js';

/** How Calico's addresses are used: what is wrong, who gets none, the pools, the nodes, what does not add up. */
export function calicoMessage(answer: Answer): Message {
  if (answer.body.kind !== 'examination') return otherMessage(answer);
  const { snapshot, findings } = answer.body;
  const fact = snapshot.facts['ip-pools'];
  const own = findingsOrdered(findings).filter(({ check }) => check === 'ip-pools');
  const verdict = verdictOf(snapshot, own);
  const use = valueOf(fact);
  return compose({
    verdict,
    body: [
      ...alarmBlock(snapshot),
      ...(use ? useBlocks(use, own, verdict) : [noneBlock(fact?.known ? undefined : fact)]),
    ],
    tail: [
      context([...originLines(use), readLine(snapshot)].join('\n')),
      clusterButtons(answer.question.id, findings, ['cluster.fix', 'cluster.status']),
    ],
    file: use && calicoFile(use, snapshot.cluster),
  });
}

/** One line, raw. A full etcd comes first: whatever the pools hold, Calico can write no address. */
function verdictOf(snapshot: Snapshot, findings: readonly Finding[]): string {
  const { cluster } = snapshot;
  const fact = snapshot.facts['ip-pools'];
  if (isFull(snapshot)) return `${SEVERITY_MARK.critical} ${cluster} is full: Calico can’t write an address`;
  if (!fact) return `${SEVERITY_MARK.unknown} ${cluster} holds no data of Calico, by its configuration`;
  if (!fact.known) return `${SEVERITY_MARK.unknown} ${cluster}: Calico’s addresses could not be read`;
  const worst = findings.find(({ severity }) => severity !== 'ok' && severity !== 'info');
  if (worst) return `${SEVERITY_MARK[worst.severity]} ${cluster}: ${worst.summary}`;
  return `${SEVERITY_MARK.ok} ${cluster}: Calico has addresses to give${atMost(fact.value)}`;
}

function isFull(snapshot: Snapshot): boolean {
  return (valueOf(snapshot.facts.alarms)?.alarms ?? []).some(({ kind }) => kind === 'NOSPACE');
}

function atMost(use: AddressUse): string {
  const [most] = givingPools(use);
  return most ? `, at most ${percent(shareOf(most))} of a pool is used` : '';
}

function alarmBlock(snapshot: Snapshot): readonly KnownBlock[] {
  if (!isFull(snapshot)) return [];
  return [
    section(
      'Every write is refused, and each new pod is one: pods hang in ContainerCreating until the alarm is gone.\n→ *Propose fix*, or `/etcd fix`. The pools below are read as usual.',
    ),
  ];
}

function useBlocks(use: AddressUse, findings: readonly Finding[], verdict: string): readonly KnownBlock[] {
  return [
    ...sections(findings.flatMap((finding) => findingLines(finding, verdict))),
    ...sections(starvingLines(use)),
    ...sections(poolLines(use)),
    ...sections(busiestLines(use)),
    ...sections(suspectLines(use)),
  ];
}

/** Suspects have a place of their own. What the header says already is left to its advice. */
function findingLines(finding: Finding, verdict: string): readonly string[] {
  const { severity, summary, advice } = finding;
  if (severity === 'ok' || summary.startsWith('Suspects')) return [];
  const said = repeats(verdict, finding) ? [] : [`${SEVERITY_MARK[severity]} ${prose(summary)}`];
  return [...said, ...(advice === undefined ? [] : [`→ ${prose(advice)}`])];
}

const WHAT_TO_SET = [
  'If this etcd holds Calico’s data, set `calico: true` for it in the configuration.',
  'If Calico keeps its data in Kubernetes, name that Kubernetes under `kubernetes`, and the pools are read there.',
];

const DENIED =
  '→ Give the reading user the right to read: keys under `/calico/` in etcd, Calico’s kinds in Kubernetes.';

function noneBlock(fact: Unknown | undefined): KnownBlock {
  if (!fact) return section(['*What you can do*', ...WHAT_TO_SET.map((line) => `•  ${line}`)].join('\n'));
  if (fact.code === 'unsupported') return section(prose(fact.reason));
  const act = fact.code === 'denied' ? `${DENIED}\n` : '';
  return section(`${prose(fact.reason)}\n${act}This is no good news: a pool may be used up. Ask again.`);
}

function originLines(use: AddressUse | undefined): readonly string[] {
  if (!use) return [];
  const missing = use.notRead.map((what) => `${SEVERITY_MARK.unknown} not read: ${prose(what)}`);
  const selective = use.pools.some((pool) => pool.selective)
    ? ['pools with a selector are taken to serve every node']
    : [];
  return [
    `counted ${originOf(use)}, as \`calicoctl ipam show\` counts`,
    ...selective,
    ...missing.slice(0, 5),
  ];
}

function readLine(snapshot: Snapshot): string {
  return `read ${clockSeconds(snapshot.at)} in ${duration(snapshot.tookMs)}`;
}
