import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startKubernetes, type LocalKubernetes } from '../../../../infra/local/kubernetes/index.js';
import { until } from '../../../../infra/local/until.js';
import { recorded } from './answers.js';
import { clientsOf, refusal, type Clients } from './client.js';

let kubernetes: LocalKubernetes;
let clients: Clients;

beforeAll(async () => {
  kubernetes = await startKubernetes({
    calico: { datastore: 'kubernetes' },
    metrics: { counts: { configmaps: 8, 'leases.coordination.k8s.io': 40 }, databaseBytes: 2_147_483_648 },
  });
  clients = clientsOf(kubernetes);
  kubernetes.addNode({ name: 'node-1' });
});

afterAll(() => kubernetes.stop());

const listPods = () => clients.core.listNamespacedPod({ namespace: 'shop' });

async function get(
  path: string,
  token: string | null = kubernetes.token,
): Promise<{ code: number; text: string }> {
  const headers = token === null ? {} : { Authorization: `Bearer ${token}` };
  const response = await fetch(`${kubernetes.url}${path}`, { headers });
  return { code: response.status, text: await response.text() };
}

describe('who may ask the simulated Kubernetes', () => {
  it('refuses an expired token as the real server does, until it is renewed', async () => {
    kubernetes.expire();
    expect(await refusal(listPods())).toMatchObject({ code: 401 });
    expect(JSON.parse((await get('/api/v1/pods')).text)).toEqual(recorded('error-401-unauthorized'));
    kubernetes.renew();
    expect((await listPods()).items).toEqual([]);
  });

  it('tells its version to anybody, and nothing else', async () => {
    expect((await get('/version', null)).code).toBe(200);
    expect((await get('/version', 'unknown')).code).toBe(401);
    expect((await get('/api/v1/pods', null)).code).toBe(401);
    expect((await clients.version.getCode()).gitVersion).toBe('v1.36.0');
    expect(Object.keys(JSON.parse((await get('/version')).text) as object)).toEqual(
      Object.keys(recorded('version')),
    );
  });

  it('refuses what is denied in the words of the real server', async () => {
    const weak = kubernetes.identity('steward-weak');
    weak.deny('list', 'pods');
    const refused = await refusal(clientsOf(weak).core.listNamespacedPod({ namespace: 'shop' }));
    expect(refused).toMatchObject({ code: 403, body: recorded('error-403-forbidden') });
    expect((await listPods()).items).toEqual([]);
  });

  it('grants no more than the rules of a role', async () => {
    const rules = [
      { apiGroups: [''], resources: ['pods'], verbs: ['list'] },
      { nonResourceURLs: ['/metrics'], verbs: ['get'] },
    ];
    const reader = kubernetes.identity('reader', rules);
    const { core, batch } = clientsOf(reader);
    expect((await core.listPodForAllNamespaces()).items).toEqual([]);
    expect((await refusal(core.listNode())).body).toMatchObject({
      message: expect.stringContaining('at the cluster scope'),
    });
    expect((await refusal(batch.listCronJobForAllNamespaces())).body).toMatchObject({
      message:
        'cronjobs.batch is forbidden: User "reader" cannot list resource "cronjobs" in API group "batch" at the cluster scope',
      details: { group: 'batch', kind: 'cronjobs' },
    });
    expect((await get('/metrics', reader.token)).code).toBe(200);
  });

  it.each([
    ['delete', 'selfsubjectaccessreview-allowed'],
    ['list', 'selfsubjectaccessreview-denied'],
  ])('answers whether it would allow (%s)', async (verb, name) => {
    const asker = kubernetes.identity('asker');
    asker.deny('list', 'pods');
    const { spec, status, kind } = recorded(name) as { spec: object; status: object; kind: string };
    const resourceAttributes = { namespace: 'shop', resource: 'pods', verb };
    const body = { spec: { resourceAttributes } };
    const answer = await clientsOf(asker).review.createSelfSubjectAccessReview({ body });
    expect(answer).toMatchObject({ kind, status, spec: { ...spec, resourceAttributes } });
  });
});

