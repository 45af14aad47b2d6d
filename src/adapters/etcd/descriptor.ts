/**
 * The part of etcd's v3 API that is used here, by field numbers. Our own, since the proto in etcd3 ends before
 * etcd 3.6 (no dbSizeQuota) and names things differently. Fields that a server does not know are left out by it.
 */
const header = { type: 'ResponseHeader', id: 1 };

export const descriptor = {
  nested: {
    etcdserverpb: {
      nested: { ...common(), ...maintenance(), ...keys(), ...clusterAndAuth() },
    },
  },
};

function common() {
  return {
    ResponseHeader: message({ clusterId: u64(1), memberId: u64(2), revision: i64(3), raftTerm: u64(4) }),
    Empty: message({}),
    HeaderOnly: message({ header }),
  };
}

function maintenance() {
  return {
    StatusResponse: message({
      ...{ header, version: text(2), dbSize: i64(3), leader: u64(4), raftIndex: u64(5), raftTerm: u64(6) },
      ...{ raftAppliedIndex: u64(7), errors: many(text(8)), dbSizeInUse: i64(9), isLearner: bool(10) },
      ...{ storageVersion: text(11), dbSizeQuota: i64(12), downgradeInfo: { type: 'DowngradeInfo', id: 13 } },
    }),
    DowngradeInfo: message({ enabled: bool(1), targetVersion: text(2) }),
    AlarmType: { values: { NONE: 0, NOSPACE: 1, CORRUPT: 2 } },
    AlarmAction: { values: { GET: 0, ACTIVATE: 1, DEACTIVATE: 2 } },
    AlarmMember: message({ memberId: u64(1), alarm: { type: 'AlarmType', id: 2 } }),
    AlarmRequest: message({
      action: { type: 'AlarmAction', id: 1 },
      memberId: u64(2),
      alarm: { type: 'AlarmType', id: 3 },
    }),
    AlarmResponse: message({ header, alarms: many({ type: 'AlarmMember', id: 2 }) }),
    SnapshotResponse: message({ header, remainingBytes: u64(2), blob: bytes(3) }),
    MoveLeaderRequest: message({ targetId: u64(1) }),
    Maintenance: service({
      Status: call('Empty', 'StatusResponse'),
      Alarm: call('AlarmRequest', 'AlarmResponse'),
      Defragment: call('Empty', 'HeaderOnly'),
      MoveLeader: call('MoveLeaderRequest', 'HeaderOnly'),
      Snapshot: call('Empty', 'SnapshotResponse', true),
    }),
  };
}

function keys() {
  return {
    KeyValue: message({ key: bytes(1), modRevision: i64(3), version: i64(4), value: bytes(5) }),
    RangeRequest: message({
      ...{ key: bytes(1), rangeEnd: bytes(2), limit: i64(3), revision: i64(4) },
      ...{ serializable: bool(7), keysOnly: bool(8), countOnly: bool(9) },
    }),
    RangeResponse: message({ header, kvs: many({ type: 'KeyValue', id: 2 }), more: bool(3), count: i64(4) }),
    PutRequest: message({ key: bytes(1), value: bytes(2) }),
    DeleteRangeRequest: message({ key: bytes(1) }),
    CompactionRequest: message({ revision: i64(1), physical: bool(2) }),
    // All of it reads: there is no way to write in it here.
    RequestOp: message({ requestRange: { type: 'RangeRequest', id: 1 } }),
    TxnRequest: message({ success: many({ type: 'RequestOp', id: 2 }) }),
    WatchCreateRequest: message({ key: bytes(1), rangeEnd: bytes(2), fragment: bool(8) }),
    WatchRequest: message({ createRequest: { type: 'WatchCreateRequest', id: 1 } }),
    Watch: service({ Watch: call('WatchRequest', 'HeaderOnly', true) }),
    KV: service({
      Txn: call('TxnRequest', 'HeaderOnly'),
      Range: call('RangeRequest', 'RangeResponse'),
      Put: call('PutRequest', 'HeaderOnly'),
      DeleteRange: call('DeleteRangeRequest', 'HeaderOnly'),
      Compact: call('CompactionRequest', 'HeaderOnly'),
    }),
  };
}

function clusterAndAuth() {
  return {
    Member: message({
      ...{
        id: u64(1),
        name: text(2),
        peerUrls: many(text(3)),
        clientUrls: many(text(4)),
        isLearner: bool(5),
      },
    }),
    MemberListRequest: message({ linearizable: bool(1) }),
    MemberListResponse: message({ header, members: many({ type: 'Member', id: 2 }) }),
    Cluster: service({ MemberList: call('MemberListRequest', 'MemberListResponse') }),
    AuthenticateRequest: message({ name: text(1), password: text(2) }),
    AuthenticateResponse: message({ header, token: text(2) }),
    Auth: service({ Authenticate: call('AuthenticateRequest', 'AuthenticateResponse') }),
  };
}

interface Field {
  type: string;
  id: number;
  rule?: 'repeated';
}

function message(fields: Record<string, Field>) {
  return { fields };
}

function service(methods: Record<string, ReturnType<typeof call>>) {
  return { methods };
}

function call(requestType: string, responseType: string, responseStream = false) {
  return { requestType, responseType, responseStream };
}

function many(field: Field): Field {
  return { ...field, rule: 'repeated' };
}

function u64(id: number): Field {
  return { type: 'uint64', id };
}

function i64(id: number): Field {
  return { type: 'int64', id };
}

function text(id: number): Field {
  return { type: 'string', id };
}

function bytes(id: number): Field {
  return { type: 'bytes', id };
}

function bool(id: number): Field {
  return { type: 'bool', id };
}
