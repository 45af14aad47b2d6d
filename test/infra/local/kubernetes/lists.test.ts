import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startKubernetes, type LocalKubernetes } from '../../../../infra/local/kubernetes/index.js';
import { until } from '../../../../infra/local/until.js';
import { recorded } from './answers.js';
import { clientsOf, refusal, type Clients } from './client.js';

let kubernetes: LocalKubernetes;
let clients: Clients;

beforeAll(async () => {
  kubernetes = await startKubernetes();
  clients = clientsOf(kubernetes);
  kubernetes.addNode({ name: 'node-1' });
  kubernetes.addDeployment({
    namespace: 'shop',
    name: 'web',
    replicas: 4,
    labels: { app: 'web', tier: 'front' },
  });
  kubernetes.addPod({ namespace: 'shop', name: 'alone', fate: { hang: 'image' } });
  kubernetes.addPod({ namespace: 'other', name: 'big', fate: { hang: 'unschedulable' } });
  await until(() => kubernetes.pods('shop').filter(({ status }) => status.phase === 'Running').length === 4, {
    what: 'the pods run',
  });
  await until(() => waitingWord('shop', 'alone') === 'ImagePullBackOff', { what: 'the image is not there' });
});

afterAll(() => kubernetes.stop());

function waitingWord(namespace: string, name: string): string | undefined {
  return kubernetes.pod(namespace, name)?.status.containerStatuses?.[0]?.state.waiting?.reason;
}

async function names(query: { fieldSelector?: string; labelSelector?: string }): Promise<string[]> {
  const { items } = await clients.core.listPodForAllNamespaces(query);
  return items
    .map(({ metadata }) => metadata!.name!.replace(/^web-.*/, 'web'))
    .filter((name, at, all) => all.indexOf(name) === at);
}

describe('lists of the simulated Kubernetes', () => {
  it('come page by page, all of one revision, whatever happens in between', async () => {
    const first = await clients.core.listNamespacedPod({ namespace: 'shop', limit: 2 });
    expect(first.items).toHaveLength(2);
    expect(first.metadata!.remainingItemCount).toBe(3);
    kubernetes.addPod({ namespace: 'shop', name: 'zz-later' });
    const second = await clients.core.listNamespacedPod({
      namespace: 'shop',
      limit: 2,
      _continue: first.metadata!._continue!,
    });
    const third = await clients.core.listNamespacedPod({
      namespace: 'shop',
      limit: 2,
      _continue: second.metadata!._continue!,
    });
    expect(third.metadata!._continue).toBeUndefined();
    const all = [first, second, third];
    expect(all.flatMap(({ items }) => items.map(({ metadata }) => metadata!.name)).at(-1)).toMatch(/^web-/);
    expect(new Set(all.map(({ metadata }) => metadata!.resourceVersion)).size).toBe(1);
    kubernetes.deletePod('shop', 'zz-later');
    await until(() => !kubernetes.pod('shop', 'zz-later'), { what: 'it is gone' });
  });

  it('do not count what is left under a selector', async () => {
    const page = await clients.core.listNamespacedPod({
      namespace: 'shop',
      limit: 1,
      labelSelector: 'app=web',
    });
    expect(page.metadata!._continue).toBeDefined();
    expect(page.metadata!.remainingItemCount).toBeUndefined();
  });

  it('refuse a token that is too old with 410, and offer one to go on with', async () => {
    const { metadata } = await clients.core.listPodForAllNamespaces({ limit: 1 });
    kubernetes.faults.expireContinueTokens();
    const refused = await refusal(
      clients.core.listPodForAllNamespaces({ limit: 1, _continue: metadata!._continue! }),
    );
    expect(refused).toMatchObject({ code: 410, body: { reason: 'Expired', code: 410 } });
    const { continue: token } = (refused.body as { metadata: { continue: string } }).metadata;
    const rest = await clients.core.listPodForAllNamespaces({ limit: 100, _continue: token });
    expect(rest.items).toHaveLength(5);
  });

  it('refuse a token that makes no sense as the real server does', async () => {
    const { code, body } = await refusal(clients.core.listPodForAllNamespaces({ _continue: 'invalid' }));
    const { message, ...rest } = recorded('list-bad-continue');
    expect({ code, body }).toMatchObject({ code: 400, body: rest });
    expect((body as { message: string }).message).toContain(String(message).split(':')[0]);
  });

  it.each([
    [{ fieldSelector: 'status.phase=Pending' }, ['big', 'alone']],
    [{ fieldSelector: 'status.phase!=Pending' }, ['web']],
    [{ fieldSelector: 'status.phase==Pending,metadata.namespace=other' }, ['big']],
    [{ fieldSelector: 'metadata.name=alone' }, ['alone']],
    [{ fieldSelector: 'spec.nodeName=' }, ['big']],
    [{ labelSelector: 'app=web,tier!=back' }, ['web']],
    [{ labelSelector: 'app in (web, big),tier' }, ['web']],
    [{ labelSelector: 'app notin (web)' }, ['big', 'alone']],
    [{ labelSelector: '!tier' }, ['big', 'alone']],
  ])('select %j', async (query, expected) => {
    expect(await names(query)).toEqual(expected);
  });

  it('select events by reason and by what they are about', async () => {
    const fieldSelector =
      'reason=FailedScheduling,involvedObject.name=big,involvedObject.kind=Pod,type=Warning';
    const { items } = await clients.core.listEventForAllNamespaces({ fieldSelector });
    expect(items.map(({ message }) => message)).toEqual([expect.stringContaining('0/1 nodes are available')]);
    const uid = kubernetes.pod('shop', 'alone')!.metadata.uid;
    const about = await clients.core.listNamespacedEvent({
      namespace: 'shop',
      fieldSelector: `involvedObject.uid=${uid}`,
    });
    expect(about.items.map(({ reason }) => reason).sort()).toEqual(['BackOff', 'Failed', 'Scheduled']);
  });

  it('refuse fields that the real server does not know', async () => {
    const refused = await refusal(clients.core.listPodForAllNamespaces({ fieldSelector: 'status.reason=x' }));
    expect(refused).toMatchObject({
      code: 400,
      body: { message: 'field label not supported: status.reason' },
    });
  });

  it('serve workloads of all namespaces and of one', async () => {
    const everywhere = await clients.apps.listDeploymentForAllNamespaces();
    expect(everywhere.items.map(({ status }) => status!.readyReplicas)).toEqual([4]);
    expect((await clients.apps.listNamespacedReplicaSet({ namespace: 'other' })).items).toEqual([]);
  });
});
