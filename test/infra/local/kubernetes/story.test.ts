import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startEtcd, type LocalEtcd } from '../../../../infra/local/etcd.js';
import { fillUntilFull } from '../../../../infra/local/fill.js';
import { startKubernetes, type LocalKubernetes } from '../../../../infra/local/kubernetes/index.js';
import { until } from '../../../../infra/local/until.js';
import { recordedItems } from './answers.js';
import { clientsOf } from './client.js';

let etcd: LocalEtcd;
let kubernetes: LocalKubernetes;

beforeAll(async () => {
  etcd = await startEtcd({ version: '3.4', members: 1, quotaBytes: 4 << 20 });
  kubernetes = await startKubernetes({
    calico: { datastore: 'etcd', endpoints: etcd.endpoints, padBlocksTo: 4_096 },
    pace: { retryMs: 50 },
  });
  kubernetes.addNode({ name: 'node-1' });
  kubernetes.addNode({ name: 'node-2' });
});

afterAll(async () => {
  await kubernetes.stop();
  await etcd.stop();
});

interface Block {
  cidr: string;
  affinity: string;
  allocations: (number | null)[];
  unallocated: number[];
  attributes: { handle_id: string; secondary: { namespace: string; pod: string; node: string } }[];
}

/** What is under a prefix, by key. */
async function read<T>(prefix: string): Promise<Map<string, T>> {
  const answer = JSON.parse(await etcd.etcdctl('get', prefix, '--prefix', '-w', 'json')) as {
    kvs?: { key: string; value: string }[];
  };
  const text = (base64: string): string => Buffer.from(base64, 'base64').toString();
  return new Map((answer.kvs ?? []).map(({ key, value }) => [text(key), JSON.parse(text(value)) as T]));
}

/** Pool counting as `calicoctl ipam show` does it. */
async function addressesOf(): Promise<string[]> {
  const blocks = await read<Block>('/calico/ipam/v2/assignment/');
  return [...blocks.values()].flatMap(({ cidr, allocations, unallocated, attributes }) => {
    expect(allocations.length - unallocated.length).toBe(attributes.length);
    const [base = ''] = cidr.split('/');
    return allocations.flatMap((attribute, ordinal) =>
      attribute === null ? [] : [base.replace(/\d+$/, (last) => String(Number(last) + ordinal))],
    );
  });
}

const phases = (namespace: string) => kubernetes.pods(namespace).map(({ status }) => status.phase);
const all = (namespace: string, phase: string, count: number) => () => {
  const is = phases(namespace);
  return is.length === count && is.every((one) => one === phase);
};

async function mend(): Promise<void> {
  const [{ Status }] = JSON.parse(await etcd.etcdctl('endpoint', 'status', '-w', 'json')) as [
    { Status: { header: { revision: number } } },
  ];
  await etcd.etcdctl('compact', '--physical', String(Status.header.revision));
  await etcd.etcdctl('defrag');
  await etcd.etcdctl('alarm', 'disarm');
  // What filled it is not a pod's.
  await etcd.etcdctl('del', '/calico/ipam/v2/assignment/ipv4/block/10-0-0-0-26');
}

