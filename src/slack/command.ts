import type { Right } from '../domain/actor.js';
import type { Answer, Question } from '../domain/answer.js';
import type { QuestionJob } from '../domain/ports.js';
import type { FactName } from '../domain/snapshot.js';
import type { HelpEntry, HelpOption } from './blocks/help.js';
import type { Message } from './blocks/message.js';

/** One subcommand, all in one place: its words, who may use it, which job it asks for, and how the answer looks. */
export interface Command {
  /** One line, no full stop. */
  readonly summary: string;
  readonly usage: string;
  readonly right: Right;
  /** `one`: asks about one cluster; `maybe`: about one, or about all of this channel; `none`: about none. */
  readonly cluster: 'one' | 'maybe' | 'none';
  readonly examples: readonly string[];
  readonly options: readonly HelpOption[];
  /** How it is answered: by a job, or at once from what the bot itself knows. */
  readonly asks:
    | { readonly job: QuestionJob; facts(options: Question['options']): readonly FactName[] }
    | { readonly atOnce: (words: readonly string[], entries: readonly HelpEntry[]) => Message };
  /** The answer as a message; not called for what is answered at once. */
  render(answer: Answer): Message;
}

/** A command's own description of itself, for help. */
export function entryFor(verb: string, command: Command): HelpEntry {
  const { summary, usage, right, examples, options } = command;
  return { verb, summary, usage, right, examples, options };
}
