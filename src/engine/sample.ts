import type { Cluster } from '../domain/cluster.js';
import { valueOf, type Fact } from '../domain/fact.js';
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
const APART = (Math.sqrt(5) - 1) / 2;

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
  const due = (fact: Fact<unknown> | undefined, everyMs: number): boolean =>
    isDue(fact, now, { everyMs, momentMs: momentOf(cluster.name, everyMs) });
  const metricsRead = due(last?.facts.metrics, deps.metricsIntervalMs);
  const names: readonly FactName[] = [
    ...(['members', 'status'] as const),
    ...(metricsRead ? (['metrics'] as const) : []),
    ...(due(last?.facts.certificates, CERTIFICATES_EVERY_MS) ? (['certificates'] as const) : []),
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

interface Rhythm {
  readonly everyMs: number;
  /** The cluster's own moment within that. */
  readonly momentMs: number;
}

/**
 * At the latest after the interval; but what began together, at a start, does not stay together: each cluster's next
 * turn after half an interval is at its own moment. A clock that went back makes everything due.
 */
function isDue(fact: Fact<unknown> | undefined, now: number, { everyMs, momentMs }: Rhythm): boolean {
  if (!fact || now < fact.at) return true;
  const age = now - fact.at;
  const turn = (at: number): number => Math.floor((at - momentMs) / everyMs);
  return age >= everyMs * NEARLY || (age >= everyMs / 2 && turn(now) > turn(fact.at));
}

/** Spread over the interval by the golden ratio's part, so that names that differ by a number are far apart. */
function momentOf(name: string, everyMs: number): number {
  let hash = 0;
  for (let index = 0; index < name.length; index++) hash = (hash * 31 + name.charCodeAt(index)) >>> 0;
  return ((hash * APART) % 1) * everyMs;
}

/** For the day when an endpoint is silent: who answered there last. */
async function rememberOwners({ samples }: SampleDeps, snapshot: Snapshot): Promise<void> {
  const answered = (valueOf(snapshot.facts.status) ?? []).flatMap(({ endpoint, fact }) =>
    fact.known ? [[endpoint, fact.value.memberId] as const] : [],
  );
  const changed = answered.filter(([endpoint, id]) => snapshot.lastOwners?.[endpoint] !== id);
  if (changed.length > 0) await samples.remember(snapshot.cluster, Object.fromEntries(changed));
}
