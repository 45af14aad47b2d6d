import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { startEtcd, type LocalEtcd } from '../../../infra/local/etcd.js';
import { fillUntilFull, startWriter } from '../../../infra/local/fill.js';
import { calicoEntry } from '../../../infra/local/calico.js';
import { until } from '../../../infra/local/until.js';

let etcd: LocalEtcd;

async function recover(): Promise<void> {
  const status = JSON.parse(await etcd.etcdctl('endpoint', 'status', '-w', 'json')) as {
    Status: { header: { revision: number } };
  }[];
  await etcd.etcdctl('compact', '--physical', String(status[0]!.Status.header.revision));
  for (const endpoint of etcd.endpoints) await etcd.etcdctl(`--endpoints=${endpoint}`, 'defrag');
  await etcd.etcdctl('alarm', 'disarm');
}

describe('filling a cluster', () => {
  beforeEach(async () => {
    etcd = await startEtcd({ version: '3.4', members: 3, quotaBytes: 16 << 20 });
  });

  afterEach(() => etcd.stop());

  it('ends with the alarm of a full database, and few keys', async () => {
    const { writes, refusedWith } = await fillUntilFull(etcd.endpoints, { keys: 10, valueBytes: 65_536 });
    expect(writes).toBeGreaterThan(100);
    expect(refusedWith).toContain('database space exceeded');
    expect(await etcd.etcdctl('alarm', 'list')).toContain('alarm:NOSPACE');
    const keys = await etcd.etcdctl('get', '/calico/', '--prefix', '--keys-only');
    expect(keys.split('\n').filter(Boolean)).toHaveLength(10);
  });

  it('makes a writer fail, which recovers by itself with the cluster', async () => {
    const writer = startWriter(etcd.endpoints, { writesPerSecond: 100, valueBytes: 1_000 });
    await until(() => writer.stats().writes > 10, { what: 'the writer has written' });
    await fillUntilFull(etcd.endpoints, { valueBytes: 65_536 });
    await until(() => writer.stats().refused > 1, { what: 'the writer is refused' });
    expect(writer.stats().lastError).toContain('database space exceeded');
    await recover();
    const before = writer.stats().writes;
    await until(() => writer.stats().writes > before + 10, { what: 'the writer writes again' });
    await writer.stop();
  });
});

describe("Calico's entries", () => {
  it.each([0, 1])('are JSON of the size asked for (%i)', (index) => {
    const { key, value } = calicoEntry(index, 4_096);
    expect(key).toMatch(
      /^\/calico\/ipam\/v2\/(handle\/k8s-pod-network\.\w{64}|assignment\/ipv4\/block\/10-0-0-0-26)$/,
    );
    expect(value).toHaveLength(4_096);
    expect(JSON.parse(value)).toMatchObject({ deleted: false });
  });
});
