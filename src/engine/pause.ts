import type { Question } from '../domain/answer.js';
import { isTerminal, type Operation } from '../domain/operation.js';
import { ALL_CLUSTERS, type Pause } from '../domain/pause.js';
import { bare } from '../domain/sentence.js';
import type { AnswerStore, Audit, Clock, Jobs, OperationStore, Outbox, Pauses } from '../domain/ports.js';

export interface SteerDeps {
  readonly pauses: Pauses;
  readonly operations: OperationStore;
  readonly answers: AnswerStore;
  readonly outbox: Outbox;
  readonly jobs: Jobs;
  readonly audit: Audit;
  readonly clock: Clock;
}

/** Nothing starts from now on, and what runs stops after its step; every open card says so. Safe to repeat. */
export async function pauseChanges(deps: SteerDeps, question: Question): Promise<void> {
  const pause: Pause = {
    scope: question.cluster ?? ALL_CLUSTERS,
    by: question.asker,
    reason: String(question.options['reason'] ?? ''),
    at: question.askedAt,
  };
  await deps.pauses.set(pause);
  await steered(deps, question, pause);
}

/** What was approved meanwhile, and is still in time, starts. */
export async function resumeChanges(deps: SteerDeps, question: Question): Promise<void> {
  const lifted = await deps.pauses.lift(question.cluster ?? ALL_CLUSTERS);
  const still = question.cluster === null ? null : await deps.pauses.holding(question.cluster);
  if (!lifted && !still) return refused(deps, question, 'Changes were not paused.', []);
  if (still)
    return refused(deps, question, `Changes stay paused for all clusters: ${bare(still.reason)}.`, [
      '`/etcd resume all` lets them go on everywhere.',
    ]);
  const open = await steered(deps, question, null);
  const approved = open.filter(({ state }) => state === 'approved');
  await Promise.all(approved.map(({ id, version }) => deps.jobs.run(id, version)));
}

// eslint-disable-next-line max-params -- a refusal is a reason and what can be done instead
async function refused(
  deps: SteerDeps,
  question: Question,
  reason: string,
  safe: readonly string[],
): Promise<void> {
  const body = { kind: 'refusal' as const, reason, safe };
  await deps.answers.save({ question, answeredAt: deps.clock.now(), body });
  await deps.outbox.put({ kind: 'answer', id: question.id, version: question.version });
}

async function steered(
  deps: SteerDeps,
  question: Question,
  pause: Pause | null,
): Promise<readonly Operation[]> {
  const scope = question.cluster ?? ALL_CLUSTERS;
  const concerned = (await deps.operations.open()).filter(
    (operation) => !isTerminal(operation) && (scope === ALL_CLUSTERS || operation.plan.cluster === scope),
  );
  const shown: Operation[] = [];
  for (const operation of concerned) shown.push((await showPause(deps, operation)) ?? operation);
  const answeredAt = deps.clock.now();
  await deps.answers.save({
    question,
    answeredAt,
    body: { kind: 'steered', scope, pause, open: shown.length },
  });
  await deps.outbox.put({ kind: 'answer', id: question.id, version: question.version });
  await deps.audit.record({
    at: answeredAt,
    event: pause ? 'changes.paused' : 'changes.resumed',
    who: question.asker.userId,
    why: String(question.options['reason'] ?? ''),
    cluster: question.cluster ?? undefined,
  });
  return shown;
}

/** Brings what a card says of the pause up to date; null: it says the right thing already, or has ended. */
export async function showPause(
  { pauses, operations, outbox }: Pick<SteerDeps, 'pauses' | 'operations' | 'outbox'>,
  operation: Operation,
): Promise<Operation | null> {
  const holding = (await pauses.holding(operation.plan.cluster)) ?? undefined;
  if (same(holding, operation.paused)) return null;
  const swapped = await operations.swap(operation.id, (current) =>
    isTerminal(current)
      ? { ok: false, reason: current.state }
      : { ok: true, operation: { ...current, paused: holding } },
  );
  if (!swapped.ok) return null;
  await outbox.put({ kind: 'operation', id: operation.id, version: swapped.operation.version });
  return swapped.operation;
}

function same(one: Pause | undefined, other: Pause | undefined): boolean {
  return one?.scope === other?.scope && one?.at === other?.at;
}
