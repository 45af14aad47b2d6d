import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  startKubernetes,
  type KubernetesIdentity,
  type LocalKubernetes,
} from '../../../infra/local/kubernetes/index.js';
import { until } from '../../../infra/local/until.js';
import ipPools from '../../../src/collectors/ip-pools.js';
import type { AddressUse } from '../../../src/domain/calico/facts.js';
import type { Reach } from '../../../src/domain/collector.js';
import { SANDBOX_FAILED } from '../../../src/domain/kubernetes/causes.js';
import type { KubernetesAccess, KubernetesOperator, PodChange } from '../../../src/domain/ports.js';
import type { Closeable } from '../../../src/adapters/kubernetes/access.js';
import type { KubernetesSource } from '../../../src/adapters/kubernetes/kubeconfig.js';
import { failure, ms } from '../etcd/support.js';
import { accessTo, gathered } from './server.js';

const SHOP = 'shop';
/** Two blocks of four addresses: the ninth pod gets none. */
const POOL = { cidr: '10.7.0.0/29', blockSize: 30 };

let kubernetes: LocalKubernetes;
let access: KubernetesAccess & Closeable;
let operator: KubernetesOperator;

beforeAll(async () => {
  kubernetes = await startKubernetes({
    calico: { datastore: 'kubernetes', pool: POOL },
    pace: { retryMs: 100 },
    bookmarkEveryMs: 50,
  });
  kubernetes.addNode({ name: 'node-1' });
  kubernetes.addNode({ name: 'node-2' });
  access = accessTo(sourceOf(kubernetes));
  operator = access.operator('prod')!;
});

afterAll(async () => {
  access.close();
  await kubernetes.stop();
});

function sourceOf(identity: KubernetesIdentity, path?: string): KubernetesSource {
  const kubeconfig = { path: path ?? '/nowhere/kubeconfig', content: identity.kubeconfig(path) };
  return { server: kubernetes.url, kubeconfig, context: null };
}

async function podsOf(namespace: string) {
  return (await gathered(operator.pods({ namespace }, ms))).map(({ name, phase, addresses, owner, uid }) => ({
    ...{ name, phase, addresses, uid },
    owner: owner?.kind ?? null,
  }));
}

async function allRun(namespace: string, count: number): Promise<void> {
  const run = () =>
    kubernetes.pods(namespace).filter(({ status }) => status.phase === 'Running').length === count;
  await until(run, { what: 'they run' });
}

function addressUse(): Promise<AddressUse> {
  const reach: Partial<Reach> = { kubernetes: operator, deadlineMs: ms };
  return ipPools.read({ ...reach, cluster: { name: 'prod', calico: false } } as Reach);
}

