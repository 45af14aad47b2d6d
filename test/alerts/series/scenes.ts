import type { MemberCounters, MemberStatus, Snapshot } from '../../../src/domain/snapshot.js';
import { noise } from '../../domain/alerting/sizes.js';
import {
  endpointOf,
  GIB,
  healthy,
  healthyMetrics,
  healthyStatus,
  IDS,
  MIB,
  MINUTE,
  NOW,
  read,
} from '../../facts.js';
import { took } from '../look.js';

/** What one member tells at one minute. */
export interface Told {
  readonly sizeBytes: number;
  readonly inUseBytes: number | null;
  /** Minute at which its process began: its counters began at zero then. */
  readonly startedAt?: number;
  readonly quotaBytes?: number;
}

export type Member = (minute: number, member: number) => Told;

/** A sample of every minute for so long; `clock`: what the monitor's own clock adds, milliseconds. */
export function* scene(
  minutes: number,
  member: Member,
  clock: (minute: number) => number = () => 0,
): Generator<Snapshot> {
  for (let minute = 0; minute < minutes; minute += 1) {
    const at = NOW + minute * MINUTE + clock(minute);
    yield sample(
      minute,
      at,
      [0, 1, 2].map((index) => member(minute, index)),
    );
  }
}

/** A sample of every seventh minute, which meets every part of a saw-tooth of five. */
export function* sparse(minutes: number, member: Member): Generator<Snapshot> {
  for (let minute = 0; minute < minutes; minute += 7)
    yield sample(
      minute,
      NOW + minute * MINUTE,
      [0, 1, 2].map((index) => member(minute, index)),
    );
}

/** Kubernetes compacts every five minutes. */
const COMPACT_EVERY = 5;

function sample(minute: number, at: number, members: readonly Told[]): Snapshot {
  const base = healthy();
  const revision = 1_000_000 + minute * 300;
  const status = members.map((told, index) => ({
    endpoint: endpointOf(index),
    fact: known(statusOf(told, index, minute), at),
  }));
  const metrics = members.map((told, index) => ({
    endpoint: endpointOf(index),
    fact: known(metricsOf(told, minute, revision), at),
  }));
  return { ...base, at, facts: { ...base.facts, status: known(status, at), metrics: known(metrics, at) } };

  function known<T>(value: T, when: number) {
    return { ...read(value), at: when };
  }
}

function statusOf({ sizeBytes, inUseBytes }: Told, member: number, minute: number): MemberStatus {
  const raftIndex = 1_398_210 + minute * 300;
  return { ...healthyStatus(IDS[member] ?? ''), sizeBytes, inUseBytes, raftIndex, appliedIndex: raftIndex };
}

function metricsOf(
  { sizeBytes, inUseBytes, startedAt = -40 * 1440, quotaBytes = 2 * GIB }: Told,
  minute: number,
  revision: number,
) {
  const compactedAt = Math.floor(minute / COMPACT_EVERY) * COMPACT_EVERY;
  return {
    ...healthyMetrics(),
    quotaBytes,
    sizeBytes,
    inUseBytes,
    currentRevision: revision,
    compactRevision: 1_000_000 + (compactedAt - COMPACT_EVERY) * 300,
    lastCompactionAt: compactedAt >= startedAt ? NOW + compactedAt * MINUTE : null,
    processStartedAt: NOW + startedAt * MINUTE,
    counters: countersOf(minute - startedAt),
  };
}

/** Of a process that has run for so many minutes. */
function countersOf(ran: number): MemberCounters {
  const quick = took([ran * 600, 0.01]);
  return {
    hasLeader: true,
    leaderChanges: 1,
    proposalsFailed: 0,
    proposalsPending: 0,
    slowApplies: 0,
    peerSendFailures: 0,
    requests: { handled: ran * 600, failed: 0 },
    walFsync: quick,
    backendCommit: quick,
    peerRoundTrip: quick,
    unaryRequests: quick,
    openFiles: 120,
    mostOpenFiles: 1000,
  };
}

/** What is in use, MiB: a tooth of 30 between compactions, a swing of 60 over the day, and some noise. */
export function inUseMib(minute: number, member: number, baseMib: number): number {
  const tooth = ((minute % COMPACT_EVERY) / COMPACT_EVERY) * 30;
  const day = 60 * Math.sin((minute / 1440) * 2 * Math.PI);
  return baseMib + tooth + day + 5 * noise(minute * 3 + member);
}

/** The file is of one size for long: what is freed is used again. */
export function steady(baseMib: number, fileMib: number): Member {
  return (minute, member) => ({
    sizeBytes: fileMib * MIB,
    inUseBytes: Math.min(fileMib, inUseMib(minute, member, baseMib)) * MIB,
  });
}

/** What is in use grows by so much an hour, and the file with its peaks. */
export function leaking(baseMib: number, fileMib: number, mibPerHour: number): Member {
  return (minute, member) => {
    const grown = (minute / 60) * mibPerHour;
    return {
      sizeBytes: Math.max(fileMib, baseMib + 80 + grown) * MIB,
      inUseBytes: (inUseMib(minute, member, baseMib) - 60 + 10 * noise(minute) + grown) * MIB,
    };
  };
}
