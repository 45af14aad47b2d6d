import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { startEtcd, type LocalEtcd } from '../../infra/local/etcd.js';
import { until } from '../../infra/local/until.js';
import ipPools from '../../src/collectors/ip-pools.js';
import type { AddressUse } from '../../src/domain/calico/facts.js';
import type { Cluster } from '../../src/domain/cluster.js';
import { TargetError } from '../../src/domain/errors.js';
import type { Fact } from '../../src/domain/fact.js';
import type { CalicoResource, KubernetesReader } from '../../src/domain/ports.js';
import { connect, leaderFirst, ms, type Member } from '../adapters/etcd/support.js';
import { block, blockWith, crd, pool, reservation, type Json } from '../calico.js';
import { makeWriter, type EtcdWriter } from '../etcd-writer.js';
import { makeReader, type Reader } from './calico-stage.js';

const RESOURCES = '/calico/resources/v3/projectcalico.org';
const IPAM = '/calico/ipam/v2';

function blockKey(cidr: string): string {
  return `${IPAM}/assignment/ipv4/block/${cidr.replace('/', '-')}`;
}

function known(fact: Fact<AddressUse> | undefined): AddressUse {
  if (!fact?.known) throw new Error(fact?.reason ?? 'nobody asked for it');
  return fact.value;
}

describe('where the fact applies', () => {
  const kubernetes = { kubeconfig: null, context: null, patienceMs: 180_000 };

  it.each([
    [{ calico: true, kubernetes: null }, true],
    [{ calico: true, kubernetes }, true],
    [{ calico: false, kubernetes }, true],
    [{ calico: false, kubernetes: null }, false],
  ])('%j: %j', (cluster, applies) => {
    expect(ipPools.appliesTo?.(cluster as Cluster)).toBe(applies);
  });
});