describe('the adapter on the simulated Kubernetes', () => {
  it('reads pods as their controllers and kubelets leave them', async () => {
    kubernetes.addDeployment({ namespace: SHOP, name: 'web', replicas: 3 });
    kubernetes.addPod({ namespace: SHOP, name: 'bare' });
    await allRun(SHOP, 4);
    const pods = await podsOf(SHOP);
    expect(pods.map(({ owner }) => owner).sort()).toEqual(
      ['ReplicaSet', 'ReplicaSet', 'ReplicaSet', null].sort(),
    );
    expect(pods.flatMap(({ addresses }) => addresses).sort()).toEqual(
      kubernetes
        .addressesInUse()
        .map(({ address }) => address)
        .sort(),
    );
    const [owner] = (
      await gathered(operator.pods({ namespace: SHOP, labelSelector: 'app=web' }, ms))
    ).flatMap((pod) => pod.owner ?? []);
    expect(await operator.wantedBy(SHOP, owner!, ms)).toBe(3);
  });

  it('counts Calico’s addresses in its CRDs as they are given out', async () => {
    const use = await addressUse();
    const given = kubernetes.addressesInUse();
    expect(use).toMatchObject({ source: 'kubernetes', blocks: 2, handles: given.length, suspectCount: 0 });
    expect(use.pools).toMatchObject([
      { cidr: POOL.cidr, capacity: 8, inUse: given.length, free: 8 - given.length },
    ]);
    expect(use.borrowed).toBe(given.filter(({ node, blockOf }) => node !== blockOf).length);
    expect(use.unreadable).toBe(0);
  });

  it('reads the events of pods that get no address, and sees the pool used up', async () => {
    kubernetes.addDeployment({ namespace: 'late', name: 'late', replicas: 6 });
    const events = () => gathered(operator.podEvents({ namespace: 'late', reasons: [SANDBOX_FAILED] }, ms));
    await until(async () => (await events()).length >= 2, { what: 'some are refused' });
    const refused = await events();
    expect(refused.every(({ reason, namespace }) => reason === SANDBOX_FAILED && namespace === 'late')).toBe(
      true,
    );
    expect(refused.some(({ message }) => /No IPs available in pools|Assigned 0 out of 1/.test(message))).toBe(
      true,
    );
    expect((await addressUse()).pools).toMatchObject([{ inUse: 8, free: 0, freeBlocks: 0 }]);
    expect((await addressUse()).starving.length).toBeGreaterThan(0);
    kubernetes.removeDeployment('late', 'late');
    await until(() => kubernetes.addressesInUse().length === 4, { what: 'addresses are given back' });
    expect((await addressUse()).pools).toMatchObject([{ inUse: 4, free: 4 }]);
  });

  it('watches pods through connections that break and revisions that are forgotten', async () => {
    const stopping = new AbortController();
    const seen: PodChange[] = [];
    const watching = (async () => {
      for await (const change of operator.watchPods({ namespace: 'watched' }, ms, stopping.signal))
        seen.push(change);
    })();
    const watches = () => kubernetes.requests().filter(({ verb }) => verb === 'watch').length;
    const told = (name: string, gone: boolean) => () =>
      seen.some((change) => change.pod.name === name && change.gone === gone);
    await until(() => watches() === 1, { what: 'it watches' });
    kubernetes.addPod({ namespace: 'watched', name: 'first' });
    await until(told('first', false), { what: 'the first is told' });

    kubernetes.faults.closeWatches('drop');
    kubernetes.addPod({ namespace: 'watched', name: 'second' });
    await until(told('second', false), { what: 'the second is told after a broken connection' });

    await allRun('watched', 2);
    kubernetes.faults.closeWatches('gone');
    kubernetes.deletePod('watched', 'first');
    kubernetes.addPod({ namespace: 'watched', name: 'third' });
    await until(() => told('first', true)() && told('third', false)(), { what: 'nothing is missed' });
    stopping.abort();
    await watching;
    const ends = seen.filter(({ gone }) => gone).map(({ pod: { name } }) => name);
    expect(ends).toEqual(['first']);
  });

  it('evicts the pod that it names, and says where one is gone or protected', async () => {
    const [web] = (await podsOf(SHOP)).filter(({ owner }) => owner === 'ReplicaSet');
    const ref = { namespace: SHOP, name: web!.name, uid: web!.uid };
    expect(await operator.evict({ ...ref, uid: 'another' }, ms)).toEqual({ kind: 'gone' });
    expect(kubernetes.pod(SHOP, web!.name)?.metadata.deletionTimestamp).toBeUndefined();
    expect(await operator.evict(ref, ms)).toEqual({ kind: 'evicted' });
    await until(() => !kubernetes.pod(SHOP, web!.name), { what: 'it is gone' });
    expect(await operator.evict(ref, ms)).toEqual({ kind: 'gone' });
    await allRun(SHOP, 4);

    kubernetes.addBudget({
      namespace: SHOP,
      name: 'web',
      spec: { minAvailable: 3, selector: { matchLabels: { app: 'web' } } },
    });
    const [next] = (await podsOf(SHOP)).filter(({ owner }) => owner === 'ReplicaSet');
    expect(await operator.evict({ namespace: SHOP, name: next!.name, uid: next!.uid }, ms)).toEqual({
      kind: 'protected',
      because: 'The disruption budget web needs 3 healthy pods and has 3 currently',
    });
    expect(await operator.budgets(SHOP, ms)).toMatchObject([{ name: 'web' }]);
  });

  it('waits as long as a busy server asks, and never repeats an eviction', async () => {
    kubernetes.faults.tooManyRequests(1, { path: '/nodes', retryAfter: 1 });
    const begun = performance.now();
    expect(await gathered(operator.nodes(ms))).toHaveLength(2);
    expect(performance.now() - begun).toBeGreaterThan(950);

    kubernetes.faults.tooManyRequests(1, { path: '/eviction' });
    const pod = kubernetes.pod(SHOP, 'bare')!;
    kubernetes.clearRequests();
    const ref = { namespace: SHOP, name: 'bare', uid: pod.metadata.uid };
    expect(await failure(operator.evict(ref, ms))).toMatchObject({ code: 'too-many-requests' });
    expect(kubernetes.requests().map(({ status }) => status)).toEqual([429]);
    expect(kubernetes.pod(SHOP, 'bare')?.metadata.deletionTimestamp).toBeUndefined();
  });

  it('names a right that is missing', async () => {
    kubernetes.deny('list', 'events');
    const error = await failure(gathered(operator.podEvents({ namespace: null, reasons: [] }, ms)));
    expect(error).toMatchObject({ code: 'denied', message: expect.stringContaining('may not list events') });
    kubernetes.allow('list', 'events');
  });

  it('goes on with the kubeconfig of the hour when its token has expired', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'steward-simulated-'));
    const path = join(directory, 'kubeconfig');
    const before = kubernetes.identity('before');
    const own = accessTo(sourceOf(before, path));
    try {
      const reader = own.reader('prod')!;
      expect(await gathered(reader.nodes(ms))).toHaveLength(2);
      before.expire();
      expect(await failure(gathered(reader.nodes(ms)))).toMatchObject({ code: 'auth' });
      kubernetes.identity('after').kubeconfig(path);
      expect(await gathered(reader.nodes(ms))).toHaveLength(2);
      expect(kubernetes.requests().at(-1)).toMatchObject({ user: 'after', status: 200 });
    } finally {
      own.close();
      await rm(directory, { recursive: true });
    }
  });
});
