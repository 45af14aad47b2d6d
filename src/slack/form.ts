import type { Actor } from '../domain/actor.js';
import type { Question } from '../domain/answer.js';
import { no, type Refusal } from '../domain/errors.js';
import type { Drafts, Ids, Jobs, Log, Signer } from '../domain/ports.js';
import { entryOf, type Catalogue } from '../engine/catalogue.js';
import { isVouched, vouched } from '../engine/vouch.js';
import { admittedAgain, type AdmitDeps } from './admit.js';
import { refused, type Asking, type Reply } from './asking.js';
import { MOST_REASON, reasonForm } from './blocks/reason-form.js';
import { refusalMessage } from './blocks/refusal.js';
import { isDryRun, type Command } from './command.js';
import { commandLine } from './command-line.js';
import { guarded } from './guarded.js';
import type { About } from './scope.js';

export interface FormDeps {
  readonly drafts: Drafts;
}

/** A change that nobody has given a reason for. A dry run needs none. */
export function lacksReason(command: Command, options: Question['options']): boolean {
  return command.needsReason === true && !isDryRun(options) && reasonOf(options) === '';
}

/** Typed by hand it may be of any length, and a card has no room for a novel. */
export function tooLong(options: Question['options']): Refusal | null {
  const length = reasonOf(options).length;
  if (length <= MOST_REASON) return null;
  return no(`The reason has ${String(length)} characters; ${String(MOST_REASON)} is the most.`, [
    'Say it shorter, and put the rest into the thread of the card.',
  ]);
}

function reasonOf({ reason }: Question['options']): string {
  return typeof reason === 'string' ? reason.trim() : '';
}

interface Unsaid {
  readonly question: Question;
  readonly command: Command;
}

/** The question waits, and a form asks for its reason; where no form can be opened, it is asked for in words. */
export async function formFor(
  { drafts }: FormDeps,
  { canOpen }: Asking,
  { question, command }: Unsaid,
): Promise<Reply> {
  const line = commandLine(question, command);
  const why = 'Say why: the approvers and the record need it.';
  if (!canOpen) return refused(no(why, [`Add the reason: \`${line} --reason "…"\``]));
  await drafts.keep(question);
  return {
    kind: 'form',
    view: reasonForm({ draftId: question.id, ...wordsFor({ question, command }), line }),
    otherwise: refusalMessage('Slack did not open the form that asks why.', [
      `Type the reason with it: \`${line} --reason "…"\``,
    ]),
  };
}

function wordsFor({ question, command }: Unsaid): { readonly title: string; readonly submit: string } {
  const { verb } = question;
  const proposes = 'job' in command.asks && command.asks.job === 'propose';
  const does = `${verb.charAt(0).toUpperCase()}${verb.slice(1)}`;
  return proposes
    ? { title: `Propose ${verb}`, submit: 'Propose' }
    : { title: `${does} ${verb === 'mute' ? 'alerts' : 'changes'}`, submit: does };
}

export interface SubmitDeps extends AdmitDeps, FormDeps {
  readonly commands: Catalogue<Command>;
  readonly jobs: Jobs;
  readonly ids: Ids;
  readonly signer: Signer;
  readonly log: Log;
}

export interface Submission {
  readonly actor: Actor;
  readonly draftId: string;
  readonly reason: string;
}

/** A form that came back: its question is asked now, once, by whoever it was opened for, if they may still ask it. */
export async function submitted(deps: SubmitDeps, submission: Submission): Promise<Reply> {
  return guarded(deps, async () => {
    const { actor, draftId, reason } = submission;
    const draft = await deps.drafts.take(draftId);
    if (!draft || !isVouched(draft, deps.signer)) return refused(GONE);
    const { asker, place, verb } = draft;
    if (asker.userId !== actor.userId || asker.teamId !== actor.teamId) {
      await deps.drafts.keep(draft);
      return refused(no('Only the person for whom this form was opened may send it.'));
    }
    const command = entryOf(deps.commands, verb);
    const about = aboutOf(deps, draft);
    if (!about) return refused(no(`${draft.cluster ?? 'The cluster'} is not configured any more.`));
    const may = await admittedAgain(deps, { actor, place, canOpen: false }, { verb, command, about });
    if (!may.ok) return refused(may);
    if (!('job' in command.asks)) throw new Error(`${verb} is no job`);
    const question = { ...draft, options: { ...draft.options, reason }, askedAt: deps.clock.now() };
    await deps.jobs.ask(command.asks.job, vouched(question, deps.signer));
    return null;
  });
}

const GONE = no('This form was sent already, or has been open for more than half an hour.', [
  '`/etcd operations` shows whether it was proposed.',
  'If it was not, ask for it anew.',
]);

function aboutOf({ clusters }: AdmitDeps, { cluster, options }: Question): About | null {
  if (cluster === null) return options['all'] === true ? { kind: 'all' } : { kind: 'channel' };
  const found = clusters.find(({ name }) => name === cluster);
  return found ? { kind: 'one', cluster: found } : null;
}