describe('Calico’s addresses in etcd 3.4', () => {
  let etcd: LocalEtcd;
  let writer: EtcdWriter;
  let members: Member[];
  let reader: Reader;

  beforeAll(async () => {
    etcd = await startEtcd({ version: '3.4', members: 3 });
    members = connect(etcd);
    writer = makeWriter(etcd.endpoints);
  });

  beforeEach(async () => {
    await etcd.etcdctl('del', '--prefix', '/calico/');
    reader = makeReader(etcd);
  });

  afterEach(() => reader.close());

  afterAll(async () => {
    writer.close();
    members.forEach((member) => member.close());
    await etcd.stop();
  });

  /** All members have what was written: the one that is asked reads its own store. */
  async function settled(): Promise<number> {
    const revision = await newest();
    for (const member of members) {
      await until(async () => (await member.status(ms)).revision >= revision, { what: 'it has caught up' });
    }
    return revision;
  }

  async function newest(): Promise<number> {
    return Math.max(
      ...(await Promise.all(members.map(async (member) => (await member.status(ms)).revision))),
    );
  }

  async function fill(): Promise<void> {
    await writer.put([
      [`${RESOURCES}/ippools/default`, pool('default', '10.0.0.0/24')],
      [`${RESOURCES}/ipreservations/gateways`, reservation('gateways', '10.0.0.128/31')],
      [`${RESOURCES}/nodes/n1`, {}],
      [`${RESOURCES}/nodes/n3`, {}],
      [`${IPAM}/config`, { strict_affinity: false, auto_allocate_blocks: true, maxBlocksPerHost: 8 }],
      [
        blockKey('10.0.0.0/26'),
        block('10.0.0.0/26', 'n1', { 0: { handle: 'h0' }, 1: { handle: 'h1', node: 'n2' } }),
      ],
      [blockKey('10.0.0.64/26'), '{"cidr":"10.0.0.64/26","all'],
      [`${IPAM}/host/n4/ipv4/block/10.0.0.192-26`, { state: 'pending', deleted: 'false' }],
      [`${IPAM}/handle/h0`, { handleID: 'h0', block: { '10.0.0.0/26': 1 }, deleted: false }],
      [`${IPAM}/handle/h1`, {}],
      [`${IPAM}/handle/lost`, {}],
      ['/calico/felix/v2/no-region/host/n1/status', { time: 'now' }],
    ]);
  }

  it('are read whole, at one revision, from one follower', async () => {
    await fill();
    const revision = await settled();
    const use = known(await reader.read());
    expect(use).toMatchObject({
      ...{ source: 'etcd', revision, blocks: 1, borrowed: 1, handles: 3, unreadable: 1, maxBlocksPerNode: 8 },
      suspects: [{ kind: 'handle-without-block', name: 'lost' }],
      pools: [{ name: 'default', capacity: 256, inUse: 2, reserved: 2, free: 252, blocks: 1, freeBlocks: 3 }],
    });
    expect(use.nodes.map(({ node }) => node).sort()).toEqual(['n1', 'n2', 'n3', 'n4']);
    const [leader] = await leaderFirst(members);
    expect(new Set(reader.asked.map(({ endpoint }) => endpoint)).size).toBe(1);
    expect(reader.asked[0]?.endpoint).not.toBe(leader.endpoint);
    expect(new Set(reader.asked.slice(1).map(({ query }) => query.revision))).toEqual(new Set([revision]));
  });

  it('are nothing where Calico has written nothing', async () => {
    expect(known(await reader.read())).toMatchObject({
      pools: [],
      blocks: 0,
      handles: 0,
      nodes: [],
      starving: [],
    });
  });

  it('do not change under way, whatever is written meanwhile', async () => {
    await fill();
    const revision = await settled();
    reader.before = async ({ revision: fixed }) => {
      if (fixed === null) return;
      await writer.put([
        [blockKey('10.0.0.0/26'), blockWith('10.0.0.0/26', 'n1', 64)],
        [blockKey('10.0.0.128/26'), blockWith('10.0.0.128/26', 'n2', 64)],
        [`${IPAM}/handle/late`, {}],
      ]);
    };
    expect(known(await reader.read())).toMatchObject({ revision, blocks: 1, handles: 3, suspectCount: 1 });
    reader.before = () => Promise.resolve();
    await settled();
    expect(known(await reader.read())).toMatchObject({ blocks: 2, handles: 4 });
  });

  it('are begun anew when a compaction takes the revision away', async () => {
    await fill();
    const old = await settled();
    let compacted = 0;
    reader.before = async (query) => {
      if (compacted === 0 && Buffer.from(query.from).toString().startsWith(`${IPAM}/assignment/`)) {
        compacted = await compactAll();
      }
    };
    const use = known(await reader.read());
    expect(use).toMatchObject({ revision: compacted, blocks: 1, handles: 3, suspectCount: 1 });
    expect(compacted).toBeGreaterThan(old);
  });

  it('can’t be read where every attempt is overtaken: so it is said', async () => {
    await fill();
    await settled();
    reader.before = async (query) => {
      if (Buffer.from(query.from).toString().startsWith(`${IPAM}/assignment/`)) await compactAll();
    };
    expect(await reader.read()).toMatchObject({ known: false, code: 'compacted' });
  });

  /** Compacts at the newest revision on all members, after a write that nobody needs. */
  async function compactAll(): Promise<number> {
    await writer.put([['/elsewhere', 'x']]);
    const revision = await settled();
    await members[0]!.compact(revision, ms);
    for (const member of members) {
      await until(() => member.hasCompacted(revision, ms), { what: 'it has compacted' });
    }
    return revision;
  }

  it('come from the next member when one does not answer in time', async () => {
    await fill();
    await settled();
    reader.before = async () => {
      const [, follower, other] = await leaderFirst(members);
      const first = [follower, other].map(({ endpoint }) => endpoint);
      const silent = etcd.members.find(
        ({ clientUrl }) => clientUrl === etcd.endpoints.find((one) => first.includes(one)),
      );
      reader.before = () => Promise.resolve();
      silent!.pause();
    };
    try {
      const use = known(await reader.read());
      expect(use).toMatchObject({ blocks: 1, handles: 3 });
    } finally {
      etcd.members.forEach((member) => member.resume());
    }
  });

  it('of 5,000 blocks and 30,000 leaked handles come in small pages, within the deadline', async () => {
    await writer.put([[`${RESOURCES}/ippools/large`, pool('large', '10.0.0.0/12')]]);
    const cidrs = Array.from(
      { length: 5000 },
      (_, index) => `10.${index >> 10}.${(index >> 2) & 255}.${(index & 3) * 64}/26`,
    );
    await writer.put(
      cidrs.map((cidr, index) => [blockKey(cidr), blockWith(cidr, `node-${String(index % 500)}`, 16)]),
    );
    const name = `k8s-pod-network.${'0123456789abcdef'.repeat(4)}`;
    await writer.put(
      Array.from({ length: 30_000 }, (_, index) => [`${IPAM}/handle/${name}${String(index)}`, { block: {} }]),
    );
    const revision = await settled();
    const begun = performance.now();
    const use = known(await reader.read());
    expect(performance.now() - begun).toBeLessThan(4000);
    // 5000 × 16 of 2^20 addresses.
    expect(use).toMatchObject({
      revision,
      blocks: 5000,
      handles: 30_000,
      suspectCount: 30_000,
      orphanedBlocks: 0,
    });
    expect(use.pools[0]).toMatchObject({ capacity: 2 ** 20, inUse: 80_000, free: 2 ** 20 - 80_000 });
    expect(use.suspects).toHaveLength(50);
    const weights = reader.asked.map(({ page }) =>
      page.entries.reduce((sum, { key, value }) => sum + key.length + value.length, 0),
    );
    expect(Math.max(...weights)).toBeLessThan(1.5 * 1024 ** 2);
  });
});

