import { valueOf } from '../fact.js';
import type { ByteRange, MemberPause } from '../plan.js';
import type { Snapshot } from '../snapshot.js';
import { grouped } from '../units.js';
import { historyOf } from '../readings.js';
import type { ReadMember } from './voters.js';

/** What a defragmentation copies, bytes a second: observed from 60 to 300 MB/s; the slow side of the middle. */
const COPY_BYTES_PER_SECOND = 100_000_000;
const LEAST_PAUSE_MS = 1000;

interface Estimate {
  readonly low: number;
  readonly high: number;
}

/**
 * Bytes that compaction and defragmentation give back, over all members that are defragmented. In-use size counts
 * history as used, so the history's share is judged by numbers: live keys against versions since the last compaction.
 */
export function bytesBack(snapshot: Snapshot, members: readonly ReadMember[]): ByteRange {
  const parts = members.map((member) => partOf(snapshot, member));
  const sum = (pick: (part: Estimate) => number): number =>
    parts.reduce((total, part) => total + pick(part), 0);
  return {
    lowBytes: sum((part) => part.low),
    highBytes: sum((part) => part.high),
    basis: basisOf(snapshot, members),
  };
}

function partOf(snapshot: Snapshot, member: ReadMember): Estimate {
  const { sizeBytes, inUseBytes } = member.status.value;
  const inUse = inUseBytes ?? valueOf(member.metrics)?.inUseBytes ?? sizeBytes;
  const free = Math.max(0, sizeBytes - inUse);
  const live = liveShare(snapshot, member);
  if (live === null) return { low: free, high: sizeBytes };
  const history = inUse * (1 - live);
  return { low: Math.round(free + history / 2), high: Math.round(free + history) };
}

/** Live keys over all versions that are stored; null where either is not known. */
function liveShare(snapshot: Snapshot, member: ReadMember): number | null {
  const keys = valueOf(snapshot.facts['live-keys']) ?? valueOf(member.metrics)?.liveKeys ?? null;
  const history = historyIn(member);
  if (keys === null || history === null) return null;
  return keys / Math.max(1, Math.max(keys, history));
}

/** Revisions since the last compaction; null where the metric is missing. */
export function historyIn(member: ReadMember): number | null {
  const metrics = valueOf(member.metrics);
  return metrics ? historyOf(metrics) : null;
}

function basisOf(snapshot: Snapshot, members: readonly ReadMember[]): string {
  const first = members[0];
  const keys =
    valueOf(snapshot.facts['live-keys']) ?? (first ? valueOf(first.metrics)?.liveKeys : null) ?? null;
  const history = first ? historyIn(first) : null;
  if (keys === null || history === null) return 'how much is history could not be read, so the range is wide';
  return `${grouped(keys)} live keys against ${grouped(history)} revisions since the last compaction`;
}

/** How long clients of each member stand still while it is defragmented: what it has to copy, at a usual pace. */
export function pausesOf(snapshot: Snapshot, members: readonly ReadMember[]): readonly MemberPause[] {
  return members.map((member) => {
    const copied = member.status.value.sizeBytes - partOf(snapshot, member).low;
    const pauseMs = Math.max(LEAST_PAUSE_MS, Math.ceil(copied / COPY_BYTES_PER_SECOND) * 1000);
    return { memberId: member.id, name: member.label, pauseMs };
  });
}
