import type { Actor } from '../domain/actor.js';
import type { Cluster } from '../domain/cluster.js';
import type { Operation } from '../domain/operation.js';
import type { OperationStore } from '../domain/ports.js';
import type { AuthoriseDeps } from './authorise.js';
import { mayReview } from './may-review.js';

export interface WaitingDeps extends AuthoriseDeps {
  readonly operations: OperationStore;
  readonly clusters: readonly Cluster[];
}

export interface Waiting {
  /** Of clusters that belong to the channel in which it was asked. */
  readonly here: readonly Operation[];
  readonly elsewhere: readonly Operation[];
  /** Of so many Slack did not say whether this person may review them. */
  readonly unsure: number;
}

/** Pending operations that this person may review and has not reviewed, the most urgent first. */
export async function waitingFor(
  deps: WaitingDeps,
  { actor, channel }: { readonly actor: Actor; readonly channel: string },
): Promise<Waiting> {
  const open = (await deps.operations.open()).toSorted((a, b) => a.approveBy - b.approveBy);
  const mine: Operation[] = [];
  let unsure = 0;
  for (const operation of open) {
    const may = await waitsFor(deps, operation, actor);
    if (may === null) unsure += 1;
    if (may === true) mine.push(operation);
  }
  const isHere = ({ plan }: Operation): boolean =>
    deps.clusters.some(({ name, channels }) => name === plan.cluster && channels.includes(channel));
  return { here: mine.filter(isHere), elsewhere: mine.filter((operation) => !isHere(operation)), unsure };
}

/** Null: nobody can say now. */
async function waitsFor(deps: WaitingDeps, operation: Operation, actor: Actor): Promise<boolean | null> {
  const cluster = deps.clusters.find(({ name }) => name === operation.plan.cluster);
  const [home] = cluster?.channels ?? [];
  if (!cluster || home === undefined || operation.state !== 'pending') return false;
  if (operation.reviews.some(({ by }) => by.userId === actor.userId && by.teamId === actor.teamId))
    return false;
  const may = await mayReview(deps, cluster, { operation, actor, channel: home, verdict: 'approve' });
  return !may.ok && may.passes === true ? null : may.ok;
}