describe('faults of the simulated Kubernetes', () => {
  it('asks an impatient client to come again later, so many times', async () => {
    kubernetes.faults.tooManyRequests(1, { retryAfter: 7 });
    const { code, headers, body } = await refusal(listPods());
    expect([code, headers['retry-after'], body]).toEqual([
      429,
      '7',
      'Too many requests, please try again later.\n',
    ]);
    expect((await listPods()).items).toEqual([]);
  });

  it('goes away and comes back', async () => {
    kubernetes.faults.goAway();
    await expect(listPods()).rejects.toMatchObject({ code: 'ECONNRESET' });
    kubernetes.faults.comeBack();
    expect((await listPods()).items).toEqual([]);
  });

  it('answers late, only what is meant', async () => {
    kubernetes.faults.slow(60_000, { path: '/nodes' });
    expect((await listPods()).items).toEqual([]);
    const late = fetch(`${kubernetes.url}/api/v1/nodes`, { signal: AbortSignal.timeout(100) });
    await expect(late).rejects.toMatchObject({ name: 'TimeoutError' });
    kubernetes.faults.slow(0);
  });

  it('answers as a proxy in front of it would', async () => {
    kubernetes.faults.answer(1, { code: 502, body: '<html>Bad Gateway</html>' });
    expect(await refusal(listPods())).toMatchObject({ code: 502, body: '<html>Bad Gateway</html>' });
  });

  it('keeps a log of what was asked', async () => {
    kubernetes.clearRequests();
    await clients.core.listNamespacedPod({
      namespace: 'shop',
      limit: 5,
      fieldSelector: 'status.phase=Pending',
    });
    await until(() => kubernetes.requests()[0]?.status === 200, { what: 'the answer is logged' });
    expect(kubernetes.requests()).toMatchObject([
      {
        ...{
          method: 'GET',
          path: '/api/v1/namespaces/shop/pods',
          verb: 'list',
          user: 'steward',
          status: 200,
        },
        query: { limit: '5', fieldSelector: 'status.phase=Pending' },
      },
    ]);
  });
});

describe('what else the simulated Kubernetes serves', () => {
  it('counts what is stored in its metrics', async () => {
    const { text } = await get('/metrics');
    expect(text).toContain('apiserver_resource_objects{group="",resource="nodes"} 1\n');
    expect(text).toContain('apiserver_resource_objects{group="coordination.k8s.io",resource="leases"} 40\n');
    expect(text).toMatch(/^apiserver_storage_size_bytes\{.*\} 2.147483648e\+9$/m);
  });

  it("holds Calico's addresses as custom resources, where Calico keeps them there", async () => {
    const pod = kubernetes.addPod({ namespace: 'shop', name: 'one' });
    await until(() => kubernetes.addressesInUse().length === 1, { what: 'its address is written' });
    const asked = { group: 'crd.projectcalico.org', version: 'v1' };
    const list = async (plural: string) =>
      (await clients.custom.listClusterCustomObject({ ...asked, plural })) as {
        kind: string;
        items: unknown[];
      };
    expect(await list('ippools')).toMatchObject({
      kind: 'IPPoolList',
      items: [
        {
          kind: 'IPPool',
          metadata: { name: 'default-ipv4-ippool' },
          spec: { cidr: '10.0.0.0/16', blockSize: 26 },
        },
      ],
    });
    const { items } = await list('ipamblocks');
    expect(items).toMatchObject([
      {
        metadata: { name: '10-0-1-0-26' },
        spec: { affinity: 'host:node-1', attributes: [{ secondary: { namespace: 'shop', pod: 'one' } }] },
      },
    ]);
    expect(await list('blockaffinities')).toMatchObject({
      items: [{ spec: { node: 'node-1', cidr: '10.0.1.0/26' } }],
    });
    expect(await list('ipamhandles')).toMatchObject({ items: [{ spec: { block: { '10.0.1.0/26': 1 } } }] });
    kubernetes.deletePod('shop', pod.metadata.name);
    await until(async () => (await list('ipamhandles')).items.length === 0, {
      what: 'its address is given back',
    });
  });

  it('knows no custom resources where none are installed, and no other paths', async () => {
    const plain = await startKubernetes();
    const headers = { Authorization: `Bearer ${plain.token}` };
    for (const path of ['/apis/crd.projectcalico.org/v1/ippools', '/api/v1/secrets', '/apis/apps/v1/pods']) {
      const response = await fetch(`${plain.url}${path}`, { headers });
      expect([response.status, await response.text()]).toEqual([404, '404 page not found\n']);
    }
    await plain.stop();
  });
});
