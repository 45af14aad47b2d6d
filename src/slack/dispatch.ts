import type { Actor, Place } from '../domain/actor.js';
import type { Question } from '../domain/answer.js';
import type { Cluster } from '../domain/cluster.js';
import { no, TargetError, yes, type Verdict } from '../domain/errors.js';
import type { AnswerStore, Clock, Ids, Jobs, Log } from '../domain/ports.js';
import { accessTo, authorise, type AccessRequest, type AuthoriseDeps } from '../engine/authorise.js';
import { entryOf, type Catalogue } from '../engine/catalogue.js';
import type { Message } from './blocks/message.js';
import { mishapMessage, refusalMessage, unreachableMessage } from './blocks/refusal.js';
import { entryFor, type Command } from './command.js';
import { parse, type Typed } from './parse.js';
import { whichCluster } from './which-cluster.js';

export interface DispatchDeps extends AuthoriseDeps {
  readonly commands: Catalogue<Command>;
  readonly clusters: readonly Cluster[];
  readonly answers: AnswerStore;
  readonly jobs: Jobs;
  readonly ids: Ids;
  readonly clock: Clock;
  readonly log: Log;
}

/** Who asks, and from where. */
export interface Asking {
  readonly actor: Actor;
  readonly place: Place;
}

/** A message for the asker alone, or null: the job is in Redis, its answer comes by itself. */
export type Reply = Message | null;

/** What a person typed, after `/etcd` or after a mention. */
export async function typed(deps: DispatchDeps, asking: Asking, text: string): Promise<Reply> {
  return guarded(deps, async () => {
    const parsed = parse(deps.commands, text);
    if (!parsed.ok) return refusalMessage(parsed.reason, parsed.instead);
    const { asks } = parsed.value.command;
    if ('atOnce' in asks) {
      const entries = [...deps.commands].map(([verb, command]) => entryFor(verb, command));
      return asks.atOnce(parsed.value.words, entries);
    }
    const cluster = await allowedCluster(deps, asking, parsed.value);
    if (!cluster.ok) return refusalMessage(cluster.reason, cluster.instead);
    await ask(deps, asking, { ...parsed.value, cluster: cluster.value?.name ?? null });
    return null;
  });
}

/** A button under an answer: another question about the same cluster, or the same one anew in its place. */
export async function pressed(deps: DispatchDeps, asking: Asking, press: Press): Promise<Reply> {
  return guarded(deps, async () => {
    const before = await deps.answers.load(press.answerId);
    if (!before)
      return refusalMessage('This message is too old for its buttons.', ['Ask anew: `/etcd status`.']);
    const verb = press.verb ?? before.question.verb;
    const command = entryOf(deps.commands, verb);
    const words = before.question.cluster === null ? [] : [before.question.cluster];
    const cluster = await allowedCluster(deps, asking, { verb, command, words, options: {} });
    if (!cluster.ok) return refusalMessage(cluster.reason, cluster.instead);
    const replaces = press.verb === null ? before.question : undefined;
    await ask(deps, asking, {
      verb,
      command,
      words,
      options: {},
      cluster: cluster.value?.name ?? null,
      replaces,
    });
    return null;
  });
}

export interface Press {
  readonly answerId: string;
  /** Null: the same question again, its message brought up to date. */
  readonly verb: string | null;
}

async function allowedCluster(
  deps: DispatchDeps,
  asking: Asking,
  asked: Typed,
): Promise<Verdict<Cluster | null>> {
  const { command, words } = asked;
  const { channel } = asking.place;
  const about = command.cluster === 'one' || words.length > 0;
  if (!about) return allowedHere(deps, asking, command);
  const cluster = whichCluster(deps.clusters, words[0], channel);
  if (!cluster.ok) return cluster;
  const allowed = await authorise(deps, request(cluster.value, asking, command));
  return allowed.ok ? yes(cluster.value) : allowed;
}

/** What is about no single cluster is allowed to whoever may look at one of this channel's. */
async function allowedHere(deps: DispatchDeps, asking: Asking, command: Command): Promise<Verdict<null>> {
  const here = deps.clusters.filter((cluster) => cluster.channels.includes(asking.place.channel));
  let refusal = no('This channel has no cluster.', ['Ask in a channel that one is configured for.']);
  for (const cluster of here) {
    const allowed = await authorise(deps, request(cluster, asking, command));
    if (allowed.ok) return yes(null);
    refusal = allowed;
  }
  return refusal;
}

function request(cluster: Cluster, { actor, place }: Asking, { right }: Command): AccessRequest {
  return accessTo(cluster, { actor, right, channel: place.channel });
}

interface Asked extends Typed {
  readonly cluster: string | null;
  readonly replaces?: Question | undefined;
}

async function ask(deps: DispatchDeps, asking: Asking, asked: Asked): Promise<void> {
  const { asks } = asked.command;
  if ('atOnce' in asks) throw new Error(`${asked.verb} is answered at once`);
  const { replaces } = asked;
  await deps.jobs.ask(asks.job, {
    id: replaces?.id ?? deps.ids.next(),
    version: replaces ? replaces.version + 1 : 1,
    verb: asked.verb,
    cluster: asked.cluster,
    options: replaces?.options ?? asked.options,
    asker: asking.actor,
    place: replaces?.place ?? asking.place,
    askedAt: deps.clock.now(),
    facts: asks.facts(replaces?.options ?? asked.options),
  });
}

/** Nobody is left without an answer: Redis away is said, a bug gets a reference. */
export async function guarded(
  deps: Pick<DispatchDeps, 'log' | 'ids'>,
  work: () => Promise<Reply>,
): Promise<Reply> {
  try {
    return await work();
  } catch (error) {
    const reference = deps.ids.next().slice(0, 8);
    deps.log.error({ reference, err: error }, 'a command or a click failed');
    if (error instanceof TargetError && error.target === 'redis')
      return unreachableMessage('My memory (Redis)');
    return mishapMessage(reference);
  }
}
