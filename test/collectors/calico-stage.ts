import type { LocalEtcd } from '../../infra/local/etcd.js';
import { makeAccess } from '../../src/adapters/etcd/access.js';
import ipPools from '../../src/collectors/ip-pools.js';
import status from '../../src/collectors/status.js';
import type { AddressUse } from '../../src/domain/calico/facts.js';
import type { Cluster } from '../../src/domain/cluster.js';
import type { Collector, ReachableMember } from '../../src/domain/collector.js';
import type { Fact } from '../../src/domain/fact.js';
import type { KeyPage, KeyPageQuery } from '../../src/domain/keyspace.js';
import type { Access, KubernetesReader, SampleStore } from '../../src/domain/ports.js';
import { collect } from '../../src/engine/collect.js';
import { systemClock } from '../../src/adapters/system.js';

export interface Asked {
  readonly endpoint: string;
  readonly query: KeyPageQuery;
  readonly page: KeyPage;
}

export interface Reader {
  read(
    cluster?: Partial<Cluster>,
    kubernetes?: Partial<KubernetesReader>,
  ): Promise<Fact<AddressUse> | undefined>;
  /** Every page that was answered, in order. */
  readonly asked: Asked[];
  /** Called before each page is asked for. */
  before: (query: KeyPageQuery) => Promise<void>;
  close(): void;
}

/** The collector over the real adapter; what it asks is watched on its way. */
export function makeReader(etcd: LocalEtcd): Reader {
  const access = makeAccess({ connections: () => ({}), canOperate: false });
  const reader: Reader = {
    asked: [],
    before: () => Promise.resolve(),
    async read(change = {}, kubernetes) {
      const settings = kubernetes ? { kubeconfig: null, context: null, patienceMs: 180_000 } : null;
      const cluster = { ...CLUSTER, endpoints: etcd.endpoints, kubernetes: settings, ...change } as Cluster;
      const watched: Access = {
        reader: (of) => ({ members: access.reader(of).members.map((member) => watching(member, reader)) }),
        operator: (of) => access.operator(of),
      };
      const deps = { access: watched, samples: SAMPLES, collectors: COLLECTORS, clock: systemClock };
      const handed = { reader: () => (kubernetes ?? null) as KubernetesReader | null, operator: () => null };
      const snapshot = await collect({ ...deps, kubernetes: handed }, cluster, ['ip-pools']);
      return snapshot.facts['ip-pools'];
    },
    close: () => access.close(),
  };
  return reader;
}

const CLUSTER = { name: 'calico-prod', calico: true, clusterId: null, quotaBytes: null };

const COLLECTORS: ReadonlyMap<string, Collector> = new Map<string, Collector>([
  ['status', status],
  ['ip-pools', ipPools],
]);

const SAMPLES = {
  pinned: () => Promise.resolve(null),
  pin: (_: string, id: string) => Promise.resolve(id),
  owners: () => Promise.resolve({}),
} as unknown as SampleStore;

function watching(member: ReachableMember, reader: Reader): ReachableMember {
  const keyspace = {
    ...member.keyspace,
    async page(query: KeyPageQuery, deadlineMs: number): Promise<KeyPage> {
      await reader.before(query);
      const page = await member.keyspace.page(query, deadlineMs);
      reader.asked.push({ endpoint: member.endpoint, query, page });
      return page;
    },
  };
  return { ...member, keyspace };
}
