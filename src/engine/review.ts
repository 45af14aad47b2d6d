import type { Cluster } from '../domain/cluster.js';
import { no, yes, type Verdict } from '../domain/errors.js';
import { valueOf } from '../domain/fact.js';
import { isSlow } from '../domain/maintenance/target.js';
import type { Operation } from '../domain/operation.js';
import type {
  Audit,
  Clock,
  Ids,
  Jobs,
  OperationStore,
  Outbox,
  Pauses,
  SampleStore,
  Signer,
} from '../domain/ports.js';
import type { AuthoriseDeps } from './authorise.js';
import { isGenuine } from './approval.js';
import { reviewed, type ReviewRequest } from './decision.js';
import { driftOf, stalled } from './drift.js';
import { orLater } from './later.js';
import { heldNow, mayOutside, mayReview, sentence } from './may-review.js';

export interface ReviewDeps extends AuthoriseDeps {
  readonly operations: OperationStore;
  readonly samples: SampleStore;
  readonly pauses: Pauses;
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
    why: request.reason,
    detail: {
      verdict: request.verdict,
      ...(request.emergency === true && { emergency: true }),
      ...(!verdict.ok && { refused: verdict.reason }),
    },
  });
  return verdict;
}

interface Case {
  readonly request: ReviewRequest;
  readonly operation: Operation;
}

async function decide(
  deps: ReviewDeps,
  cluster: Cluster,
  { request, operation }: Case,
): Promise<Verdict<Operation>> {
  const allowed = await mayReview(deps, cluster, { ...request, operation });
  if (!allowed.ok) return allowed;
  // What has ended, or starts already, is no longer a question of windows and pauses: the swap says how it stands.
  const held = operation.state === 'pending' ? await heldNow(deps, cluster, request) : null;
  if (held) return held;
  const stale = await staleByNow(deps, operation, request);
  if (stale) return stale;
  const more = {
    token: deps.ids.next(),
    viaGroup: allowed.value.viaGroup,
    ...(await mayOutside(deps, cluster, { request, operation })),
    windows: cluster.windows,
  };
  const swapped = await deps.operations.swap(operation.id, (current, now) =>
    // Once it has started its signature is used up: then how it stands is the answer.
    current.state !== 'pending' || isGenuine(current, deps.signer)
      ? reviewed(current, { ...request, ...more, now }, deps.signer)
      : FORGED,
  );
  if (!swapped.ok) return refused(deps, swapped.operation ?? operation, swapped.reason);
  await announce(deps, swapped.operation);
  return yes(swapped.operation);
}

/** Whoever pressed an old button is told how it stands, and the card is drawn again. */
async function refused(deps: ReviewDeps, operation: Operation, reason: string): Promise<Verdict<never>> {
  await orLater(deps.outbox.put({ kind: 'operation', id: operation.id, version: operation.version }));
  return no(sentence(reason), ['The card shows its newest state.']);
}

/** Whoever can write to Redis could put another proposer, another plan or a review of somebody else there. */
const FORGED = {
  ok: false as const,
  reason: 'its record does not carry our signature, so nothing of it counts',
};

/** Started and shown side by side; a job that gets lost here is queued again by the sweep. */
async function announce(deps: ReviewDeps, operation: Operation): Promise<void> {
  await Promise.all([
    orLater(operation.state === 'approved' ? deps.jobs.run(operation.id, 0) : undefined),
    orLater(deps.outbox.put({ kind: 'operation', id: operation.id, version: operation.version })),
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
  const alarms = valueOf(sample.facts.alarms)?.alarms;
  if (request.emergency === true && alarms?.every(({ kind }) => kind !== 'NOSPACE') === true)
    return no('NOSPACE is not armed any more, so this is no emergency.', ['The usual approvals are enough.']);
  // The start looks again, and more than once.
  if (isSlow(sample)) return null;
  const { stale } = driftOf(operation, sample);
  if (stale === null) return null;
  const swapped = await deps.operations.swap(operation.id, (current, now) =>
    // Somebody else's click may have started it meanwhile: what runs is never stale.
    current.state === 'pending'
      ? { ok: true, operation: stalled(current, stale, now) }
      : { ok: false, reason: current.state },
  );
  // Then the usual way says how it stands.
  if (!swapped.ok) return null;
  const { id, planHash, plan, version } = swapped.operation;
  await orLater(deps.outbox.put({ kind: 'operation', id, version }));
  const detail = { summary: swapped.operation.conclusion?.summary };
  const at = deps.clock.now();
  await deps.audit.record({
    at,
    event: 'operation.stale',
    cluster: plan.cluster,
    operation: id,
    planHash,
    detail,
  });
  return no(sentence(`the plan no longer fits: ${stale}`), [
    'Nothing was touched. Propose it again on the facts of now.',
  ]);
}
