import type { Actor, Right } from '../domain/actor.js';
import type { Cluster } from '../domain/cluster.js';
import { no, yes, type Verdict } from '../domain/errors.js';
import { isTerminal, type Operation } from '../domain/operation.js';
import type { Audit, ChangeResult, Clock, OperationStore, Outbox, SpentTokens } from '../domain/ports.js';
import { accessTo, authorise, type AuthoriseDeps } from './authorise.js';
import { orLater } from './later.js';

export interface CancelDeps extends AuthoriseDeps {
  readonly operations: OperationStore;
  readonly outbox: Outbox;
  readonly audit: Audit;
  readonly clock: Clock;
  readonly spent: SpentTokens;
}

export interface CancelRequest {
  readonly operationId: string;
  readonly actor: Actor;
  readonly channel: string | null;
}

/** Operators cancel their own, approvers any. Before the start at once; while it runs, after the current step. */
export async function cancel(
  deps: CancelDeps,
  cluster: Cluster,
  request: CancelRequest,
): Promise<Verdict<Operation>> {
  const operation = await deps.operations.load(request.operationId);
  if (!operation) return no('This operation is not known any more.');
  const { actor, channel } = request;
  const right = rightFor(operation, actor);
  const then = await authorise(deps, accessTo(cluster, { actor, right, channel, policy: operation.policy }));
  const { runbook } = operation.plan;
  // Who has lost the right meanwhile can't let go of a cluster that nobody has looked at.
  const allowed = then.ok
    ? await authorise(deps, accessTo(cluster, { actor, right, channel, runbook }))
    : then;
  if (!allowed.ok) return refused(deps, operation, { request, reason: allowed.reason, refusal: allowed });
  // The last approval may have come since.
  let token: string | undefined;
  const swapped = await deps.operations.swap(operation.id, (current, now) => {
    token = current.token;
    return cancelled(current, request.actor, now);
  });
  const shown = swapped.operation ?? operation;
  await orLater(deps.outbox.put({ kind: 'operation', id: shown.id, version: shown.version }));
  if (!swapped.ok)
    return refused(deps, operation, { request, reason: swapped.reason, refusal: no(swapped.reason) });
  // Written back by hand, the record as it was must not start after all.
  if (swapped.operation.state === 'cancelled' && token !== undefined) await orLater(deps.spent.spend(token));
  await record(deps, swapped.operation, { request, event: 'operation.cancel' });
  return yes(swapped.operation);
}

interface Refused {
  readonly request: CancelRequest;
  readonly reason: string;
  readonly refusal: Verdict<never>;
}

async function refused(
  deps: CancelDeps,
  operation: Operation,
  { request, reason, refusal }: Refused,
): Promise<Verdict<never>> {
  const detail = { verdict: 'cancel', refused: reason };
  await record(deps, operation, { request, event: 'operation.click-refused', detail });
  return refusal;
}

interface Told {
  readonly request: CancelRequest;
  readonly event: string;
  readonly detail?: Readonly<Record<string, unknown>>;
}

async function record(deps: CancelDeps, operation: Operation, told: Told): Promise<void> {
  const { id, plan, planHash } = operation;
  const { request, event, detail } = told;
  const who = request.actor.userId;
  const at = operation.cancelRequestedAt ?? deps.clock.now();
  await deps.audit.record({ at, event, who, cluster: plan.cluster, operation: id, planHash, detail });
}

/** Before and while it runs its proposer may; what nobody could read back takes an approver. */
function rightFor(operation: Operation, actor: Actor): Right {
  const own = operation.proposer.userId === actor.userId && operation.proposer.teamId === actor.teamId;
  return own && operation.state !== 'unknown' ? 'propose' : 'review';
}

function cancelled(operation: Operation, by: Actor, now: number): ChangeResult {
  if (isTerminal(operation)) return { ok: false, reason: `It has ended already: ${operation.state}.` };
  if (operation.state === 'unknown') return given(operation, by, now);
  if (operation.cancelRequestedAt !== undefined)
    return { ok: false, reason: 'It is stopping already, after the current step.' };
  const marked = { ...operation, cancelledBy: by, cancelRequestedAt: now };
  if (operation.state === 'running') return { ok: true, operation: marked };
  const summary = `Cancelled by <@${by.userId}>. Nothing was touched.`;
  return {
    ok: true,
    operation: {
      ...marked,
      state: 'cancelled',
      token: undefined,
      conclusion: { at: now, summary, next: [] },
    },
  };
}

/** Reading did not settle it: a person who has looked for themselves may end it, and so let the cluster go. */
function given(operation: Operation, by: Actor, now: number): ChangeResult {
  if (operation.waitsForPerson === undefined)
    return { ok: false, reason: 'An act began and its end was not seen: the target is being read.' };
  const summary = `Closed by <@${by.userId}>. Whether the last act was done was never seen: ${operation.waitsForPerson}`;
  const next = ['`/etcd diagnose` shows the state now; propose again what is still needed.'];
  const conclusion = { at: now, summary, next };
  const ended = { state: 'failed' as const, cancelledBy: by, cancelRequestedAt: now, conclusion };
  return { ok: true, operation: { ...operation, ...ended } };
}
