import { fromJSON } from '@grpc/proto-loader';
import { descriptor } from './descriptor.js';

/** One call of etcd's API, with our own codec. */
export interface Rpc<Request, Reply> {
  readonly path: string;
  readonly requestSerialize: (request: Request) => Buffer;
  readonly responseDeserialize: (bytes: Buffer) => Reply;
}

/** 64-bit numbers are decimal strings: member and cluster ids exceed what a JavaScript number can hold. */
export interface Header {
  readonly clusterId: string;
  readonly memberId: string;
  readonly revision: string;
  readonly raftTerm: string;
}

interface HeaderOnly {
  readonly header: Header | null;
}

/** What a server did not send (older versions lack fields 7 and up) reads as zero, empty or false. */
export interface StatusReply extends HeaderOnly {
  readonly version: string;
  readonly dbSize: string;
  readonly leader: string;
  readonly raftIndex: string;
  readonly raftTerm: string;
  readonly raftAppliedIndex: string;
  readonly errors: readonly string[];
  readonly dbSizeInUse: string;
  readonly isLearner: boolean;
  readonly storageVersion: string;
  readonly dbSizeQuota: string;
}

export interface AlarmRequest {
  readonly action: 'GET' | 'DEACTIVATE';
  readonly memberId?: string;
  readonly alarm?: 'NOSPACE';
}

export interface AlarmReply extends HeaderOnly {
  /** A kind that is newer than our description reads as its number. */
  readonly alarms: readonly { readonly memberId: string; readonly alarm: string | number }[];
}

export interface RangeRequest {
  readonly key: Buffer;
  readonly rangeEnd?: Buffer;
  readonly limit?: number;
  readonly revision?: number;
  readonly serializable?: boolean;
  readonly keysOnly?: boolean;
  readonly countOnly?: boolean;
}

export interface RangeReply extends HeaderOnly {
  readonly kvs: readonly {
    readonly key: Buffer;
    readonly value: Buffer;
    readonly modRevision: string;
    readonly version: string;
  }[];
  readonly more: boolean;
  readonly count: string;
}

export interface MemberListReply extends HeaderOnly {
  readonly members: readonly {
    readonly id: string;
    readonly name: string;
    readonly clientUrls: readonly string[];
    readonly isLearner: boolean;
  }[];
}

type Empty = Record<string, never>;

const definitions = fromJSON(descriptor as Parameters<typeof fromJSON>[0], {
  ...{ longs: String, enums: String, defaults: true },
});

export const statusRpc = rpc<Empty, StatusReply>('Maintenance', 'Status');
export const alarmRpc = rpc<AlarmRequest, AlarmReply>('Maintenance', 'Alarm');
export const defragmentRpc = rpc<Empty, HeaderOnly>('Maintenance', 'Defragment');
export const moveLeaderRpc = rpc<{ targetId: string }, HeaderOnly>('Maintenance', 'MoveLeader');
export const snapshotRpc = rpc<Empty, { readonly blob: Buffer }>('Maintenance', 'Snapshot');
export const rangeRpc = rpc<RangeRequest, RangeReply>('KV', 'Range');
export const putRpc = rpc<{ key: Buffer; value: Buffer }, HeaderOnly>('KV', 'Put');
export const deleteRpc = rpc<{ key: Buffer }, HeaderOnly>('KV', 'DeleteRange');
export const compactRpc = rpc<{ revision: number; physical: boolean }, HeaderOnly>('KV', 'Compact');
/** Their answers stay on the wire: see `wire.ts`. */
export const rawRangeRpc = raw(rangeRpc);
export const rawTxnRpc = raw(
  rpc<{ success: readonly { requestRange: RangeRequest }[] }, HeaderOnly>('KV', 'Txn'),
);
export const rawWatchRpc = raw(
  rpc<{ createRequest: { key: Buffer; rangeEnd: Buffer; fragment: boolean } }, HeaderOnly>('Watch', 'Watch'),
);
export const memberListRpc = rpc<{ linearizable: boolean }, MemberListReply>('Cluster', 'MemberList');
export const authenticateRpc = rpc<{ name: string; password: string }, { readonly token: string }>(
  'Auth',
  'Authenticate',
);

function rpc<Request, Reply>(service: string, name: string): Rpc<Request, Reply> {
  const methods = definitions[`etcdserverpb.${service}`] as Record<string, unknown> | undefined;
  // The descriptor above is what makes these types true.
  return methods?.[name] as Rpc<Request, Reply>;
}

function raw<Request>(typed: Rpc<Request, unknown>): Rpc<Request, Buffer> {
  return { ...typed, responseDeserialize: (bytes) => bytes };
}