describe('Calico’s addresses in Kubernetes’ own objects', () => {
  const OBJECTS: Readonly<Record<CalicoResource, readonly Json[]>> = {
    ippools: [crd('default', { cidr: '10.0.0.0/24', nodeSelector: 'all()' })],
    ipreservations: [crd('r', { reservedCIDRs: ['10.0.0.192/31'] })],
    ipamconfigs: [crd('default', { strictAffinity: true, autoAllocateBlocks: true, maxBlocksPerHost: 4 })],
    ipamblocks: [
      crd('10-0-0-0-26', block('10.0.0.0/26', 'n1', { 0: { handle: 'k8s-pod-network.A' } })),
      crd('10-0-0-64-26', { ...blockWith('10.0.0.64/26', 'n2', 5), deleted: true }),
    ],
    blockaffinities: [
      crd('n1-10-0-0-0-26', { node: 'n1', cidr: '10.0.0.0/26', state: 'confirmed', deleted: 'false' }),
      crd('n9-10-0-0-64-26', { node: 'n9', cidr: '10.0.0.64/26', state: 'pending', deleted: 'true' }),
    ],
    ipamhandles: [
      crd('k8s-pod-network.a', { handleID: 'k8s-pod-network.A', block: { '10.0.0.0/26': 1 } }),
      crd('k8s-pod-network.b', { handleID: 'k8s-pod-network.B', block: {} }),
      crd('k8s-pod-network.c', { handleID: 'k8s-pod-network.C', block: {}, deleted: true }),
      crd('broken', {}),
    ],
  };
  const NOBODY = { endpoints: [] } as unknown as LocalEtcd;

  function api(
    fails: Partial<Record<CalicoResource | 'nodes', TargetError>> = {},
  ): Partial<KubernetesReader> {
    return {
      target: 'api:6443',

      async *calico(resource) {
        if (fails[resource]) throw fails[resource];
        for (const one of OBJECTS[resource]) yield [one];
      },

      async *nodes() {
        if (fails.nodes) throw fails.nodes;
        yield [{ name: 'n1' }, { name: 'n2' }] as never;
      },
    };
  }

  const read = (kubernetes: Partial<KubernetesReader>) =>
    makeReader(NOBODY).read({ calico: false }, kubernetes);

  it('are counted the same', async () => {
    const use = known(await read(api()));
    expect(use).toMatchObject({
      ...{ source: 'kubernetes', revision: null, blocks: 1, handles: 2, unreadable: 1, strictAffinity: true },
      ...{ maxBlocksPerNode: 4, notRead: [], starving: [] },
      suspects: [{ kind: 'handle-without-block', name: 'k8s-pod-network.B' }],
      pools: [{ name: 'default', inUse: 1, reserved: 2, free: 253, freeBlocks: 3 }],
    });
    expect(use.nodes.map(({ node }) => node)).toEqual(['n1', 'n2']);
  });

  it('go on without what older Calico lacks, and name what a role lacks', async () => {
    const denied = new TargetError('denied', 'api:6443', 'list ipamconfigs is not allowed');
    const missing = new TargetError('unsupported', 'api:6443', 'no such kind');
    const use = known(await read(api({ ipreservations: missing, ipamconfigs: denied, nodes: denied })));
    expect(use.pools[0]).toMatchObject({ reserved: 0 });
    expect(use.notRead).toEqual([
      'the IPAM configuration (list ipamconfigs is not allowed)',
      'nodes without a block (list ipamconfigs is not allowed)',
    ]);
  });

  it('are not there where Calico has an etcd of its own: the answer says what to set', async () => {
    const fact = await read(api({ ippools: new TargetError('unsupported', 'api:6443', 'no such kind') }));
    expect(fact).toMatchObject({ known: false, code: 'unsupported' });
    expect(fact?.known === false && fact.reason).toContain('set `calico: true`');
  });

  it('are unknown where the blocks may not be read', async () => {
    const denied = new TargetError('denied', 'api:6443', 'list ipamblocks is not allowed');
    expect(await read(api({ ipamblocks: denied }))).toMatchObject({ known: false, code: 'denied' });
  });
});
