import type { KnownBlock } from '@slack/types';
import type { Finding } from '../../domain/finding.js';
import type { HangCause, HangingPod, HangingPods } from '../../domain/kubernetes/facts.js';
import { CAUSE_WORDS, podsDo } from '../../domain/kubernetes/words.js';
import type { Snapshot } from '../../domain/snapshot.js';
import { age } from '../../domain/units.js';
import { escape, oneLine, prose } from './escape.js';
import type { MessageFile } from './message.js';
import { context, section } from './parts.js';
import { textTable } from './table.js';
import { moment } from './time.js';

/** So many are named below the longest-hanging one; all that are kept are in the file. */
const MOST_NAMED = 5;
const NAME = 63;

interface Around {
  /** What the diagnosis says: its advice is not said twice. */
  readonly finding: Finding | undefined;
  readonly at: number;
}

/** One cause: how many, the longest-hanging one, what is told of it, and what to do. */
export function causeBlocks(
  cause: HangCause,
  pods: HangingPods,
  { finding, at }: Around,
): readonly KnownBlock[] {
  const { title, advice } = CAUSE_WORDS[cause];
  const [longest, ...rest] = pods.hanging.filter((pod) => pod.cause === cause);
  const count = pods.counts[cause] ?? 0;
  const act = saysIt(finding, cause, advice) ? [] : [`→ ${prose(advice)}`];
  return [
    section(
      [
        `*${title}*: ${podsDo(count, ['', '']).trim()}${likely(longest)}`,
        ...(longest ? [longestLine(longest, at), ...wordsLine(longest)] : []),
        ...act,
      ].join('\n'),
    ),
    ...othersBlock(rest, count - 1),
  ];
}

/** What to do about a refused address the story knows better. */
function saysIt(finding: Finding | undefined, cause: HangCause, advice: string): boolean {
  return finding?.advice !== undefined && (cause === 'address-refused' || finding.advice === advice);
}

function likely(pod: HangingPod | undefined): string {
  return pod && pod.cause !== 'unknown' && pod.confidence === 'likely' ? ' (likely)' : '';
}

function longestLine(pod: HangingPod, at: number): string {
  const where = pod.node === null ? 'no node yet' : `on \`${escape(pod.node, NAME)}\``;
  const owner = pod.owner
    ? `${escape(pod.owner.kind, NAME)} ${escape(pod.owner.name, NAME)}`
    : 'nobody owns it';
  return `\`${nameOf(pod)}\` for ${age(at - pod.since)}, since ${moment(pod.since)} · ${where} · ${owner}`;
}

function wordsLine({ words, saidAt }: HangingPod): readonly string[] {
  if (words === null) return [];
  const when = saidAt === undefined ? '' : ` (${moment(saidAt)})`;
  return [`\`${escape(words)}\`${when}`];
}

function othersBlock(rest: readonly HangingPod[], count: number): readonly KnownBlock[] {
  if (count <= 0) return [];
  const named = rest.slice(0, MOST_NAMED).map((pod) => `\`${nameOf(pod)}\``);
  const more = count - named.length;
  return [context([...named, ...(more > 0 ? [`+${more} more`] : [])].join(', '))];
}

function nameOf({ namespace, name }: HangingPod): string {
  return `${escape(namespace, NAME)}/${escape(name, NAME)}`;
}

/** All that are kept, where the message does not name them all. */
export function podFile(
  { hanging, counts }: HangingPods,
  { cluster, at }: Snapshot,
): MessageFile | undefined {
  const named = Object.values(counts).every((count) => count <= MOST_NAMED + 1);
  if (named) return undefined;
  const head = ['NAMESPACE', 'POD', 'FOR', 'CAUSE', 'NODE', 'OWNER', 'WORDS'];
  const rows = hanging.map((pod) => [
    oneLine(pod.namespace),
    oneLine(pod.name),
    age(at - pod.since),
    CAUSE_WORDS[pod.cause].short,
    pod.node === null ? '-' : oneLine(pod.node),
    pod.owner ? oneLine(`${pod.owner.kind}/${pod.owner.name}`) : '-',
    pod.words === null ? '-' : oneLine(pod.words),
  ]);
  const total = Object.values(counts).reduce((sum, count) => sum + count, 0);
  const more = total - hanging.length;
  const content = `${textTable([head, ...rows])}\n${more > 0 ? `and ${more} more\n` : ''}`;
  return { name: 'pods.txt', title: `Pods that hang, ${oneLine(cluster)}`, content };
}
