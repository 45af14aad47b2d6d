import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startEtcd, type LocalEtcd } from '../../../infra/local/etcd.js';
import { makeAccess, type Connections } from '../../../src/adapters/etcd/access.js';
import type { Cluster } from '../../../src/domain/cluster.js';
import { ms } from './support.js';

describe('access to clusters', () => {
  let etcd: LocalEtcd;

  beforeAll(async () => {
    etcd = await startEtcd({ version: '3.5', members: 1 });
  });

  afterAll(() => etcd.stop());

  function access(connections: Connections = {}, canOperate = true) {
    return makeAccess({ connections: () => connections, canOperate });
  }

  function cluster(): Cluster {
    return { name: 'prod', endpoints: etcd.endpoints } as unknown as Cluster;
  }

  it('keeps one connection for each endpoint and identity', () => {
    const handed = access({ auth: { username: 'a', password: 'b' } });
    expect(handed.reader(cluster()).members[0]).toBe(handed.reader(cluster()).members[0]);
    expect(handed.operator(cluster()).members[0]).toBe(handed.operator(cluster()).members[0]);
    handed.close();
  });

  it('makes another one when the identity changes', () => {
    let password = 'old';
    const connections = () => ({ auth: { username: 'a', password } });
    const handed = makeAccess({ connections, canOperate: true });
    const before = handed.reader(cluster()).members[0];
    password = 'new';
    expect(handed.reader(cluster()).members[0]).not.toBe(before);
    handed.close();
  });

  it('gives a reader no way to act', () => {
    const [member] = access().reader(cluster()).members;
    expect(Object.keys(member!).sort()).toEqual(
      ...[
        [
          'alarms',
          'certificates',
          'close',
          'countKeys',
          'endpoint',
          'hasCompacted',
          'keyspace',
          'memberList',
          'metrics',
          'status',
          'writeProbe',
        ],
      ],
    );
  });

  it('is a bug to ask for an operator where the role has none', () => {
    expect(() => access({}, false).operator(cluster())).toThrow('This process may not act on prod');
  });

  it('acts under its own identity, or else under the one that reads', async () => {
    const metrics = [etcd.members[0]!.metricsUrl];
    for (const connections of [{ metrics }, { metrics, operateAuth: { username: 'a', password: 'b' } }]) {
      const handed = access(connections);
      const [member] = handed.operator(cluster()).members;
      await member!.defragment(ms);
      expect((await member!.metrics(ms)).defragmentations).toBeGreaterThan(0);
      handed.close();
    }
  });

  it('reads the metrics of the client URL where no other is given', async () => {
    const handed = access();
    const [member] = handed.reader(cluster()).members;
    expect((await member!.metrics(ms)).sizeBytes).toBeGreaterThan(0);
    handed.close();
  });
});
