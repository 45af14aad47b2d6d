import type { Actor } from '../domain/actor.js';
import type { Cluster } from '../domain/cluster.js';
import type { Verdict } from '../domain/errors.js';
import type { Operation } from '../domain/operation.js';
import { accessTo, authorise } from '../engine/authorise.js';
import { cancel, type CancelDeps } from '../engine/cancel.js';
import { review, type ReviewDeps } from '../engine/review.js';
import { detailsMessage } from './blocks/details.js';
import { refusalMessage } from './blocks/refusal.js';
import { guarded, type DispatchDeps, type Reply } from './dispatch.js';

export interface DecideDeps extends ReviewDeps, CancelDeps, Pick<DispatchDeps, 'log'> {
  readonly clusters: readonly Cluster[];
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

export type Act = 'approve' | 'deny' | 'cancel' | 'details';

/** A refusal for the one who clicked, or null: the card shows what has become of it. */
export async function decide(deps: DecideDeps, act: Act, decision: Decision): Promise<Reply> {
  return guarded(deps, async () => {
    const operation = await deps.operations.load(decision.operationId);
    const cluster = deps.clusters.find(({ name }) => name === operation?.plan.cluster);
    if (!operation || !cluster)
      return refusalMessage('This operation is not known any more.', [
        '`/etcd operations` lists the others.',
      ]);
    if (act === 'details') return details(deps, cluster, { decision, operation });
    const verdict =
      act === 'cancel'
        ? await cancel(deps, cluster, decision)
        : await reviewed(deps, cluster, { act, decision, operation });
    return verdict.ok ? null : refusalMessage(verdict.reason, verdict.instead);
  });
}

interface Looking {
  readonly decision: Decision;
  readonly operation: Operation;
}

async function details(deps: DecideDeps, cluster: Cluster, { decision, operation }: Looking): Promise<Reply> {
  const { actor, channel } = decision;
  const allowed = await authorise(deps, accessTo(cluster, { actor, right: 'read', channel }));
  return allowed.ok ? detailsMessage(operation) : refusalMessage(allowed.reason, allowed.instead);
}

interface Reviewing {
  readonly act: 'approve' | 'deny';
  readonly decision: Decision;
  readonly operation: Operation;
}

function reviewed(
  deps: DecideDeps,
  cluster: Cluster,
  { act, decision, operation }: Reviewing,
): Promise<Verdict<Operation>> {
  const { operationId, actor, channel, reason, typedCluster } = decision;
  const standstillConfirmed = typedCluster?.trim() === operation.plan.cluster;
  return review(deps, cluster, { operationId, actor, channel, reason, verdict: act, standstillConfirmed });
}
