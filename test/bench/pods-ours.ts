import { readFile } from 'node:fs/promises';
import { loadCatalogue } from '../../src/adapters/catalogue.js';
import { makeKubernetesAccess } from '../../src/adapters/kubernetes/access.js';
import { systemClock } from '../../src/adapters/system.js';
import type { Cluster } from '../../src/domain/cluster.js';
import type { Collector } from '../../src/domain/collector.js';
import { totalOf } from '../../src/domain/kubernetes/words.js';
import { collect, type CollectDeps } from '../../src/engine/collect.js';
import { askOnce } from './asked-once.js';

/*
 * A program of its own, whose memory is measured: node pods-ours.js KUBECONFIG SERVER. Reads the fact as the bot does,
 * from its first question to a Kubernetes, for which the client's library is loaded.
 */
const [path = '', server = ''] = process.argv.slice(2);
const source = {
  server,
  kubeconfig: { path, content: await readFile(path, 'utf8') },
  context: null,
};
const kubernetes = makeKubernetesAccess({
  connections: () => ({ kubernetes: source }),
  canOperate: false,
});
const collectors = await loadCatalogue<Collector>(new URL('../../src/collectors/', import.meta.url));
const cluster = { name: 'bench', endpoints: [], clusterId: '1', kubernetes: {}, calico: false };

await askOnce(async () => {
  const { facts } = await collect(depsOf(), cluster as unknown as Cluster, ['pods']);
  const { pods } = facts;
  if (!pods?.known) throw new Error(`the pods are unknown: ${pods?.reason ?? 'they were not read'}`);
  if (!pods.value.withEvents) throw new Error(`no events: ${pods.value.blindBecause ?? ''}`);
  return totalOf(pods.value);
});
kubernetes.close();

/** Of a cluster's etcd nothing is asked here, and so nothing of what was remembered of it. */
function depsOf(): CollectDeps {
  const samples = { pinned: () => Promise.resolve(null), owners: () => Promise.resolve({}) };
  return {
    ...{ kubernetes, collectors, clock: systemClock },
    access: { reader: () => ({ members: [] }) },
    samples,
  } as unknown as CollectDeps;
}
