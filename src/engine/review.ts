import type { Cluster } from '../domain/cluster.js';
import { no, yes, type Verdict } from '../domain/errors.js';
import { isTerminal, type Operation } from '../domain/operation.js';
import type {
  Audit,
  Clock,
  Ids,
  Jobs,
  OperationStore,
  Outbox,
  SampleStore,
  Signer,
} from '../domain/ports.js';
import { accessTo, authorise, type AuthoriseDeps, type Granted } from './authorise.js';
import { reviewed, selfApproval, type ReviewRequest } from './decision.js';
import { driftOf, stalled } from './drift.js';

export interface ReviewDeps extends AuthoriseDeps {
  readonly operations: OperationStore;
  readonly samples: SampleStore;
  readonly jobs: Jobs;
  readonly outbox: Outbox;
  readonly signer: Signer;
  readonly ids: Ids;
  readonly audit: Audit;
  readonly clock: Clock;
  /** A sample older than this says nothing of now, milliseconds. */
  readonly sampleValidMs: number;
}

/**
 * One person's decision, by command, button or modal alike. The last approval that is needed starts the operation;
 * one deny ends it. Every refusal says why, and whatever happens the card shows the newest state.
 */
export async function review(
  deps: ReviewDeps,
  cluster: Cluster,
  request: ReviewRequest,
): Promise<Verdict<Operation>> {
  const operation = await deps.operations.load(request.operationId);
  if (!operation) return no('This operation is not known any more.');
  const verdict = await decide(deps, cluster, { request, operation });
  const event = verdict.ok
    ? `operation.${request.verdict === 'approve' ? 'approved' : 'denied'}`
    : 'operation.click-refused';
  await deps.audit.record({
    at: deps.clock.now(),
    event,
    who: request.actor.userId,
    cluster: operation.plan.cluster,
    operation: operation.id,
    planHash: operation.planHash,
    detail: verdict.ok ? { reason: request.reason } : { verdict: request.verdict, refused: verdict.reason },
  });
  return verdict;
}

interface Case {
  readonly request: ReviewRequest;
  readonly operation: Operation;
}

export type MayReview = Pick<ReviewRequest, 'actor' | 'channel' | 'verdict'> & {
  readonly operation: Operation;
};

/** Whether this person may review this operation at all; asked again when the review comes. */
export async function mayReview(
  deps: AuthoriseDeps,
  cluster: Cluster,
  request: MayReview,
): Promise<Verdict<Granted>> {
  const { operation, actor, channel } = request;
  const own = selfApproval(operation, request);
  if (own) return own;
  return authorise(deps, accessTo(cluster, { actor, right: 'review', channel, policy: operation.policy }));
}

async function decide(
  deps: ReviewDeps,
  cluster: Cluster,
  { request, operation }: Case,
): Promise<Verdict<Operation>> {
  const allowed = await mayReview(deps, cluster, { ...request, operation });
  if (!allowed.ok) return allowed;
  const stale = await staleByNow(deps, operation, request);
  if (stale) return stale;
  const token = deps.ids.next();
  const swapped = await deps.operations.swap(operation.id, (current, now) =>
    reviewed(current, { ...request, now, token, viaGroup: allowed.value.viaGroup }, deps.signer),
  );
  if (!swapped.ok) return no(sentence(swapped.reason), ['The card shows its newest state.']);
  await announce(deps, swapped.operation);
  return yes(swapped.operation);
}

/** Started and shown side by side; a job that gets lost here is queued again by the sweep. */
async function announce(deps: ReviewDeps, operation: Operation): Promise<void> {
  await Promise.all([
    operation.state === 'approved' ? deps.jobs.run(operation.id, 0) : undefined,
    deps.outbox.put({ kind: 'operation', id: operation.id, version: operation.version }),
  ]);
}

/** The newest sample may already show that the plan no longer fits; without a fresh one the start will tell. */
async function staleByNow(
  deps: ReviewDeps,
  operation: Operation,
  request: ReviewRequest,
): Promise<Verdict<never> | null> {
  if (request.verdict === 'deny' || operation.state !== 'pending') return null;
  const sample = await deps.samples.newest(operation.plan.cluster);
  if (!sample || deps.clock.now() - sample.at > deps.sampleValidMs || sample.at < operation.createdAt)
    return null;
  const { stale } = driftOf(operation.plan, operation.before, sample);
  if (stale === null) return null;
  const swapped = await deps.operations.swap(operation.id, (current, now) =>
    isTerminal(current)
      ? { ok: false, reason: current.state }
      : { ok: true, operation: stalled(current, stale, now) },
  );
  if (swapped.ok)
    await deps.outbox.put({ kind: 'operation', id: operation.id, version: swapped.operation.version });
  return no(`The plan no longer fits: ${stale}`, [
    'Nothing was touched. Propose it again on the facts of now.',
  ]);
}

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}${text.endsWith('.') ? '' : '.'}`;
}
