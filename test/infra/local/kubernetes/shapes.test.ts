import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startKubernetes, type LocalKubernetes } from '../../../../infra/local/kubernetes/index.js';
import { until } from '../../../../infra/local/until.js';
import { recorded, recordedItems } from './answers.js';

type Json = Record<string, unknown>;

let kubernetes: LocalKubernetes;

// Names that their makers chose, what was only on the recorded ones, and what tells who wrote a field.
const ASIDE = [
  /metadata\.(managedFields|annotations|labels)/,
  /spec\.taints/,
  /atchLabels\./,
  /priorityClassName$/,
];

/** Paths of every field, with the kind of its value; items of arrays under one name. */
function fieldsOf(value: unknown, path = ''): string[] {
  if (Array.isArray(value)) return value.flatMap((item) => fieldsOf(item, `${path}[]`));
  if (value === null || typeof value !== 'object') return [path];
  return Object.entries(value).flatMap(([name, inner]) => fieldsOf(inner, path ? `${path}.${name}` : name));
}

function missing(real: unknown, ours: unknown): string[] {
  const has = new Set(fieldsOf(ours));
  const wanted = fieldsOf(real).filter((path) => !ASIDE.some((aside) => aside.test(path)));
  return [...new Set(wanted)].filter(
    (path) => !has.has(path) && ![...has].some((one) => one.startsWith(`${path}.`)),
  );
}

async function get(path: string): Promise<Json> {
  const response = await fetch(`${kubernetes.url}${path}`, {
    headers: { Authorization: `Bearer ${kubernetes.token}` },
  });
  return (await response.json()) as Json;
}

async function items(path: string): Promise<Json[]> {
  return (await get(path))['items'] as Json[];
}

beforeAll(async () => {
  kubernetes = await startKubernetes();
  kubernetes.addNode({ name: 'node-1', controlPlane: true });
  kubernetes.addNode({ name: 'node-2' });
  kubernetes.addCalicoNode();
  kubernetes.addCalicoKubeControllers();
  kubernetes.addEtcdPod({
    ...{ form: 'kubeadm', node: 'node-1' },
    flags: { 'advertise-client-urls': 'https://10.0.0.1:2379', 'quota-backend-bytes': '2147483648' },
  });
  kubernetes.addDeployment({ namespace: 'shop', name: 'web', fate: { hang: 'image' } });
  kubernetes.addBudget({
    ...{ namespace: 'shop', name: 'web' },
    spec: { minAvailable: 1, selector: { matchLabels: { app: 'web' } } },
  });
  kubernetes.addCronJob({ namespace: 'batch', name: 'sync', schedule: '* * * * *', runsForMs: 60_000 });
  kubernetes.runCronJob('batch', 'sync');
  const hangs = () => kubernetes.pods('shop')[0]?.status.containerStatuses?.[0]?.state.waiting?.message;
  await until(hangs, { what: 'a pod hangs' });
  await until(() => kubernetes.store.get('daemonsets', 'kube-system/calico-node')?.status.numberReady === 2, {
    what: 'calico-node runs',
  });
  kubernetes.setReady(
    'kube-system',
    kubernetes.pods('kube-system').find(({ metadata }) => /^calico-node/.test(metadata.name))!.metadata.name,
    false,
  );
  await until(() => kubernetes.store.get('daemonsets', 'kube-system/calico-node')?.status.numberReady === 1, {
    what: 'one of them is not ready',
  });
});

afterAll(() => kubernetes.stop());

describe('objects of the simulated Kubernetes hold every field of the recorded ones', () => {
  it.each([
    ['/api/v1/nodes', 'nodes'],
    ['/api/v1/namespaces/shop/pods', 'pods-shop'],
    ['/api/v1/namespaces/shop/events', 'events-failed-sandbox'],
    ['/apis/batch/v1/cronjobs', 'cronjobs'],
    ['/apis/batch/v1/jobs', 'jobs-shop'],
    ['/apis/policy/v1/poddisruptionbudgets', 'pdb-shop'],
  ])('%s', async (path, name) => {
    const real = recordedItems(name);
    const ours = await items(path);
    // Each of the recorded objects has its fields in one of ours at least: a pod without address has none, and so on.
    expect(ours.length).toBeGreaterThan(0);
    expect(missing(real, ours)).toEqual([]);
  });

  it.each([
    ['/apis/apps/v1/namespaces/kube-system/daemonsets/calico-node', 'daemonset-calico-node'],
    [
      '/apis/apps/v1/namespaces/kube-system/deployments/calico-kube-controllers',
      'deployment-calico-kube-controllers',
    ],
  ])('%s', async (path, name) => {
    expect(missing(recorded(name), await get(path))).toEqual([]);
  });

  it('replica sets, and the etcd pod with its flags', async () => {
    const [set] = await items('/apis/apps/v1/namespaces/shop/replicasets');
    expect(missing(recorded('replicaset-web'), { kind: '', apiVersion: '', ...set })).toEqual([]);
    const etcd = await items('/api/v1/namespaces/kube-system/pods?labelSelector=component%3Detcd');
    expect(missing(recordedItems('pods-etcd'), etcd)).toEqual([]);
  });

  it('lists name kind, version and revision, as the recorded do, and their items do not', async () => {
    const { items: real, ...head } = recorded('pods-shop');
    const { items: ours, ...shown } = await get('/api/v1/pods');
    expect(shown).toEqual({ ...head, metadata: { resourceVersion: expect.stringMatching(/^\d+$/) } });
    expect(Object.keys((ours as Json[])[0]!)).toEqual(Object.keys((real as Json[])[0]!));
  });

  it('a pod that was deleted is answered whole', async () => {
    const { name } = kubernetes.pods('batch')[0]!.metadata;
    const response = await fetch(
      `${kubernetes.url}/api/v1/namespaces/batch/pods/${name}?gracePeriodSeconds=0`,
      {
        method: 'DELETE',
        headers: { Authorization: `Bearer ${kubernetes.token}` },
      },
    );
    const real = recorded('delete-pod') as { metadata: Json };
    const ours = (await response.json()) as { metadata: Json };
    expect(Object.keys(ours)).toEqual(Object.keys(real));
    expect(missing({ metadata: real.metadata }, { metadata: ours.metadata })).toEqual([]);
  });
});
