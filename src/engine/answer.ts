import type { Trend } from '../domain/alerting/past.js';
import type { Answer, AnswerBody, Question } from '../domain/answer.js';
import type { Cluster } from '../domain/cluster.js';
import type { Refusal } from '../domain/errors.js';
import type { Check } from '../domain/finding.js';
import { isTerminal, type Operation } from '../domain/operation.js';
import { chartDataOf } from '../domain/alerting/chart-data.js';
import type { ChartData } from '../domain/alerting/ports.js';
import type { AlertStore, AnswerStore, OperationStore, SeriesStore } from '../domain/ports.js';
import type { Snapshot } from '../domain/snapshot.js';
import type { Catalogue } from './catalogue.js';
import { applicable, collect, withLastMetrics } from './collect.js';
import { withPast } from './past.js';
import { planNow, propose, type ProposeDeps } from './propose.js';
import { runChecks } from './run-checks.js';
import { isVouched } from './vouch.js';
import type { Log } from '../domain/ports.js';

export interface AnswerDeps extends ProposeDeps {
  readonly checks: Catalogue<Check>;
  readonly answers: AnswerStore;
  readonly operations: OperationStore;
  readonly alerts: Pick<AlertStore, 'load' | 'outlooks'>;
  readonly series: Pick<SeriesStore, 'sizes'>;
  readonly log: Log;
  clusterOf(name: string): Cluster | undefined;
  readonly clusters: readonly Cluster[];
}

export type ReplyDeps = Pick<AnswerDeps, 'answers' | 'outbox' | 'clock'>;

/** Facts of the question → checks → the answer, as data: the bot role renders it. */
export async function examine(deps: AnswerDeps, question: Question): Promise<void> {
  await reply(deps, question, await examined(deps, question));
}

async function examined(deps: AnswerDeps, question: Question): Promise<AnswerBody> {
  const cluster = deps.clusterOf(question.cluster ?? '');
  if (!cluster) return goneFromConfiguration(question);
  const [read, sample, [outlook]] = await Promise.all([
    collect(deps, cluster, question.facts),
    deps.samples.newest(cluster.name),
    deps.alerts.outlooks([cluster.name]),
  ]);
  const completeNow = await completed(deps, cluster, withLastMetrics(read, sample));
  const snapshot = await withPast(deps, cluster, completeNow);
  const asked = applicable(deps, cluster, question.facts);
  const findings = runChecks(deps.checks, { snapshot, asked }, deps.log);
  const trend = outlook?.trend ?? null;
  const chart = question.options['chart'] === true ? await chartOf(deps, snapshot, trend) : undefined;
  const { environment } = cluster;
  return { kind: 'examination', environment, snapshot, findings, trend, ...(chart && { chart }) };
}

async function chartOf(deps: AnswerDeps, snapshot: Snapshot, trend: Trend | null): Promise<ChartData> {
  const series = await deps.series.sizes(snapshot.cluster);
  return chartDataOf(snapshot, { series, trend, at: deps.clock.now() });
}

/** The quota stands in the metrics: where there is no last reading of them at all, they are read now. */
async function completed(deps: AnswerDeps, cluster: Cluster, snapshot: Snapshot): Promise<Snapshot> {
  if (snapshot.facts.metrics) return snapshot;
  const { facts } = await collect(deps, cluster, ['metrics']);
  return facts.metrics ? { ...snapshot, facts: { ...snapshot.facts, metrics: facts.metrics } } : snapshot;
}

/** A change was asked for: its plan becomes an operation with its own card, or the answer says why there is none. */
export async function answerProposal(deps: AnswerDeps, question: Question): Promise<void> {
  if (!(await isOurs(deps, question))) return disown(deps, question);
  const cluster = deps.clusterOf(question.cluster ?? '');
  if (!cluster) return reply(deps, question, goneFromConfiguration(question));
  const outcome = await (question.options['dry-run'] === true ? preview : proposed)(deps, cluster, question);
  if (outcome) await reply(deps, question, outcome);
}

/** Longer than any job waits, and than any two clocks of ours are apart. */
const ASKED_WITHIN_MS = 86_400_000;

/** Asked by whom it names, and not long ago: whoever can write to Redis could put it there, or put an old one back. */
async function isOurs({ signer, operations }: AnswerDeps, question: Question): Promise<boolean> {
  return (
    isVouched(question, signer) && Math.abs((await operations.now()) - question.askedAt) < ASKED_WITHIN_MS
  );
}

