import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { V1Eviction } from '@kubernetes/client-node';
import {
  startKubernetes,
  type KubernetesOptions,
  type LocalKubernetes,
} from '../../../../infra/local/kubernetes/index.js';
import { until } from '../../../../infra/local/until.js';
import { recorded } from './answers.js';
import { clientsOf, refusal, type Clients } from './client.js';

let kubernetes: LocalKubernetes;
let clients: Clients;

async function start(options: KubernetesOptions = {}): Promise<void> {
  kubernetes = await startKubernetes(options);
  clients = clientsOf(kubernetes);
  kubernetes.addNode({ name: 'node-1' });
}

beforeEach(() => start());
afterEach(() => kubernetes.stop());

function evict(name: string, uid?: string): Promise<unknown> {
  const body: V1Eviction = {
    ...{ apiVersion: 'policy/v1', kind: 'Eviction', metadata: { name, namespace: 'shop' } },
    ...(uid ? { deleteOptions: { preconditions: { uid } } } : {}),
  };
  return clients.core.createNamespacedPodEviction({ name, namespace: 'shop', body });
}

function ready(): string[] {
  return kubernetes
    .pods('shop')
    .filter(({ status }) =>
      status.conditions?.some(({ type, status: is }) => type === 'Ready' && is === 'True'),
    )
    .map(({ metadata }) => metadata.name);
}

async function web(replicas: number, minAvailable: number): Promise<string> {
  kubernetes.addDeployment({ namespace: 'shop', name: 'web', replicas });
  kubernetes.addBudget({
    ...{ namespace: 'shop', name: 'web' },
    spec: { minAvailable, selector: { matchLabels: { app: 'web' } } },
  });
  await until(() => ready().length === replicas, { what: 'web runs' });
  await until(
    () => kubernetes.store.get('poddisruptionbudgets', 'shop/web')?.status.currentHealthy === replicas,
    {
      what: 'the budget has counted them',
    },
  );
  return ready()[0]!;
}

describe('evictions at the simulated Kubernetes', () => {
  it('let a pod go where its budget can spare it, and its controller makes another', async () => {
    const name = await web(2, 1);
    await evict(name);
    await until(() => !kubernetes.pod('shop', name), { what: 'it is gone' });
    await until(() => ready().length === 2, { what: 'its replacement runs' });
  });

  it('answer as the real server does', async () => {
    kubernetes.addPod({ namespace: 'shop', name: 'one' });
    const response = await fetch(`${kubernetes.url}/api/v1/namespaces/shop/pods/one/eviction`, {
      method: 'POST',
      headers: { Authorization: `Bearer ${kubernetes.token}` },
      body: JSON.stringify({
        apiVersion: 'policy/v1',
        kind: 'Eviction',
        metadata: { name: 'one', namespace: 'shop' },
      }),
    });
    expect([response.status, await response.json()]).toEqual([201, recorded('eviction-created')]);
  });

  it('refuse where the budget would be broken, in the words of the real server', async () => {
    const name = await web(1, 1);
    expect(await refusal(evict(name))).toMatchObject({
      code: 429,
      body: recorded('error-429-eviction-refused'),
    });
    expect(kubernetes.pod('shop', name)?.metadata.deletionTimestamp).toBeUndefined();
  });

  it('count a pod that was let go at once', async () => {
    await web(3, 2);
    const [first, second] = ready();
    // Its replacement must not run yet when the second is asked for, however slow this machine is.
    kubernetes.pace.startMs = 60_000;
    await evict(first!);
    expect(await refusal(evict(second!))).toMatchObject({ code: 429 });
  });

  it('let only the pod of this uid go', async () => {
    const { metadata } = kubernetes.addPod({ namespace: 'shop', name: 'one' });
    const refused = await refusal(evict('one', 'another'));
    expect(refused).toMatchObject({
      code: 409,
      body: { reason: 'Conflict', details: { name: 'one', kind: 'pods' } },
    });
    await evict('one', metadata.uid);
    await until(() => !kubernetes.pod('shop', 'one'), { what: 'it is gone' });
  });

  it('know when there is no such pod', async () => {
    expect(await refusal(evict('gone'))).toMatchObject({ code: 404, body: recorded('error-404-pod') });
  });

  it.each([
    [false, 'let a pending pod go whatever its budget says'],
    [true, 'guard a pending pod where a test wants that'],
  ])('(guarding: %s) %s', async (budgetsGuardPending) => {
    await kubernetes.stop();
    await start({ budgetsGuardPending });
    kubernetes.addDeployment({ namespace: 'shop', name: 'web', fate: { hang: 'image' } });
    kubernetes.addBudget({
      ...{ namespace: 'shop', name: 'web' },
      spec: { minAvailable: 1, selector: { matchLabels: { app: 'web' } } },
    });
    await until(() => kubernetes.store.get('poddisruptionbudgets', 'shop/web')?.status.expectedPods === 1, {
      what: 'the budget has counted it',
    });
    const { name } = kubernetes.pods('shop')[0]!.metadata;
    const answered = await evict(name).then(
      () => 201,
      (error: unknown) => (error as { code: number }).code,
    );
    expect(answered).toBe(budgetsGuardPending ? 429 : 201);
  });

  it('show the pod as going until its kubelet has ended it', async () => {
    kubernetes.pace.terminationMs = 60_000;
    const { metadata } = kubernetes.addPod({ namespace: 'shop', name: 'slow' });
    await until(() => ready().length === 1, { what: 'it runs' });
    await evict('slow');
    const pod = kubernetes.pod('shop', 'slow')!;
    expect(pod.metadata).toMatchObject({ uid: metadata.uid, generation: 2, deletionGracePeriodSeconds: 30 });
    expect(pod.status.conditions!.find(({ type }) => type === 'DisruptionTarget')).toMatchObject({
      ...{ status: 'True', reason: 'EvictionByEvictionAPI' },
    });
  });

  it('leave a pod on a silent node as it is: nobody there can end it', async () => {
    kubernetes.addPod({ namespace: 'shop', name: 'stuck' });
    await until(() => ready().length === 1, { what: 'it runs' });
    kubernetes.setNodeCondition('node-1', { type: 'Ready', status: 'Unknown', reason: 'NodeStatusUnknown' });
    await evict('stuck');
    expect(kubernetes.pod('shop', 'stuck')?.metadata.deletionTimestamp).toBeDefined();
    kubernetes.setNodeCondition('node-1', { type: 'Ready', status: 'True', reason: 'KubeletReady' });
    await until(() => !kubernetes.pod('shop', 'stuck'), { what: 'the node is back and has ended it' });
  });

  it('are not the only way: a pod may also be deleted', async () => {
    kubernetes.addPod({ namespace: 'shop', name: 'one' });
    const pod = await clients.core.deleteNamespacedPod({
      name: 'one',
      namespace: 'shop',
      gracePeriodSeconds: 0,
    });
    expect((pod as unknown as { kind: string }).kind).toBe('Pod');
    expect(kubernetes.pod('shop', 'one')).toBeUndefined();
    expect(
      await refusal(clients.core.deleteNamespacedPod({ name: 'gone', namespace: 'shop' })),
    ).toMatchObject({
      ...{ code: 404, body: recorded('error-404-pod') },
    });
  });
});
