import { compactionSigns, type CompactionSigns } from '../compaction.js';
import { valueOf } from '../fact.js';
import { membersOf } from '../members.js';
import { momentUtc } from '../moment.js';
import { metricsOf, names } from '../readings.js';
import type { Snapshot } from '../snapshot.js';
import { duration, grouped } from '../units.js';
import type { CronJobPace } from './facts.js';
import { partOf } from './words.js';

/* What fills a database: history that nothing compacts, and who writes it. */

/** History is what fills it where it outweighs the living keys; without their number, from so many revisions on. */
const MOSTLY_HISTORY = 3;
export const MUCH_HISTORY = 10_000;

/** Fewer pods an hour fill nothing. */
export const MANY_PODS_PER_HOUR = 60;
const MOST_NAMED = 3;

/** A claim with what it rests on; null words: not known, and `evidence` says why. */
export interface Claim {
  readonly words: string | null;
  readonly confidence: 'certain' | 'likely' | 'unknown';
  readonly evidence: string;
}

/** That nothing compacts what was written; `live`: it is not history that fills it. */
export function historyClaim(snapshot: Snapshot): Claim & { readonly live: boolean } {
  const views = membersOf(snapshot);
  const signs = compactionSigns(snapshot, views);
  if (!signs) return { ...unknown('no member says how far it is compacted'), live: false };
  const keys = liveKeysOf(snapshot);
  const count = `${grouped(signs.history)} revisions since the last compaction`;
  const evidence = keys === null ? count : `${count} for ${grouped(keys)} live keys`;
  const fills = keys === null ? signs.history >= MUCH_HISTORY : signs.history >= MOSTLY_HISTORY * keys;
  if (fills) return { words: uncompacted(snapshot, signs), confidence: 'certain', evidence, live: false };
  return { words: 'it holds more live data than history', confidence: 'likely', evidence, live: true };
}

function liveKeysOf(snapshot: Snapshot): number | null {
  const counts = [
    ...metricsOf(membersOf(snapshot)).map(({ value }) => value.liveKeys),
    valueOf(snapshot.facts['live-keys']) ?? null,
  ].filter((count) => count !== null);
  const most = Math.max(0, ...counts);
  return most === 0 ? null : most;
}

function uncompacted(snapshot: Snapshot, { everCompacted, age }: CompactionSigns): string {
  if (!everCompacted) return 'nothing was ever compacted';
  const told = [age === null ? null : snapshot.at - age, snapshot.past?.compactedAt ?? null];
  const last = Math.max(...told.filter((at) => at !== null));
  if (!Number.isFinite(last)) return 'its history was not compacted for long';
  return snapshot.at - last < 60_000
    ? 'compactions do not keep up'
    : `nothing was compacted since ${momentUtc(last, snapshot.at)}`;
}

/** That CronJobs write it; a likely story, never a certain one: nobody has watched them write. Null: nobody asked. */
export function cronJobsClaim(snapshot: Snapshot): Claim | null {
  const fact = snapshot.facts['cron-jobs'];
  if (!fact) return null;
  if (!fact.known) return unknown(`CronJobs could not be read (${partOf(fact.reason)})`);
  const total = podsPerHourOf(fact.value);
  if (total < MANY_PODS_PER_HOUR)
    return unknown(`CronJobs start only ${grouped(total)} pods an hour; \`/etcd churn\` shows who writes`);
  const words = `CronJobs ${busiestNames(fact.value)} start ${grouped(total)} pods an hour`;
  const each = busiest(fact.value)
    .slice(0, MOST_NAMED)
    .map(({ namespace, name, podsPerHour }) => `${namespace}/${name} ${grouped(podsPerHour)}`);
  const counted = fact.value.some(({ basis, podsPerHour }) => basis === 'counted' && podsPerHour > 0);
  const basis = counted ? 'counted from their Jobs of the last hour' : 'by their schedules';
  return { words, confidence: 'likely', evidence: `Pods an hour, ${basis}: ${each.join(', ')}` };
}

export function podsPerHourOf(paces: readonly CronJobPace[]): number {
  return paces.reduce((sum, { podsPerHour }) => sum + podsPerHour, 0);
}

export function busiest(paces: readonly CronJobPace[]): readonly CronJobPace[] {
  return paces.filter(({ podsPerHour }) => podsPerHour > 0).toSorted((a, b) => b.podsPerHour - a.podsPerHour);
}

/** `report, cleanup and sync`, `report, cleanup, sync and 4 more`. */
export function busiestNames(paces: readonly CronJobPace[]): string {
  const all = busiest(paces).map(({ name }) => (name.length > 40 ? `${name.slice(0, 39)}…` : name));
  const more = all.length - MOST_NAMED;
  return names(more > 0 ? [...all.slice(0, MOST_NAMED), `${more} more`] : all);
}

/** Since when it is full, in words; a moment that was seen, not when it began. */
export function fullSince(snapshot: Snapshot): string {
  const since = snapshot.past?.fullSince ?? null;
  if (since === null) return 'is over its quota (since when is not known)';
  return `is over its quota since ${momentUtc(since, snapshot.at)}, for ${duration(minutes(snapshot.at - since))}`;
}

function minutes(ms: number): number {
  return ms < 60_000 ? Math.max(0, ms) : Math.floor(ms / 60_000) * 60_000;
}

function unknown(evidence: string): Claim {
  return { words: null, confidence: 'unknown', evidence };
}
