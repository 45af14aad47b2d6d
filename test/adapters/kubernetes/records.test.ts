import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { KubernetesReader } from '../../../src/domain/ports.js';
import { ms } from '../etcd/support.js';
import { accessTo, gathered, recorded, sourceOf, startAnswering, type Answering } from './server.js';

let server: Answering;
let reader: KubernetesReader;
let close: () => void;

/** By path, as a real API server 1.36 answered. */
const ANSWERS: Readonly<Record<string, string>> = {
  '/version': 'version.json',
  '/api/v1/namespaces/shop/pods': 'pods-shop.json',
  '/api/v1/pods': 'pods-etcd.json',
  '/api/v1/nodes': 'nodes.json',
  '/api/v1/events': 'events-failed-sandbox.json',
  '/apis/batch/v1/cronjobs': 'cronjobs.json',
  '/apis/batch/v1/jobs': 'jobs-shop.json',
  '/apis/policy/v1/namespaces/shop/poddisruptionbudgets': 'pdb-shop.json',
  '/metrics': 'apiserver-storage-metrics.txt',
};

const ALONE: Readonly<Record<string, string>> = {
  '/apis/apps/v1/daemonsets': 'daemonset-calico-node.json',
  '/apis/apps/v1/deployments': 'deployment-calico-kube-controllers.json',
};

beforeAll(async () => {
  server = await startAnswering();
  server.answer(({ path }) => {
    const alone = ALONE[path];
    if (alone) return { body: `{"metadata":{},"items":[${recorded(alone)}]}` };
    return { body: recorded(ANSWERS[path] ?? 'error-404-crd-not-installed.json') };
  });
  const access = accessTo(sourceOf(server.url));
  close = () => access.close();
  reader = access.reader('prod')!;
});
afterAll(async () => {
  close();
  await server.stop();
});

describe('what a real API server tells', () => {
  it('is its version, by the numbers where a build calls itself v0.0.0', async () => {
    expect(await reader.version(ms)).toBe('v1.36');
  });

  it('is a pod that hangs, and one that has its address and no image', async () => {
    const [hanging, other] = await gathered(reader.pods({ namespace: 'shop' }, ms));
    expect(hanging).toEqual({
      namespace: 'shop',
      name: 'web-fc4cb949f-gpkm2',
      uid: '878da56d-eede-4659-937d-e10f4c56bd6c',
      labels: { app: 'web' },
      node: 'node-2',
      phase: 'Pending',
      createdAt: Date.parse('2026-11-23T09:46:46Z'),
      scheduledAt: Date.parse('2026-11-23T09:47:41Z'),
      unschedulable: null,
      waiting: [{ reason: 'ContainerCreating', message: null }],
      addresses: [],
      ready: false,
      hostNetwork: false,
      deletingSince: null,
      owner: { kind: 'ReplicaSet', name: 'web-fc4cb949f', uid: '024df39a-4857-441d-a1dc-a36454c42c7d' },
    });
    expect(other).toMatchObject({
      waiting: [{ reason: 'ImagePullBackOff', message: 'Back-off pulling image' }],
      addresses: ['172.20.1.7'],
      scheduledAt: null,
    });
  });

  it('is what the kubelet says of the pod', async () => {
    const events = await gathered(
      reader.podEvents({ namespace: null, reasons: ['FailedCreatePodSandBox'] }, ms),
    );
    expect(events[0]).toEqual({
      namespace: 'shop',
      pod: 'web-fc4cb949f-gpkm2',
      podUid: '878da56d-eede-4659-937d-e10f4c56bd6c',
      reason: 'FailedCreatePodSandBox',
      message: expect.stringContaining('unexpected end of JSON input'),
      count: 37,
      firstAt: Date.parse('2026-11-23T09:47:41Z'),
      lastAt: Date.parse('2026-11-23T09:47:41Z'),
    });
    expect(server.seen.at(-1)?.query).toMatchObject({
      fieldSelector: 'involvedObject.kind=Pod,reason=FailedCreatePodSandBox',
      limit: '500',
    });
  });

  it('are nodes, one with a full disk', async () => {
    expect(await gathered(reader.nodes(ms))).toEqual([
      { name: 'node-1', ready: 'True', troubles: [], cordoned: false, kubelet: '' },
      {
        name: 'node-2',
        ready: 'True',
        troubles: [{ type: 'DiskPressure', reason: 'KubeletHasDiskPressure', message: '', since: null }],
        cordoned: false,
        kubelet: '',
      },
    ]);
  });

  it('are Calico’s parts', async () => {
    const labelSelector = 'k8s-app=calico-node';
    const [node] = await reader.workloads({ kind: 'DaemonSet', labelSelector }, ms);
    expect(server.seen.at(-1)?.query).toMatchObject({ labelSelector });
    expect(node).toMatchObject({ kind: 'DaemonSet', name: 'calico-node', desired: 2, ready: 1, env: {} });
    const [controllers] = await reader.workloads({ kind: 'Deployment', labelSelector: '' }, ms);
    expect(controllers).toMatchObject({
      kind: 'Deployment',
      desired: 1,
      image: 'docker.io/calico/kube-controllers:v3.30.0',
    });
  });

  it('are CronJobs, Jobs and budgets', async () => {
    expect(await gathered(reader.cronJobs(ms))).toMatchObject([
      {
        name: 'sync-orders',
        schedule: '* * * * *',
        timeZone: null,
        suspended: false,
        podsPerRun: 1,
        active: 0,
      },
    ]);
    expect(await gathered(reader.jobs(ms))).toMatchObject([
      { name: 'sync-orders-29731200', owner: null, active: 0, succeeded: 0, failed: 0 },
    ]);
    expect(await reader.budgets('shop', ms)).toMatchObject([
      { name: 'web', selector: { labels: { app: 'web' }, expressions: [] }, disruptionsAllowed: 0 },
    ]);
  });

  it('is an etcd pod with the flags that it was started with', async () => {
    const [etcd] = await gathered(reader.etcdPods({ namespace: null, labelSelector: 'component=etcd' }, ms));
    expect(etcd).toMatchObject({
      name: 'etcd-node-1',
      image: 'registry.k8s.io/etcd:3.5.21-0',
      flags: {
        'quota-backend-bytes': '2147483648',
        'snapshot-count': '10000',
        'listen-metrics-urls': 'http://127.0.0.1:2381',
      },
      annotations: { 'kubeadm.kubernetes.io/etcd.advertise-client-urls': 'https://10.0.0.1:2379' },
      hostNetwork: true,
      hostAddress: null,
    });
    expect(Object.keys(etcd!.annotations)).toHaveLength(1);
  });

  it('is how much it stores, by its own metrics', async () => {
    const stored = await reader.storage(ms);
    expect(stored).toContainEqual({ group: '', resource: 'pods', objects: 3, bytes: null });
    expect(stored).toContainEqual({
      group: 'networking.k8s.io',
      resource: 'ipaddresses',
      objects: 1,
      bytes: null,
    });
  });

  it('is read with the token, over one connection, and nothing else is sent', () => {
    expect(server.seen.map(({ headers }) => headers.authorization)).toEqual(
      server.seen.map(() => 'Bearer good'),
    );
    expect(new Set(server.seen.map(({ method }) => method))).toEqual(new Set(['GET']));
  });
});
