import { valueOf } from '../fact.js';
import type { ByteRange, MemberBytes, MemberPause, Plan } from '../plan.js';
import { historyOf } from '../readings.js';
import type { Pace } from '../runbook.js';
import type { Snapshot } from '../snapshot.js';
import { grouped } from '../units.js';
import { isFull } from './alarms.js';
import type { Ground } from './ground.js';
import type { ReadMember } from './voters.js';

/** What a defragmentation copies, bytes a second: observed from 60 to 300 MB/s; the slow side of the middle. */
const COPY_BYTES_PER_SECOND = 100_000_000;
const LEAST_PAUSE_MS = 1000;

/** What is done before: a compaction lets the history go, which else comes along. */
export type Beforehand = 'compaction' | 'nothing';

/** What comes of defragmenting these members, one after the other. */
export function expectedOf(
  { snapshot, setting }: Ground,
  members: readonly ReadMember[],
  beforehand: Beforehand,
): Plan['expected'] {
  const bytesByMember = members.map((member) => partOf(snapshot, member, beforehand));
  return {
    bytesBack: { ...sumOf(bytesByMember), basis: basisOf(snapshot, members, beforehand) },
    bytesByMember,
    pauses: members.map((member, index) => pauseOf(member, bytesByMember[index], setting.pace)),
    pauseBasis: members.length === 0 ? null : pauseBasis(setting.pace),
  };
}

function sumOf(parts: readonly MemberBytes[]): Omit<ByteRange, 'basis'> {
  return {
    lowBytes: parts.reduce((sum, part) => sum + part.lowBytes, 0),
    highBytes: parts.reduce((sum, part) => sum + part.highBytes, 0),
  };
}

function partOf(snapshot: Snapshot, member: ReadMember, beforehand: Beforehand): MemberBytes {
  const [low, high] =
    beforehand === 'compaction' ? afterCompaction(snapshot, member) : asItIs(snapshot, member);
  return {
    memberId: member.id,
    name: member.label,
    lowBytes: Math.round(low),
    highBytes: Math.round(high),
  };
}

type Bounds = readonly [low: number, high: number];

/** In-use size counts history as used, so its share is judged by numbers: live keys against versions that are kept. */
function afterCompaction(snapshot: Snapshot, member: ReadMember): Bounds {
  const { sizeBytes } = member.status.value;
  const inUse = inUseOf(member) ?? sizeBytes;
  const free = Math.max(0, sizeBytes - inUse);
  const live = liveShare(snapshot, member);
  if (live === null) return [free, sizeBytes];
  const history = inUse * (1 - live);
  return [free + history / 2, free + history];
}

/** The free space in the file. Under NOSPACE etcd keeps the old size in use, so there may be more. */
function asItIs(snapshot: Snapshot, member: ReadMember): Bounds {
  const { sizeBytes } = member.status.value;
  const inUse = inUseOf(member);
  const free = inUse === null ? 0 : Math.max(0, sizeBytes - inUse);
  return [free, inUse === null || isFull(snapshot) ? sizeBytes : free];
}

/** From Status, which has it from etcd 3.4 on, else from the metrics; 0 on the wire means missing. */
export function inUseOf(member: ReadMember): number | null {
  const told = [member.status.value.inUseBytes, valueOf(member.metrics)?.inUseBytes];
  return told.find((bytes) => typeof bytes === 'number' && bytes > 0) ?? null;
}

/** Bytes of live data, as far as numbers of keys and versions tell; null where they are not known. */
export function liveBytes(snapshot: Snapshot, member: ReadMember): number | null {
  const [share, inUse] = [liveShare(snapshot, member), inUseOf(member)];
  return share === null || inUse === null ? null : share * inUse;
}

/** Live keys over all versions that are stored; null where either is not known. */
function liveShare(snapshot: Snapshot, member: ReadMember): number | null {
  const keys = liveKeysOf(snapshot, member);
  const history = historyIn(member);
  if (keys === null || history === null) return null;
  return keys / Math.max(1, Math.max(keys, history));
}

export function liveKeysOf(snapshot: Snapshot, member: ReadMember | undefined): number | null {
  return valueOf(snapshot.facts['live-keys']) ?? valueOf(member?.metrics)?.liveKeys ?? null;
}

/** Revisions since the last compaction; null where the metric is missing. */
export function historyIn(member: ReadMember): number | null {
  const metrics = valueOf(member.metrics);
  return metrics ? historyOf(metrics) : null;
}

function basisOf(snapshot: Snapshot, members: readonly ReadMember[], beforehand: Beforehand): string {
  if (beforehand === 'nothing') return basisAsItIs(snapshot, members);
  const [first] = members;
  const keys = liveKeysOf(snapshot, first);
  const history = first ? historyIn(first) : null;
  if (keys === null || history === null) return 'how much is history could not be read, so the range is wide';
  return `${grouped(keys)} live keys against ${grouped(history)} revisions since the last compaction`;
}

function basisAsItIs(snapshot: Snapshot, members: readonly ReadMember[]): string {
  if (isFull(snapshot))
    return 'under NOSPACE etcd keeps the old size in use until its next write, so the range is wide';
  if (members.some((member) => inUseOf(member) === null))
    return 'not every member says its size in use, so the range is wide';
  return 'the free space inside the files, as the members say';
}

/** Earlier runs are measured by the physical size, which is what their journal holds; the usual pace by what is copied. */
function pauseOf(member: ReadMember, part: MemberBytes | undefined, pace: Pace | null): MemberPause {
  const { sizeBytes } = member.status.value;
  const seconds = pace
    ? sizeBytes / pace.bytesPerSecond
    : (sizeBytes - (part?.lowBytes ?? 0)) / COPY_BYTES_PER_SECOND;
  const pauseMs = Math.max(LEAST_PAUSE_MS, Math.ceil(seconds) * 1000);
  return { memberId: member.id, name: member.label, pauseMs };
}

function pauseBasis(pace: Pace | null): string {
  if (!pace) return 'at a usual 100 MB/s: this cluster has not been defragmented by me yet';
  const runs =
    pace.runs === 1 ? 'an earlier defragmentation' : `${String(pace.runs)} earlier defragmentations`;
  return `as fast as ${runs} of this cluster`;
}
