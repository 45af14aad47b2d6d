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
  const most = command.cluster === 'none' && verb !== 'help' ? 0 : 1;
  if (taken.value.words.length > most) {
    const extra = taken.value.words.slice(most).join(' ');
    return no(`I don't know what to do with “${extra}”.`, [`It goes like this: \`${command.usage}\``]);
  }
  return yes({ verb, command, ...taken.value });
}

function unknownVerb(verb: string, known: readonly string[]): Verdict<never> {
  const close = nearest(verb, known);
  const hint = close ? `Did you mean \`/etcd ${close}\`?` : `I understand: ${known.join(', ')}.`;
  return no(`There is no command “${verb}”.`, [hint, '`/etcd help` explains them.']);
}

/** Words, with "quoted ones" kept together; the curly quotes of phones count too. */
function tokens(text: string): readonly string[] {
  const found = text.matchAll(/["“”]([^"“”]*)["“”]|(\S+)/g);
  return [...found].map(([, quoted, bare]) => quoted ?? bare ?? '').filter((token) => token !== '');
}

interface Taken {
  readonly words: readonly string[];
  readonly options: Question['options'];
}

function takeOptions(verb: string, command: Command, given: readonly string[]): Verdict<Taken> {
  const words: string[] = [];
  const options: Record<string, string | boolean> = {};
  for (let i = 0; i < given.length; i++) {
    // Phones turn two dashes into one long one.
    const token = (given[i] ?? '').replace(/^[—–]/, '--');
    if (!token.startsWith('--')) {
      words.push(token);
      continue;
    }
    const [name = '', inline] = token.slice(2).split('=', 2);
    const option = command.options.find((candidate) => candidate.name === name);
    if (!option) return unknownOption(verb, command, name);
    if (option.value === undefined) {
      options[name] = true;
      continue;
    }
    const value = inline ?? given[++i];
    if (value === undefined)
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
