import { afterEach, describe, expect, it } from '@jest/globals';
import {
  playgroundScene,
  startKubernetes,
  type LocalKubernetes,
} from '../../../../infra/local/kubernetes/index.js';
import { until } from '../../../../infra/local/until.js';
import { clientsOf } from './client.js';

let kubernetes: LocalKubernetes;

afterEach(() => kubernetes.stop());

const ENDPOINTS = ['http://127.0.0.1:1', 'http://127.0.0.1:2', 'http://127.0.0.1:3'];

describe("the playground's scene", () => {
  it('is the cluster of the incident, and lives', async () => {
    kubernetes = await startKubernetes();
    playgroundScene(kubernetes, { endpoints: ENDPOINTS, quotaBytes: 16_777_216, everyMs: 100 });
    const { core, apps, batch, policy } = clientsOf(kubernetes);
    await until(() => kubernetes.store.all('jobs').some(({ status }) => status.completionTime), {
      what: 'a job is done',
    });
    const cronJobs = (await batch.listCronJobForAllNamespaces()).items;
    const planned = cronJobs.map(({ spec }) => (spec!.jobTemplate.spec!.parallelism ?? 1) * 60);
    expect(planned.reduce((sum, pods) => sum + pods, 0)).toBe(900);
    const ready = async () =>
      [
        ...(await apps.listDaemonSetForAllNamespaces()).items.map(({ status }) => status!.numberReady),
        ...(await apps.listDeploymentForAllNamespaces()).items.map(({ status }) => status!.readyReplicas),
      ].join(' ');
    await until(async () => (await ready()) === '2 1 3', { what: 'all parts are ready' });
    await until(
      async () =>
        (await policy.listPodDisruptionBudgetForAllNamespaces()).items[0]!.status!.disruptionsAllowed === 1,
      { what: 'the budget can spare one' },
    );
    const etcd = (await core.listPodForAllNamespaces({ labelSelector: 'k8s-app=calico-etcd' })).items;
    expect(etcd.map(({ spec }) => spec!.containers[0]!.args)).toHaveLength(3);
    expect(etcd[0]!.spec!.containers[0]!.args).toContain('--quota-backend-bytes=16777216');
  });

  it('keeps only the newest jobs that are done, with their pods', async () => {
    kubernetes = await startKubernetes();
    const scene = playgroundScene(kubernetes, { endpoints: ENDPOINTS, quotaBytes: 1, everyMs: 40 });
    const runs = new Set<string>();
    kubernetes.store.subscribe(({ resource, key }) => resource === 'jobs' && runs.add(key));
    await until(() => runs.size > 20, { what: 'many have run' });
    scene.calm();
    const done = () => kubernetes.store.all('jobs').filter(({ status }) => status.completionTime);
    await until(() => done().length === 9 && kubernetes.store.count('jobs') === 9, {
      what: 'three of each are left',
    });
    expect(kubernetes.pods('batch')).toHaveLength(3 * (5 + 8 + 2));
  });
});

describe('a state in bulk', () => {
  it('is a large cluster, only there to be listed', async () => {
    kubernetes = await startKubernetes();
    kubernetes.addBulk({ pods: 1_000, events: 3_000, hanging: 12 });
    const { core } = clientsOf(kubernetes);
    const pending = await core.listPodForAllNamespaces({ fieldSelector: 'status.phase=Pending', limit: 500 });
    expect(pending.items).toHaveLength(12);
    const failed = await core.listEventForAllNamespaces({
      fieldSelector: 'reason=FailedCreatePodSandBox',
      limit: 500,
    });
    expect(failed.items).toHaveLength(24);
    let count = 0;
    let _continue: string | undefined;
    do {
      const page = await core.listEventForAllNamespaces({ limit: 500, ...(_continue ? { _continue } : {}) });
      count += page.items.length;
      _continue = page.metadata!._continue;
    } while (_continue);
    expect(count).toBe(3_000);
  });
});
