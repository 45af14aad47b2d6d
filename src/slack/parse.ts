import { no, yes, type Verdict } from '../domain/errors.js';
import { nearest } from '../domain/nearest.js';
import type { Question } from '../domain/answer.js';
import type { Catalogue } from '../engine/catalogue.js';
import type { Command } from './command.js';

/** What a person typed, taken apart; the cluster is still only a word. */
export interface Typed {
  readonly verb: string;
  readonly command: Command;
  /** What stood after the verb and is no option. */
  readonly words: readonly string[];
  readonly options: Question['options'];
}

/** `status prod`, `fix prod --reason "pods do not start"`, `<@U0BOT> status prod`. */
export function parse(commands: Catalogue<Command>, text: string): Verdict<Typed> {
  const [typedVerb = 'help', ...rest] = tokens(text.replace(/^\s*(<@[A-Z0-9]+(\|[^>]*)?>\s*)+/, ''));
  const verb = typedVerb.toLowerCase();
  const command = commands.get(verb);
  if (!command) return unknownVerb(verb, [...commands.keys()]);
  const taken = takeOptions(verb, command, rest);
  if (!taken.ok) return taken;
  const extra = taken.value.words.slice(mostWords(verb, command));
  if (extra.length > 0) return surplus(extra, command.usage);
  return yes({ verb, command, ...taken.value });
}

/** The cluster's word, and those that the command takes: which is which can only be told by whoever knows the clusters. */
function mostWords(verb: string, { cluster, takes }: Command): number {
  if (takes) return takes.many ? Infinity : 2;
  return cluster === 'none' && verb !== 'help' ? 0 : 1;
}

/** As it stands in the usage, for whoever typed too much. */
export function surplus(words: readonly string[], usage: string): Verdict<never> {
  return no(`I don't know what to do with “${words.join(' ')}”.`, [`It goes like this: \`${usage}\``]);
}

function unknownVerb(verb: string, known: readonly string[]): Verdict<never> {
  const close = nearest(verb, known);
  const hint = close ? `Did you mean \`/etcd ${close}\`?` : `I understand: ${known.join(', ')}.`;
  return no(`There is no command “${verb}”.`, [hint, '`/etcd help` explains them.']);
}

/** Words, with "quoted ones" kept together; the curly quotes of phones count too. */
function tokens(text: string): readonly string[] {
  const found = text.matchAll(/(?:["“”][^"“”]*["“”]|\S)+/g);
  return [...found].map(([token]) => token.replace(/["“”]([^"“”]*)["“”]/g, '$1')).filter(Boolean);
}

/** Phones turn two dashes into one long one. */
const IS_OPTION = /^(--|[—–])(?=[a-z])/i;

interface Taken {
  readonly words: readonly string[];
  readonly options: Question['options'];
}

function takeOptions(verb: string, command: Command, given: readonly string[]): Verdict<Taken> {
  const words: string[] = [];
  const options: Record<string, string | boolean> = {};
  for (let i = 0; i < given.length; i++) {
    const token = (given[i] ?? '').replace(IS_OPTION, '--');
    if (!token.startsWith('--')) {
      words.push(token);
      continue;
    }
    const [, name = '', inline] = /^--([^=]*)(?:=(.*))?$/s.exec(token) ?? [];
    const option = command.options.find((candidate) => candidate.name === name);
    if (!option) return unknownOption(verb, command, name);
    if (option.value === undefined) {
      options[name] = true;
      continue;
    }
    const value = inline ?? given[++i];
    // Who left the value out must not have the next option taken for it: that one may be --dry-run.
    if (value === undefined || (inline === undefined && IS_OPTION.test(value)))
      return no(`\`--${name}\` needs a value.`, [`It goes like this: \`${command.usage}\``]);
    options[name] = value;
  }
  return yes({ words, options });
}

function unknownOption(verb: string, command: Command, name: string): Verdict<never> {
  const known = command.options.map((option) => option.name);
  const close = nearest(name, known);
  const list =
    known.length > 0 ? `It knows: ${known.map((one) => `\`--${one}\``).join(', ')}.` : 'It takes no options.';
  return no(`\`${verb}\` has no option “--${name}”.`, [close ? `Did you mean \`--${close}\`?` : list]);
}
