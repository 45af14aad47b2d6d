import type { Right } from '../../domain/actor.js';
import { escape, prose } from './escape.js';
import { compose, type Message } from './message.js';
import { context, section, sections } from './parts.js';
import { span } from './table.js';

/** What a command's file says of itself. */
export interface HelpEntry {
  readonly verb: string;
  /** One line, no full stop. */
  readonly summary: string;
  /** As typed: `/etcd status [cluster]`. */
  readonly usage: string;
  readonly right: Right;
  readonly onlyReads?: boolean | undefined;
  readonly examples: readonly string[];
  readonly options: readonly HelpOption[];
}

export interface HelpOption {
  /** Without dashes. */
  readonly name: string;
  /** What stands for its value; absent: a flag. */
  readonly value?: string | undefined;
  readonly summary: string;
}

type Kind = Right | 'look closer';

const GROUPS: readonly (readonly [Kind, string])[] = [
  ['read', '*Look* (viewers of the cluster)'],
  ['look closer', '*Look closer* (operators; it only reads)'],
  ['propose', '*Change* (operators propose it; nothing starts before it is approved)'],
  ['steer', '*Steer* (operators and approvers)'],
  ['review', '*Decide* (approvers)'],
];

const MAY: Readonly<Record<Kind, string>> = {
  'look closer': 'operators; it only reads',
  read: 'viewers of the cluster',
  propose: 'operators; nothing starts before it is approved',
  review: 'approvers',
  steer: 'operators and approvers',
  'outside-window': 'approvers named in `policy.outsideWindow`',
  emergency: 'people named in `policy.emergency`',
};

/** Every command, by what it takes to use it. */
export function helpMessage(entries: readonly HelpEntry[]): Message {
  return compose({
    verdict: 'I keep etcd healthy. Ask me:',
    body: GROUPS.flatMap(([kind, title]) => {
      const group = entries.filter((entry) => kindOf(entry) === kind);
      return group.length === 0 ? [] : sections([title, ...group.map(line)]);
    }),
    tail: [
      context(
        'The cluster may be left out where this channel has only one. In a thread mention me instead: the same words. ' +
          'Options and examples: `/etcd help VERB`',
      ),
    ],
  });
}

function kindOf({ right, onlyReads }: HelpEntry): Kind {
  return onlyReads === true ? 'look closer' : right;
}

/** One command in full. */
export function helpForVerb(entry: HelpEntry): Message {
  const options = entry.options.map(({ name, value, summary }) => {
    const flag = value === undefined ? `--${name}` : `--${name} ${value}`;
    return `${span(escape(flag))}  ${prose(summary)}`;
  });
  const examples = entry.examples.map((example) => span(escape(example)));
  return compose({
    verdict: `/etcd ${entry.verb}: ${entry.summary}`,
    body: [
      section(span(escape(entry.usage))),
      ...(options.length > 0 ? sections(['*Options*', ...options]) : []),
      ...(examples.length > 0 ? sections(['*Examples*', ...examples]) : []),
    ],
    tail: [context(`For ${MAY[kindOf(entry)]}`)],
  });
}

/** Options would break each line in two on a phone. */
function line({ usage, summary }: HelpEntry): string {
  const words = usage.replaceAll(/ \[--[^\]]*\]/g, '');
  return `${span(escape(words))}  ${prose(summary)}`;
}
