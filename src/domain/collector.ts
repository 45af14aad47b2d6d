import { TargetError } from './errors.js';
import { valueOf } from './fact.js';
import type { Cluster } from './cluster.js';
import type { KubernetesReader } from './kubernetes/ports.js';
import type { MemberReader, WriteProber } from './ports.js';
import type { EndpointFact, Facts, FactName, FactValues } from './snapshot.js';

/** Reads one fact, through ports only. Dumb on purpose: judgement belongs to checks. */
export interface Collector<N extends FactName = FactName> {
  /** Facts that must have been read before this one. */
  readonly after?: readonly FactName[];
  /** Milliseconds that it may take, where that is not what one answer of etcd may take. */
  readonly deadlineMs?: number;
  /** False: this cluster has no such fact, by its configuration; then nobody misses it. */
  appliesTo?(cluster: Cluster): boolean;
  /** Answers the fact's value, or fails with a TargetError, which makes the fact unknown. */
  read(reach: Reach): Promise<FactValues[N]>;
}

export type ReachableMember = MemberReader & WriteProber;

/** What a collector is handed. */
export interface Reach {
  readonly cluster: Cluster;
  readonly members: readonly ReachableMember[];
  /** Null: the configuration names no Kubernetes for this cluster. */
  readonly kubernetes: KubernetesReader | null;
  /** Milliseconds that one call may take. */
  readonly deadlineMs: number;
  /** When the reading begins, milliseconds since the epoch. */
  readonly now: number;
  /** The id that the cluster's name is bound to; null before first contact. */
  readonly pinnedId: string | null;
  /** The facts named in `after`. */
  readonly soFar: Facts;
  /** Asks every member side by side; one that fails makes its own reading unknown, not the others'. */
  each<T>(read: (member: ReachableMember) => Promise<T>): Promise<readonly EndpointFact<T>[]>;
}

/**
 * The members to put a question to, best first: those that answered Status and belong to the cluster; where nobody's
 * Status could be read, those that may only have been refused it. Never one of another cluster.
 */
export function askable(reach: Reach): readonly ReachableMember[] {
  const facts = valueOf(reach.soFar.status) ?? [];
  const having = (fits: (fact: EndpointFact<unknown>['fact']) => boolean): readonly ReachableMember[] =>
    reach.members.filter((member) =>
      facts.some(({ endpoint, fact }) => endpoint === member.endpoint && fits(fact)),
    );
  const answered = having((fact) => fact.known);
  return answered.length > 0 ? answered : having((fact) => !fact.known && fact.code === 'denied');
}

/** The first answer that one of the members gives, asked one after the other. */
export async function firstAnswer<T>(
  members: readonly ReachableMember[],
  read: (member: ReachableMember) => Promise<T>,
): Promise<T> {
  let last: TargetError | null = null;
  for (const member of members) {
    try {
      return await read(member);
    } catch (error) {
      if (!(error instanceof TargetError)) throw error;
      last = error;
    }
  }
  throw last ?? new TargetError('unreachable', 'cluster', 'no member answers');
}

/** For a fact that `appliesTo` lets through only where there is a Kubernetes. */
export function kubernetesOf({ kubernetes, cluster }: Reach): KubernetesReader {
  if (!kubernetes) throw new Error(`${cluster.name} has no Kubernetes, so this fact does not apply to it`);
  return kubernetes;
}
