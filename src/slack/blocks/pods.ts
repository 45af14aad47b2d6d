import type { KnownBlock } from '@slack/types';
import type { Answer } from '../../domain/answer.js';
import type { Fact } from '../../domain/fact.js';
import type { Finding } from '../../domain/finding.js';
import type { HangCause, HangingPods } from '../../domain/kubernetes/facts.js';
import { CAUSES, countsInWords, partOf, podsDo, totalOf } from '../../domain/kubernetes/words.js';
import type { FactName, Snapshot } from '../../domain/snapshot.js';
import { duration } from '../../domain/units.js';
import { clusterButtons } from './buttons.js';
import { prose } from './escape.js';
import { SEVERITY_MARK } from './marks.js';
import { compose, type Message } from './message.js';
import { context, section } from './parts.js';
import { causeBlocks, podFile } from './pod-text.js';
import { otherMessage } from './refusal.js';
import { clockSeconds } from './time.js';

/** A story is a paragraph. */
export const STORY = 1500;

/** Which pods hang: how that hangs together with etcd, then each cause with its pods, and what to do. */
export function podsMessage(answer: Answer): Message {
  if (answer.body.kind !== 'examination') return otherMessage(answer);
  const { snapshot, findings } = answer.body;
  const { pods } = snapshot.facts;
  if (!pods) return unnamedMessage(snapshot.cluster);
  const finding = findings.find(({ check }) => check === 'pods-hanging');
  const full = findings.find(({ check, severity }) => check === 'alarm-nospace' && severity === 'critical');
  const offered = full || finding?.runbook === 'fix' ? findings : [];
  return compose({
    verdict: verdict(snapshot, pods, { finding, full }),
    body: pods.known ? bodyOf(snapshot, pods.value, { finding, full }) : unreadBlocks(pods.reason),
    tail: [
      context([...unreadLines(snapshot), readLine(snapshot)].join('\n')),
      clusterButtons(answer.question.id, offered, ['cluster.fix', 'cluster.diagnose']),
    ],
    file: pods.known ? podFile(pods.value, snapshot) : undefined,
  });
}

/** Nobody misses what the configuration does not name, so the message says what to write there. */
function unnamedMessage(cluster: string): Message {
  const how = [
    'The configuration names no Kubernetes for this cluster. Add to it:',
    '`kubernetes: { kubeconfig: /etc/steward/kubeconfig, context: NAME }`',
    'Where I run in it myself `kubernetes: { inCluster: true }` does. The rights that it takes are in infra/kubernetes.',
  ];
  return compose({
    verdict: `${SEVERITY_MARK.unknown} ${cluster}: pods can’t be seen from here`,
    body: [section(how.join('\n'))],
  });
}

interface Seen {
  /** How the pods that hang and this etcd hang together. */
  readonly finding: Finding | undefined;
  /** This etcd refuses every write. */
  readonly full: Finding | undefined;
}

function verdict(snapshot: Snapshot, pods: Fact<HangingPods>, { finding, full }: Seen): string {
  const { cluster } = snapshot;
  if (!pods.known) return `${SEVERITY_MARK.unknown} ${cluster}: pods could not be read`;
  const total = totalOf(pods.value);
  if (total === 0 && full)
    return `${SEVERITY_MARK.critical} ${cluster}: no pod hangs yet, but this etcd is full`;
  if (total === 0) return `${SEVERITY_MARK.ok} ${cluster}: no pod hangs`;
  const isCause = finding?.runbook === 'fix';
  const mark = SEVERITY_MARK[isCause ? 'critical' : (finding?.severity ?? 'warning')];
  const why = isCause ? ', and this etcd is full' : '';
  return `${mark} ${cluster}: ${podsDo(total, ['hangs', 'hang'])}${why}`;
}

function bodyOf(snapshot: Snapshot, pods: HangingPods, { finding, full }: Seen): readonly KnownBlock[] {
  if (totalOf(pods) === 0) return noneBlocks(pods, full);
  const story = finding?.story ?? finding?.summary ?? countsInWords(pods);
  const act = finding?.advice === undefined ? '' : `\n*What to do*: ${prose(finding.advice)}`;
  const causes = byCount(pods).flatMap((cause) => causeBlocks(cause, pods, { finding, at: snapshot.at }));
  return [section(`*${prose(story, STORY)}*${act}`), ...causes];
}

/** A green word while nothing can be written would be true for seconds only. */
function noneBlocks({ afterMs }: HangingPods, full: Finding | undefined): readonly KnownBlock[] {
  const none = `Nothing is pending for longer than ${duration(afterMs)}`;
  if (!full) return [section(`${none}, and there is nothing to do.`)];
  const act = full.advice === undefined ? '' : `\n*What to do*: ${prose(full.advice)}`;
  return [section(`${none}, but what needs a write of this etcd will hang: *${prose(full.summary)}*${act}`)];
}

/** A refused address first: it is what this bot can mend. */
function byCount({ counts }: HangingPods): readonly HangCause[] {
  const weight = (cause: HangCause): number =>
    cause === 'address-refused' ? Infinity : (counts[cause] ?? 0);
  return CAUSES.filter((cause) => (counts[cause] ?? 0) > 0).toSorted((a, b) => weight(b) - weight(a));
}

function unreadBlocks(reason: string): readonly KnownBlock[] {
  return [section(`${prose(reason)}\nThis is no good news: pods may hang. Ask again, or Diagnose.`)];
}

const NAMES: Readonly<Partial<Record<FactName, string>>> = {
  nodes: 'nodes',
  'calico-parts': 'Calico’s parts',
  'cron-jobs': 'CronJobs',
  alarms: 'etcd’s alarms',
};

/** What else was asked for and could not be read. */
function unreadLines({ facts }: Snapshot): readonly string[] {
  const { pods } = facts;
  const blind =
    pods?.known === true && !pods.value.withEvents
      ? [
          `${SEVERITY_MARK.unknown} events not read: ${prose(partOf(pods.value.blindBecause ?? 'not told why'))}`,
        ]
      : [];
  const others = (Object.entries(NAMES) as [FactName, string][]).flatMap(([name, words]) => {
    const fact = facts[name];
    return fact?.known === false
      ? [`${SEVERITY_MARK.unknown} ${words} not read: ${prose(partOf(fact.reason))}`]
      : [];
  });
  return [...blind, ...others];
}

function readLine(snapshot: Snapshot): string {
  return `read ${clockSeconds(snapshot.at)} in ${duration(snapshot.tookMs)}`;
}
