import type { Actor } from '../domain/actor.js';
import type { Cluster } from '../domain/cluster.js';
import { no, type Verdict } from '../domain/errors.js';
import type { Operation } from '../domain/operation.js';
import type { Log } from '../domain/ports.js';
import { accessTo, authorise } from '../engine/authorise.js';
import { cancel, type CancelDeps } from '../engine/cancel.js';
import { heldNow, mayReview } from '../engine/may-review.js';
import { review, type ReviewDeps } from '../engine/review.js';
import { refused, said, type Reply } from './asking.js';
import { decisionMessage } from './blocks/decision.js';
import { detailsMessage } from './blocks/details.js';
import { peopleIn } from './blocks/people.js';
import { refusalMessage } from './blocks/refusal.js';
import { reviewModal, type ReviewAct } from './blocks/review-modal.js';
import { guarded } from './guarded.js';

export interface DecideDeps extends ReviewDeps, CancelDeps {
  readonly clock: ReviewDeps['clock'];
  readonly clusters: readonly Cluster[];
  readonly log: Log;
}

/** A click on an operation's card, or a submitted review. */
export interface Decision {
  readonly operationId: string;
  readonly actor: Actor;
  readonly channel: string | null;
  readonly reason?: string | undefined;
  /** What was typed to confirm that everybody stands still; undefined where nothing was asked. */
  readonly typedCluster?: string | undefined;
}

export type Act = ReviewAct | 'cancel' | 'details';

/** The buttons of a card; `review` is an approval with its reason. */
export type CardButton = Act | 'review';

interface Case {
  readonly decision: Decision;
  readonly operation: Operation;
  readonly cluster: Cluster;
}

/** A click: a form where it takes more than a click, and the decision itself where not. */
export async function clicked(deps: DecideDeps, button: CardButton, decision: Decision): Promise<Reply> {
  return guarded(deps, async () => {
    const act = button === 'review' ? 'approve' : button;
    const found = await caseOf(deps, decision);
    if (!found) return unknown(deps, act, decision);
    return (await formFor(deps, button, found)) ?? decideOn(deps, act, found);
  });
}

/** A decision as such: that of a click, or of a form that came back. */
export async function decide(deps: DecideDeps, act: Act, decision: Decision): Promise<Reply> {
  return guarded(deps, async () => {
    const found = await caseOf(deps, decision);
    return found ? decideOn(deps, act, found) : unknown(deps, act, decision);
  });
}

/** What has become of it, for the one who decided: a no with its reason, or what their decision counts. */
async function decideOn(deps: DecideDeps, act: Act, found: Case): Promise<Reply> {
  if (act === 'details') return details(deps, found);
  const { cluster, decision, operation } = found;
  const verdict = act === 'cancel' ? await cancel(deps, cluster, decision) : await reviewed(deps, act, found);
  if (verdict.ok) return said(decisionMessage(verdict.value, act));
  return said(refusalMessage(verdict.reason, verdict.instead, await peopleNow(deps, operation)));
}

const GONE = no('This operation is not known any more.', ['`/etcd operations` lists the others.']);

/** An id that is made up, or whose cluster is gone from the configuration: whoever tries is written down. */
async function unknown(deps: DecideDeps, act: Act, decision: Decision): Promise<Reply> {
  await noteRefused(deps, { act, decision, because: GONE.reason });
  return refused(GONE);
}

interface RefusedClick {
  readonly act: Act;
  readonly decision: Decision;
  readonly because: string;
  readonly operation?: Operation;
}

async function noteRefused({ audit, clock }: DecideDeps, refusedClick: RefusedClick): Promise<void> {
  const { act, decision, because, operation } = refusedClick;
  await audit.record({
    at: clock.now(),
    event: 'operation.click-refused',
    who: decision.actor.userId,
    operation: decision.operationId,
    ...(operation && { cluster: operation.plan.cluster, planHash: operation.planHash }),
    detail: { verdict: act, refused: because },
  });
}

async function caseOf(deps: DecideDeps, decision: Decision): Promise<Case | null> {
  const operation = await deps.operations.load(decision.operationId);
  const cluster = deps.clusters.find(({ name }) => name === operation?.plan.cluster);
  return operation && cluster ? { decision, operation, cluster } : null;
}

/**
 * A denial and an emergency need their reason, a standstill its confirmation, and whoever wants to may say why. Who may
 * not review gets no form: the engine says why, and writes it down.
 */
async function formFor(deps: DecideDeps, button: CardButton, found: Case): Promise<Reply> {
  const { operation, cluster, decision } = found;
  if (button === 'cancel' || button === 'details' || operation.state !== 'pending') return null;
  if (button === 'approve' && operation.plan.standstill === null) return null;
  const act = button === 'review' ? 'approve' : button;
  const { operationId, actor, channel } = decision;
  const verdict = act === 'deny' ? 'deny' : 'approve';
  const request = { operationId, actor, channel, verdict, emergency: act === 'emergency' } as const;
  if (await heldNow(deps, cluster, request)) return null;
  const may = await mayReview(deps, cluster, { ...request, operation });
  if (!may.ok) return null;
  const otherwise = refusalMessage('Slack did not open the form.', ['Press the button once more.']);
  return { kind: 'form', view: reviewModal(operation, act, channel === null), otherwise };
}

async function details(deps: DecideDeps, { decision, operation, cluster }: Case): Promise<Reply> {
  const { actor, channel } = decision;
  const allowed = await authorise(deps, accessTo(cluster, { actor, right: 'read', channel }));
  if (allowed.ok) return said(detailsMessage(operation));
  await noteRefused(deps, { act: 'details', decision, because: allowed.reason, operation });
  return refused(allowed);
}

function reviewed(
  deps: DecideDeps,
  act: ReviewAct,
  { decision, operation, cluster }: Case,
): Promise<Verdict<Operation>> {
  const { operationId, actor, channel, reason, typedCluster } = decision;
  return review(deps, cluster, {
    operationId,
    actor,
    channel,
    reason,
    verdict: act === 'deny' ? 'deny' : 'approve',
    standstillConfirmed: typedCluster?.trim() === operation.plan.cluster,
    emergency: act === 'emergency' ? true : undefined,
  });
}

/** A refusal tells how it stands now, and may name who decided meanwhile. */
async function peopleNow({ operations }: DecideDeps, { id }: Operation): Promise<readonly string[]> {
  const operation = await operations.load(id);
  return operation ? peopleIn(operation) : [];
}