/** In the order of the incident; each chapter begins where the one before it ended. */
describe('the story of the incident on the simulated Kubernetes', () => {
  it('begins with pods that run, whose addresses are in etcd as Calico writes them', async () => {
    kubernetes.addDeployment({ namespace: 'shop', name: 'web', replicas: 4 });
    await until(all('shop', 'Running', 4), { what: 'web runs' });
    const shown = kubernetes.pods('shop').map(({ status }) => status.podIP);
    expect((await addressesOf()).sort()).toEqual([...shown].sort());
    expect(
      kubernetes
        .addressesInUse()
        .map(({ address }) => address)
        .sort(),
    ).toEqual([...shown].sort());
    const blocks = await read<Block>('/calico/ipam/v2/assignment/ipv4/block/');
    expect([...blocks.keys()]).toEqual([
      '/calico/ipam/v2/assignment/ipv4/block/10.0.1.0-26',
      '/calico/ipam/v2/assignment/ipv4/block/10.0.2.0-26',
    ]);
    expect([...(await read('/calico/ipam/v2/host/')).keys()]).toHaveLength(2);
    const handles = await read<{ block: object }>('/calico/ipam/v2/handle/');
    const named = [...blocks.values()].flatMap(({ attributes }) =>
      attributes.map(({ handle_id }) => handle_id),
    );
    expect([...handles.keys()].sort()).toEqual(named.map((id) => `/calico/ipam/v2/handle/${id}`).sort());
    const v3 = [...(await read('/calico/resources/v3/projectcalico.org/')).keys()];
    expect(v3).toContain('/calico/resources/v3/projectcalico.org/ippools/default-ipv4-ippool');
    expect(v3.filter((key) => key.includes('/workloadendpoints/shop/node--'))).toHaveLength(4);
  });

  it('gives the address of a short-lived pod back', async () => {
    kubernetes.addCronJob({
      namespace: 'batch',
      name: 'report',
      schedule: '* * * * *',
      podsPerRun: 2,
      runsForMs: 20,
    });
    kubernetes.runCronJob('batch', 'report');
    const job = () => kubernetes.store.all('jobs')[0]?.status;
    await until(() => job()?.completionTime, { what: 'the job is done' });
    expect(job()).toMatchObject({ succeeded: 2, ready: 0 });
    await until(() => kubernetes.addressesInUse().length === 4, { what: 'its addresses are given back' });
    expect(await addressesOf()).toHaveLength(4);
  });

  it('goes on with pods that hang, in the words of the incident, once etcd is full', async () => {
    await fillUntilFull(etcd.endpoints, { keys: 2, valueBytes: 65_536 });
    kubernetes.addDeployment({
      namespace: 'late',
      name: 'late',
      replicas: 2,
      fate: { hang: 'wedged' },
      fateOf: 1,
    });
    const { core } = clientsOf(kubernetes);
    const events = async () =>
      (await core.listNamespacedEvent({ namespace: 'late', fieldSelector: 'reason=FailedCreatePodSandBox' }))
        .items;
    await until(async () => (await events()).some(({ count }) => count! >= 3), {
      what: 'it was tried three times',
    });
    const shape = (text: unknown): string =>
      String(text)
        .replace(/"[^"]*_[^"]*"/, '"POD"')
        .replace(/sandbox "\w+"/, 'sandbox "ID"');
    const recordedTexts = recordedItems('events-failed-sandbox').map(({ message }) => shape(message));
    expect(new Set((await events()).map(({ message }) => shape(message)))).toEqual(new Set(recordedTexts));
    expect(phases('late')).toEqual(['Pending', 'Pending']);
    const waiting = kubernetes.pods('late').map(({ status }) => status.containerStatuses?.[0]?.state.waiting);
    expect(waiting).toEqual([{ reason: 'ContainerCreating' }, { reason: 'ContainerCreating' }]);
    expect(kubernetes.pods('shop').every(({ status }) => status.phase === 'Running')).toBe(true);
  });

  it('lets them run by themselves once etcd is mended, but for the one whose kubelet gave up', async () => {
    await mend();
    await until(() => phases('late').includes('Running'), { what: 'one runs' });
    const wedged = kubernetes.pods('late').find(({ status }) => status.phase === 'Pending')!;
    const { core } = clientsOf(kubernetes);
    const tried = async () =>
      (
        await core.listNamespacedEvent({
          namespace: 'late',
          fieldSelector: `involvedObject.name=${wedged.metadata.name}`,
        })
      ).items;
    expect((await tried()).find(({ reason }) => reason === 'FailedCreatePodSandBox')?.count).toBe(1);
    const { name, uid } = wedged.metadata;
    await core.createNamespacedPodEviction({
      ...{ name, namespace: 'late' },
      body: { metadata: { name, namespace: 'late' }, deleteOptions: { preconditions: { uid } } },
    });
    await until(() => !kubernetes.pod('late', name) && all('late', 'Running', 2)(), {
      what: 'its replacement runs',
    });
    expect((await addressesOf()).sort()).toEqual(
      kubernetes
        .addressesInUse()
        .map(({ address }) => address)
        .sort(),
    );
    expect(kubernetes.addressesInUse()).toHaveLength(6);
  });

  it('leaves pods hanging that hang for other reasons', async () => {
    kubernetes.setNodeCondition('node-2', { type: 'Ready', status: 'Unknown', reason: 'NodeStatusUnknown' });
    kubernetes.addPod({ namespace: 'other', name: 'silent', node: 'node-2' });
    kubernetes.addPod({ namespace: 'other', name: 'no-image', node: 'node-1', fate: { hang: 'image' } });
    await until(
      () => kubernetes.pod('other', 'no-image')?.status.containerStatuses?.[0]?.state.waiting?.message,
      {
        what: 'the image is missing',
      },
    );
    expect(kubernetes.pod('other', 'no-image')?.status.podIP).toMatch(/^10\.0\.1\./);
    expect(kubernetes.pod('other', 'silent')?.status).toMatchObject({ phase: 'Pending' });
    expect(kubernetes.pod('other', 'silent')?.status.podIP).toBeUndefined();
  });
});
