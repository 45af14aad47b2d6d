import type { Right } from '../domain/actor.js';
import type { Answer, Question } from '../domain/answer.js';
import type { Clock, QuestionJob } from '../domain/ports.js';
import type { FactName } from '../domain/snapshot.js';
import type { WaitingDeps } from '../engine/waiting.js';
import type { Asking } from './asking.js';
import type { HelpEntry, HelpOption } from './blocks/help.js';
import type { Message } from './blocks/message.js';

/** One subcommand, all in one place: its words, who may use it, which job it asks for, and how the answer looks. */
export interface Command {
  /** One line, no full stop. */
  readonly summary: string;
  readonly usage: string;
  readonly right: Right;
  /** Takes the right of a change, but changes nothing. */
  readonly onlyReads?: boolean;
  /**
   * `one`: asks about one cluster; `one-or-all`: about one, or with `all` about every cluster; `maybe`: about one, or
   * about all of this channel; `none`: about none.
   */
  readonly cluster: 'one' | 'one-or-all' | 'maybe' | 'none';
  readonly examples: readonly string[];
  readonly options: readonly HelpOption[];
  /** Words after the cluster's go into this option, joined by a blank; `many`: more than one. */
  readonly takes?: { readonly option: string; readonly many: boolean };
  /** Nobody may ask for it without `--reason`; who does not say why is asked in a form. */
  readonly needsReason?: boolean;
  /** How it is answered: by a job; or at once, from what the bot itself knows, of commands or of the asker. */
  readonly asks:
    | { readonly job: QuestionJob; facts(options: Question['options']): readonly FactName[] }
    | { readonly atOnce: (words: readonly string[], entries: readonly HelpEntry[]) => Message }
    | { readonly inPerson: (deps: InPersonDeps, asking: Asking) => Promise<Message> };
  /** The answer as a message; not called for what is answered at once. */
  render(answer: Answer): Message;
}

/** What a command may look up that answers at once. */
export interface InPersonDeps extends WaitingDeps {
  readonly clock: Clock;
}

/** A command's own description of itself, for help. */
export function entryFor(verb: string, command: Command): HelpEntry {
  const { summary, usage, right, onlyReads, examples, options } = command;
  return { verb, summary, usage, right, onlyReads, examples, options };
}

/** Shows what would be done, and starts nothing. */
export function isDryRun(options: Question['options']): boolean {
  return options['dry-run'] === true;
}