async function disown(deps: AnswerDeps, question: Question): Promise<void> {
  const { verb, cluster } = question;
  const reason = 'This was not asked by a command or a button of mine, so nothing is proposed.';
  deps.log.error({ verb, cluster }, 'a proposal without our signature stood in the queue');
  const detail = { verb, refused: 'the job does not carry our signature' };
  await deps.audit.record({
    at: deps.clock.now(),
    event: 'command.refused',
    cluster: cluster ?? undefined,
    detail,
  });
  await reply(deps, question, { kind: 'refusal', reason, safe: ['Ask anew: `/etcd help`.'] });
}

/** The card is the answer; without a plan, the reason is. */
async function proposed(deps: AnswerDeps, cluster: Cluster, question: Question): Promise<AnswerBody | null> {
  const operation = await propose(deps, cluster, question);
  return operation.ok ? null : refusalOf(operation);
}

/** What would be proposed; nothing is written down. */
async function preview(deps: AnswerDeps, cluster: Cluster, question: Question): Promise<AnswerBody> {
  const planned = await planNow(deps, cluster, question);
  return planned.ok ? { kind: 'plan', ...planned.value } : refusalOf(planned);
}

export function refusalOf({ reason, instead = [], people }: Refusal): AnswerBody {
  return { kind: 'refusal', reason, safe: instead, ...(people && { people }) };
}

/** What the monitor reads each time: see `sample`. */
const SAMPLED: Question['facts'] = ['members', 'status', 'alarms'];

/** Every configured cluster that this channel may ask about, by its newest sample. */
export async function listClusters(deps: AnswerDeps, question: Question): Promise<void> {
  const here = deps.clusters.filter((cluster) => cluster.channels.includes(question.place.channel));
  const outlooks = await deps.alerts.outlooks(here.map(({ name }) => name));
  const clusters = here.map(async (cluster, index) => {
    const snapshot = await deps.samples.newest(cluster.name);
    const { name, aliases, environment } = cluster;
    const sample = snapshot
      ? { snapshot, findings: runChecks(deps.checks, { snapshot, asked: SAMPLED }, deps.log) }
      : null;
    const outlook = outlooks[index] ?? null;
    return { name, aliases, environment, endpoints: cluster.endpoints.length, sample, outlook };
  });
  await reply(deps, question, { kind: 'clusters', clusters: await Promise.all(clusters) });
}

const MOST_LISTED = 10;
/** Among so many of all clusters those of one channel are looked for. */
const MOST_LOOKED_AT = 200;

/**
 * Every open operation, however old, because one of them may hold its cluster; then the recent ones: of the clusters that
 * belong to this channel.
 */
export async function listOperations(deps: AnswerDeps, question: Question): Promise<void> {
  const here = new Set(
    deps.clusters
      .filter((cluster) => cluster.channels.includes(question.place.channel))
      .map((cluster) => cluster.name),
  );
  const cluster = question.cluster ?? undefined;
  const wanted = ({ plan }: Operation): boolean =>
    here.has(plan.cluster) && (cluster === undefined || cluster === plan.cluster);
  const [all, recent] = await Promise.all([
    deps.operations.open(),
    deps.operations.recent(cluster === undefined ? MOST_LOOKED_AT : MOST_LISTED, cluster),
  ]);
  const open = all.filter((operation) => wanted(operation) && !isTerminal(operation));
  const ended = recent.filter((operation) => wanted(operation) && isTerminal(operation));
  const operations = [...open, ...ended.slice(0, Math.max(0, MOST_LISTED - open.length))];
  await reply(deps, question, { kind: 'operations', operations });
}

/**
 * The answer to an asker whose job failed for good: nobody is left without one. A long look has told of itself in newer
 * versions than the one that it was asked in.
 */
export async function answerMishap(deps: AnswerDeps, question: Question, reference: string): Promise<void> {
  const told = await deps.answers.load(question.id);
  const version = Math.max(question.version, (told?.question.version ?? 0) + 1);
  await reply(deps, { ...question, version }, { kind: 'mishap', reference });
}

export function goneFromConfiguration(question: Question): AnswerBody {
  return {
    kind: 'refusal',
    reason: `${question.cluster ?? 'The cluster'} is not in this process's configuration.`,
    safe: [],
  };
}

export async function reply(deps: ReplyDeps, question: Question, body: AnswerBody): Promise<void> {
  const answer: Answer = { question, answeredAt: deps.clock.now(), body };
  await deps.answers.save(answer);
  await deps.outbox.put({ kind: 'answer', id: question.id, version: question.version });
}
