import type { Question } from '../domain/answer.js';
import type { Cluster } from '../domain/cluster.js';
import { no } from '../domain/errors.js';
import type { AnswerStore, Ids, Jobs, Log, Signer } from '../domain/ports.js';
import { entryOf, type Catalogue } from '../engine/catalogue.js';
import { vouched } from '../engine/vouch.js';
import { admitted, type AdmitDeps } from './admit.js';
import { refused, said, type Asking, type Reply } from './asking.js';
import { entryFor, type Command, type InPersonDeps } from './command.js';
import { formFor, lacksReason, tooLong, type FormDeps } from './form.js';
import { guarded } from './guarded.js';
import { parse } from './parse.js';
import { scopeOf, type About } from './scope.js';

export interface DispatchDeps extends AdmitDeps, FormDeps, InPersonDeps {
  readonly clusters: AdmitDeps['clusters'];
  readonly commands: Catalogue<Command>;
  readonly answers: AnswerStore;
  readonly jobs: Jobs;
  readonly ids: Ids;
  readonly signer: Signer;
  readonly clock: AdmitDeps['clock'];
  readonly log: Log;
}

/** What a person typed, after `/etcd` or after a mention. */
export async function typed(deps: DispatchDeps, asking: Asking, text: string): Promise<Reply> {
  return guarded(deps, async () => {
    const parsed = parse(deps.commands, text);
    if (!parsed.ok) return refused(parsed);
    const { verb, command, words } = parsed.value;
    if ('atOnce' in command.asks) {
      const entries = [...deps.commands].map(([name, one]) => entryFor(name, one));
      return said(command.asks.atOnce(words, entries));
    }
    const scope = scopeOf(deps.clusters, parsed.value, asking.place.channel);
    if (!scope.ok) return refused(scope);
    const { about, options } = scope.value;
    return answerOrAsk(deps, asking, { verb, command, about, options });
  });
}

export interface Press {
  readonly answerId: string;
  /** Null: the same question again, its message brought up to date. */
  readonly verb: string | null;
}

/** A button under an answer: another question about the same cluster, or the same one anew in its place. */
export async function pressed(deps: DispatchDeps, asking: Asking, press: Press): Promise<Reply> {
  return guarded(deps, async () => {
    const before = await deps.answers.load(press.answerId);
    if (!before)
      return refused(no('This message is too old for its buttons.', ['Ask anew: `/etcd status`.']));
    const { question } = before;
    const verb = press.verb ?? question.verb;
    const command = entryOf(deps.commands, verb);
    // What is kept in Redis may bring an answer up to date, and never asks for a change in the name of whoever looks.
    if (press.verb === null && command.needsReason === true) return refused(NO_REFRESH);
    const words = question.cluster === null ? [] : [question.cluster];
    const replaces = press.verb === null ? question : undefined;
    const options = replaces?.options ?? {};
    const scope = scopeOf(deps.clusters, { verb, command, words, options }, asking.place.channel);
    if (!scope.ok) return refused(scope);
    const { about } = scope.value;
    return answerOrAsk(deps, asking, { verb, command, about, options, replaces });
  });
}

const NO_REFRESH = no('A change is not asked for anew by a button.', ['Type the command once more.']);

/** A button that is about one cluster, and names the command itself. */
export async function askedOf(
  deps: DispatchDeps,
  asking: Asking,
  { verb, cluster }: { readonly verb: string; readonly cluster: Cluster },
): Promise<Reply> {
  const command = entryOf(deps.commands, verb);
  return guarded(deps, () =>
    answerOrAsk(deps, asking, { verb, command, about: { kind: 'one', cluster }, options: {} }),
  );
}

interface Wanted {
  readonly verb: string;
  readonly command: Command;
  readonly about: About;
  readonly options: Question['options'];
  readonly replaces?: Question | undefined;
}

/** At once where it can be; else once the job is in Redis; and why, where nobody has said so yet. */
async function answerOrAsk(deps: DispatchDeps, asking: Asking, wanted: Wanted): Promise<Reply> {
  const { command, options } = wanted;
  const long = tooLong(options);
  if (long) return refused(long);
  const may = await admitted(deps, asking, wanted);
  if (!may.ok) return refused(may);
  if ('atOnce' in command.asks) throw new Error(`${wanted.verb} is answered before anybody is asked`);
  if ('inPerson' in command.asks) return said(await command.asks.inPerson(deps, asking));
  const question = vouched(questionOf(deps, asking, wanted), deps.signer);
  if (lacksReason(command, options)) return formFor(deps, asking, { question, command });
  await deps.jobs.ask(command.asks.job, question);
  return null;
}

function questionOf(deps: DispatchDeps, asking: Asking, wanted: Wanted): Question {
  const { verb, command, about, options, replaces } = wanted;
  return {
    id: replaces?.id ?? deps.ids.next(),
    version: replaces ? replaces.version + 1 : 1,
    verb,
    cluster: about.kind === 'one' ? about.cluster.name : null,
    options,
    asker: asking.actor,
    place: replaces?.place ?? asking.place,
    askedAt: deps.clock.now(),
    facts: 'facts' in command.asks ? command.asks.facts(options) : [],
  };
}
