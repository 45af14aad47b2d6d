import { describe, expect, it } from '@jest/globals';
import calicoParts from '../../src/collectors/calico-parts.js';
import cronJobs from '../../src/collectors/cron-jobs.js';
import etcdPods from '../../src/collectors/etcd-pods.js';
import nodes from '../../src/collectors/nodes.js';
import pods from '../../src/collectors/pods.js';
import storedResources from '../../src/collectors/stored-resources.js';
import type { Cluster } from '../../src/domain/cluster.js';
import { settingOf } from '../../src/domain/kubernetes/etcd-pods.js';
import type { PodQuery, WorkloadQuery } from '../../src/domain/kubernetes/ports.js';
import type { EtcdPodRecord, JobRecord } from '../../src/domain/kubernetes/records.js';
import { MINUTE, NOW } from '../facts.js';
import { denied, pages, reachOf, refusal } from '../kubernetes-api.js';
import { calicoNode, controllers, cronJob, etcdPod, job, node } from '../kubernetes-facts.js';

describe('facts about Kubernetes', () => {
  it.each(Object.entries({ calicoParts, cronJobs, etcdPods, nodes, pods, storedResources }))(
    '%s are read only where the configuration names one',
    (_name, { appliesTo }) => {
      expect(appliesTo?.({ kubernetes: null } as Cluster)).toBe(false);
      const kubernetes = { kubeconfig: null, context: null, patienceMs: 180_000 };
      expect(appliesTo?.({ kubernetes, calico: false } as Cluster)).toBe(true);
    },
  );

  it('what the API server stores is not asked of an etcd that is Calico’s own', () => {
    const kubernetes = { kubeconfig: null, context: null, patienceMs: 180_000 };
    expect(storedResources.appliesTo?.({ kubernetes, calico: true } as Cluster)).toBe(false);
  });

  it('all nodes, page by page', async () => {
    const [one, other] = [node(), node({ name: 'node-2' })];
    expect(await nodes.read(reachOf({ nodes: () => pages([one], [other]) }))).toEqual([one, other]);
  });
});

describe('Calico’s parts', () => {
  it('are found by their labels; one that is not there is null', async () => {
    const workloads = async ({ kind, labelSelector }: WorkloadQuery) =>
      kind === 'DaemonSet' && labelSelector === 'k8s-app=calico-node' ? [calicoNode()] : [];
    expect(await calicoParts.read(reachOf({ workloads }))).toEqual({ node: calicoNode(), controllers: null });
  });

  it('are unknown where one may not be read', async () => {
    const workloads = async ({ kind }: WorkloadQuery) => {
      if (kind === 'DaemonSet') return [controllers()];
      throw refusal('deployments.apps');
    };
    await expect(calicoParts.read(reachOf({ workloads }))).rejects.toThrow('may not list deployments.apps');
  });
});

describe('CronJobs', () => {
  const jobs = [0.5, 1.5, 2.5].map((minutes) =>
    job('report', { createdAt: NOW - minutes * MINUTE, failed: 1 }),
  );

  it('are counted by their Jobs', async () => {
    const kubernetes = {
      cronJobs: () => pages([cronJob()]),
      jobs: () => pages(jobs.slice(0, 1), jobs.slice(1)),
    };
    expect(await cronJobs.read(reachOf(kubernetes))).toMatchObject([
      { namespace: 'batch', name: 'report', podsPerHour: 120, basis: 'counted' },
    ]);
  });

  it('go by their schedule where Jobs are denied, also after a first page', async () => {
    const kubernetes = {
      cronJobs: () => pages([cronJob()]),
      jobs: () => denied<JobRecord>('jobs.batch', jobs),
    };
    expect(await cronJobs.read(reachOf(kubernetes))).toMatchObject([{ podsPerHour: 60, basis: 'planned' }]);
  });
});

describe('the pods of etcd', () => {
  const kubeadm = etcdPod();
  const calico = etcdPod({
    name: 'calico-etcd-x',
    uid: 'c1',
    labels: { 'k8s-app': 'calico-etcd' },
    owner: { kind: 'DaemonSet', name: 'calico-etcd', uid: 'd1' },
    flags: {
      'listen-client-urls': 'http://0.0.0.0:6666',
      'advertise-client-urls': 'http://$CALICO_ETCD_IP:6666',
    },
  });

  async function found(cluster: Partial<Cluster>): Promise<readonly string[]> {
    const asked: Record<string, readonly EtcdPodRecord[]> = {
      'component=etcd': [kubeadm],
      'k8s-app=calico-etcd': [calico],
      'app=etcd': [kubeadm],
    };
    const etcd = ({ labelSelector }: PodQuery) => pages(asked[labelSelector ?? ''] ?? []);
    return (await etcdPods.read(reachOf({ etcdPods: etcd }, { cluster }))).map(({ name }) => name);
  }

  it.each<[string, Partial<Cluster>, readonly string[]]>([
    ['by the address they advertise', { endpoints: ['https://10.0.0.1:2379'] }, ['etcd-node-1']],
    [
      'by host and port where they listen everywhere',
      { endpoints: ['http://10.0.0.1:6666'] },
      ['calico-etcd-x'],
    ],
    ['none of them where they run elsewhere', { endpoints: ['https://10.9.9.9:2379'] }, []],
    [
      'Calico’s by their label where the endpoint is a Service',
      { endpoints: ['http://10.96.232.136:6666'], calico: true },
      ['calico-etcd-x'],
    ],
  ])('are found %s', async (_case, cluster, names) => {
    expect(await found(cluster)).toEqual(names);
  });

  it.each([
    [{ flags: { 'quota-backend-bytes': '1' }, env: { ETCD_QUOTA_BACKEND_BYTES: '2' } }, '1'],
    [{ flags: {}, env: { ETCD_QUOTA_BACKEND_BYTES: '2' } }, '2'],
    [{ flags: {}, env: {} }, null],
  ])('a flag wins over a variable: %j', (pod, value) => {
    expect(settingOf(pod, 'quota-backend-bytes')).toBe(value);
  });
});

describe('what the API server stores', () => {
  it('comes with most bytes first, then most objects', async () => {
    const row = (resource: string, bytes: number | null, objects: number | null) => ({
      group: '',
      resource,
      bytes,
      objects,
    });
    const storage = async () => [row('a', null, null), row('b', null, 5), row('c', 10, 1), row('d', 20, 0)];
    const { resources } = await storedResources.read(reachOf({ storage }));
    expect(resources.map(({ resource }) => resource)).toEqual(['d', 'c', 'b', 'a']);
  });
});
