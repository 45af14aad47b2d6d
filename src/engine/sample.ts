import type { Cluster } from '../domain/cluster.js';
import { valueOf } from '../domain/fact.js';
import type { FleetStore, SeriesStore } from '../domain/ports.js';
import type { FactName, Snapshot } from '../domain/snapshot.js';
import { collect, type CollectDeps } from './collect.js';
import { alarmsAreYoung, carriedOver } from './carry-over.js';
import { memberSamples } from './member-samples.js';

export interface SampleDeps extends CollectDeps {
  readonly metricsIntervalMs: number;
  readonly series: SeriesStore;
  readonly fleet: FleetStore;
}

export interface Sampled {
  /** As it was saved: with the last reading of what is read more seldom. */
  readonly snapshot: Snapshot;
  /** The metrics were read anew. */
  readonly metricsRead: boolean;
}

const CERTIFICATES_EVERY_MS = 3_600_000;

/** Timers are late by a little: without this share of grace every second reading would wait for one sample more. */
const NEARLY = 0.9;

/**
 * Status every time; metrics more seldom: 160 KB a member, and what they hold changes slowly; certificates once an hour;
 * AlarmList, a raft proposal, once a minute at most, and only where Status can't say what it says.
 */
export async function sample(deps: SampleDeps, cluster: Cluster): Promise<Sampled> {
  const now = deps.clock.now();
  const [last] = await Promise.all([
    deps.samples.newest(cluster.name),
    deps.fleet.markTried(cluster.name, now),
  ]);
  const metricsRead = isDue(last?.facts.metrics, now, deps.metricsIntervalMs);
  const names: readonly FactName[] = [
    ...(['members', 'status'] as const),
    ...(metricsRead ? (['metrics'] as const) : []),
    ...(isDue(last?.facts.certificates, now, CERTIFICATES_EVERY_MS) ? (['certificates'] as const) : []),
    ...(alarmsAreYoung(last, now) ? [] : (['alarms'] as const)),
  ];
  const snapshot = carriedOver(await collect(deps, cluster, names), last);
  await Promise.all([
    deps.samples.save(snapshot),
    deps.series.add(cluster.name, snapshot.at, memberSamples(snapshot, { last, metricsRead })),
    rememberOwners(deps, snapshot),
  ]);
  return { snapshot, metricsRead };
}

/** A clock that went back makes everything due. */
function isDue(fact: { readonly at: number } | undefined, now: number, everyMs: number): boolean {
  return !fact || now - fact.at >= everyMs * NEARLY || now < fact.at;
}

/** For the day when an endpoint is silent: who answered there last. */
async function rememberOwners({ samples }: SampleDeps, snapshot: Snapshot): Promise<void> {
  const answered = (valueOf(snapshot.facts.status) ?? []).flatMap(({ endpoint, fact }) =>
    fact.known ? [[endpoint, fact.value.memberId] as const] : [],
  );
  const changed = answered.filter(([endpoint, id]) => snapshot.lastOwners?.[endpoint] !== id);
  if (changed.length > 0) await samples.remember(snapshot.cluster, Object.fromEntries(changed));
}
