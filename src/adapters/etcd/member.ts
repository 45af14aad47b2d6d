import type { MemberOperator, MemberReader, WriteProber } from '../../domain/ports.js';
import { makeMetricsReader } from '../metrics/reader.js';
import { disarmRequest } from './alarms.js';
import { makeCalls, type Calls } from './calls.js';
import { readCertificates } from './certificates.js';
import { makeReader } from './reader.js';
import { alarmRpc, compactRpc, defragmentRpc, moveLeaderRpc, snapshotRpc } from './rpc.js';
import { makeSession, type Identity } from './session.js';
import { writeProbe } from './write-probe.js';

export interface Connection extends Identity {
  /** Default: the client URL and /metrics. */
  readonly metricsUrl?: string | undefined;
}

export interface Closeable {
  close(): void;
}

/** All that can be done to one member, and one connection to it. */
export function makeMember(endpoint: string, connection: Connection): MemberOperator & Closeable {
  const { reader, calls, close } = connect(endpoint, connection);
  return { ...reader, ...acts(calls), close };
}

/** The same without a way to act: what a process gets that only reads. */
export function makeMemberReader(
  endpoint: string,
  connection: Connection,
): MemberReader & WriteProber & Closeable {
  const { reader, close } = connect(endpoint, connection);
  return { ...reader, close };
}

function connect(endpoint: string, connection: Connection) {
  const session = makeSession(endpoint, connection);
  const calls = makeCalls(endpoint, session);
  const url = connection.metricsUrl ?? new URL('/metrics', endpoint).href;
  const metrics = makeMetricsReader(url, connection.tls);
  const probe: WriteProber = { writeProbe: (deadlineMs) => writeProbe(calls, deadlineMs) };
  function close(): void {
    session.close();
    metrics.close();
  }
  const aside = {
    metrics: metrics.read,
    certificates: (deadlineMs: number) => readCertificates(endpoint, connection.tls, deadlineMs),
  };
  return { reader: { ...makeReader(calls, aside), ...probe }, calls, close };
}

type Acts = Omit<MemberOperator, keyof MemberReader | keyof WriteProber>;

function acts(calls: Calls): Acts {
  return {
    async compact(revision, deadlineMs) {
      await calls.act(compactRpc, { revision, physical: true }, deadlineMs);
    },
    async defragment(deadlineMs) {
      await calls.act(defragmentRpc, {}, deadlineMs);
    },
    async moveLeader(toMemberId, deadlineMs) {
      await calls.act(moveLeaderRpc, { targetId: toMemberId }, deadlineMs);
    },
    async disarm(alarm, deadlineMs) {
      await calls.act(alarmRpc, disarmRequest(alarm), deadlineMs);
    },
    async *snapshot(deadlineMs) {
      for await (const { blob } of calls.stream(snapshotRpc, {}, deadlineMs)) {
        if (blob.length > 0) yield blob;
      }
    },
  };
}
