import { describe, expect, it } from '@jest/globals';
import { statusRpc, type StatusReply } from '../../../src/adapters/etcd/rpc.js';
import { parseStatus } from '../../../src/adapters/etcd/status.js';

const reply: StatusReply = {
  header: {
    clusterId: '14841639068965178418',
    memberId: '10276657743932975437',
    revision: '42',
    raftTerm: '3',
  },
  ...{ version: '3.6.7', dbSize: '4096', leader: '10276657743932975437', raftIndex: '50', raftTerm: '3' },
  ...{ raftAppliedIndex: '49', errors: [], dbSizeInUse: '2048', isLearner: false },
  ...{ storageVersion: '3.6.0', dbSizeQuota: '2147483648' },
};

describe('the answer to Status', () => {
  it('has all its fields from etcd 3.6 on', () => {
    expect(parseStatus(reply)).toEqual({
      ...{ clusterId: '14841639068965178418', memberId: '10276657743932975437', version: '3.6.7' },
      ...{ sizeBytes: 4096, inUseBytes: 2048, quotaBytes: 2 ** 31, leaderId: '10276657743932975437' },
      ...{ learner: false, term: 3, raftIndex: 50, appliedIndex: 49, revision: 42, errors: [] },
    });
  });

  it.each([
    ['no quota told', { version: '3.5.16', dbSizeQuota: '0' }, { quotaBytes: null, inUseBytes: 2048 }],
    ['a quota that is off', { dbSizeQuota: '-1' }, { quotaBytes: -1 }],
    ['no leader', { leader: '0', errors: ['etcdserver: no leader'] }, { leaderId: '0' }],
    ['a learner', { isLearner: true }, { learner: true }],
    [
      'alarms, without the space behind',
      { errors: ['memberID:1 alarm:NOSPACE '] },
      { errors: ['memberID:1 alarm:NOSPACE'] },
    ],
    ['an old version', { version: '3.2.18' }, { inUseBytes: null, appliedIndex: null, errors: null }],
    [
      'a version of no known form',
      { version: 'devel' },
      { inUseBytes: null, appliedIndex: null, errors: null },
    ],
  ])('may have %s', (_what, given, expected) => {
    expect(parseStatus({ ...reply, ...given })).toMatchObject(expected);
  });

  it('is nobody’s without a header', () => {
    expect(parseStatus({ ...reply, header: null })).toBeNull();
  });

  it('is read by field numbers: 9 is the size in use, 11 the storage version, 12 the quota', () => {
    const bytes = Buffer.from([0x48, 0x07, 0x5a, 0x01, 0x33, 0x60, 0x80, 0x01]);
    const read = statusRpc.responseDeserialize(bytes);
    expect(read).toMatchObject({ dbSizeInUse: '7', storageVersion: '3', dbSizeQuota: '128', leader: '0' });
  });
});
