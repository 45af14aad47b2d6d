import type { Cluster } from '../domain/cluster.js';
import type { Collector, ReachableMember, Reach } from '../domain/collector.js';
import { TargetError } from '../domain/errors.js';
import { known, unknown, valueOf, type Fact } from '../domain/fact.js';
import type { Access, Clock, KubernetesAccess, SampleStore } from '../domain/ports.js';
import type { EndpointFact, Facts, FactName, FactValues, Snapshot } from '../domain/snapshot.js';
import { entryOf, type Catalogue } from './catalogue.js';

/** A fact that is not read by then is unknown: the whole answer has to be there within two seconds. */
const FACT_DEADLINE_MS = 1500;
const ANSWER_WITHIN_MS = 1900;
const LEAST_DEADLINE_MS = 350;

export interface CollectDeps {
  readonly access: Access;
  /** Absent: no cluster of this process has one. */
  readonly kubernetes?: KubernetesAccess | undefined;
  readonly samples: SampleStore;
  readonly collectors: Catalogue<Collector>;
  readonly clock: Clock;
}

/** Reads the named facts (and those that they stand on) of one cluster, side by side. Never throws for a target. */
export async function collect(
  deps: CollectDeps,
  cluster: Cluster,
  names: readonly FactName[],
): Promise<Snapshot> {
  const at = deps.clock.now();
  const [pin, lastOwners] = await Promise.all([
    deps.samples.pinned(cluster.name),
    deps.samples.owners(cluster.name),
  ]);
  const pinnedId = cluster.clusterId ?? pin;
  const members = deps.access.reader(cluster).members;
  const kubernetes = deps.kubernetes?.reader(cluster.name) ?? null;
  const reading = new Map<FactName, Promise<Fact<unknown>>>();
  const read = (name: FactName): Promise<Fact<unknown>> => {
    const begun = reading.get(name) ?? readFact(name);
    reading.set(name, begun);
    return begun;
  };
  const readFact = async (name: FactName): Promise<Fact<unknown>> => {
    const collector = entryOf(deps.collectors, name);
    const soFar = await gather(collector.after ?? [], read);
    const deadlineMs =
      collector.deadlineMs ?? (collector.after ? timeLeft(deps.clock.now() - at) : FACT_DEADLINE_MS);
    const reach = reachOf(deps, { cluster, members, kubernetes, pinnedId, soFar, deadlineMs });
    return settled(deps.clock, () => collector.read(reach));
  };
  const facts = refuseStrangers(await gather([...new Set(applicable(deps, cluster, names))], read));
  const wanted = { ...(await gather([...reading.keys()], read)), ...facts };
  return pinned(deps, cluster, {
    cluster: cluster.name,
    endpoints: cluster.endpoints,
    configuredQuotaBytes: cluster.quotaBytes,
    pinnedId,
    lastOwners,
    at,
    tookMs: deps.clock.now() - at,
    facts: wanted,
  });
}

/** Without the facts that this cluster does not have by its configuration: nobody is told that they are missing. */
export function applicable(
  { collectors }: Pick<CollectDeps, 'collectors'>,
  cluster: Cluster,
  names: readonly FactName[],
): readonly FactName[] {
  return names.filter((name) => entryOf(collectors, name).appliesTo?.(cluster) ?? true);
}

async function gather(
  names: readonly FactName[],
  read: (name: FactName) => Promise<Fact<unknown>>,
): Promise<Facts> {
  const entries = await Promise.all(names.map(async (name) => [name, await read(name)] as const));
  return Object.fromEntries(entries);
}

/** Facts that stand on others share what one stopped member has left of the time. */
function timeLeft(elapsedMs: number): number {
  return Math.max(LEAST_DEADLINE_MS, ANSWER_WITHIN_MS - elapsedMs);
}

type Here = Pick<Reach, 'cluster' | 'kubernetes' | 'pinnedId' | 'soFar' | 'deadlineMs'> & {
  readonly members: readonly ReachableMember[];
};

function reachOf(deps: CollectDeps, here: Here): Reach {
  const each = <T>(read: (member: ReachableMember) => Promise<T>): Promise<readonly EndpointFact<T>[]> =>
    Promise.all(
      here.members.map(async (member) => ({
        endpoint: member.endpoint,
        fact: await settled(deps.clock, () => read(member)),
      })),
    );
  return { ...here, now: deps.clock.now(), each };
}

/** A target's failure becomes an unknown fact; a bug stays a bug. */
async function settled<T>(clock: Clock, read: () => Promise<T>): Promise<Fact<T>> {
  const at = clock.now();
  try {
    const value = await read();
    return known(value, at, clock.now() - at);
  } catch (error) {
    if (!(error instanceof TargetError)) throw error;
    return unknown(error.code, error.message, at, clock.now() - at);
  }
}

/** What a member of another cluster says of itself is no fact of this one. */
function refuseStrangers(facts: Facts): Facts {
  const strangers = new Map<string, EndpointFact<unknown>['fact']>();
  for (const { endpoint, fact } of valueOf(facts.status) ?? []) {
    if (!fact.known && fact.code === 'wrong-cluster') strangers.set(endpoint, fact);
  }
  const metrics = facts.metrics;
  if (strangers.size === 0 || !metrics?.known) return facts;
  const value = metrics.value.map((entry) => {
    const refused = strangers.get(entry.endpoint);
    return refused ? ({ endpoint: entry.endpoint, fact: refused } as (typeof metrics.value)[number]) : entry;
  });
  return { ...facts, metrics: { ...metrics, value } };
}

/** Binds the name to the id at first contact. Another process may have been faster, with another answer. */
async function pinned(deps: CollectDeps, cluster: Cluster, snapshot: Snapshot): Promise<Snapshot> {
  if (snapshot.pinnedId !== null) return snapshot;
  const id = (valueOf(snapshot.facts.status) ?? []).flatMap(({ fact }) =>
    fact.known ? [fact.value.clusterId] : [],
  )[0];
  if (id === undefined) return snapshot;
  const bound = await deps.samples.pin(cluster.name, id);
  return bound === id
    ? { ...snapshot, pinnedId: id }
    : collect(deps, cluster, Object.keys(snapshot.facts) as FactName[]);
}

/** The facts with the last reading of the metrics, where they were not read now: a quota changes only at a restart. */
export function withLastMetrics(snapshot: Snapshot, sample: Snapshot | null): Snapshot {
  const metrics: Fact<FactValues['metrics']> | undefined = sample?.facts.metrics;
  if (snapshot.facts.metrics || !metrics || sample?.pinnedId !== snapshot.pinnedId) return snapshot;
  return { ...snapshot, facts: { ...snapshot.facts, metrics } };
}
