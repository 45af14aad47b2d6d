import { describe, expect, it } from '@jest/globals';
import calicoControllers from '../../src/checks/calico-controllers.js';
import calicoNode from '../../src/checks/calico-node.js';
import cronJobChurn from '../../src/checks/cron-job-churn.js';
import etcdFlags from '../../src/checks/etcd-flags.js';
import nodeTrouble from '../../src/checks/node-trouble.js';
import podsHanging from '../../src/checks/pods-hanging.js';
import type { Check } from '../../src/domain/finding.js';
import type { WorkloadRecord } from '../../src/domain/kubernetes/records.js';
import type { FactValues, Snapshot } from '../../src/domain/snapshot.js';
import { full, healthy, MINUTE, NOW, withEveryMetrics, withoutFact } from '../facts.js';
import * as k8s from '../kubernetes-facts.js';

type Row = readonly [name: string, facts: Partial<FactValues>, severity: string, summary: RegExp | string];

function table(check: Check, rows: readonly Row[], base: Snapshot = healthy()): void {
  it.each(rows)('%s', (_name, facts, severity, summary) => {
    const [found] = check.run(k8s.withKubernetes(base, facts));
    expect(found?.severity).toBe(severity);
    expect(found?.summary).toEqual(typeof summary === 'string' ? summary : expect.stringMatching(summary));
  });
}

describe('nodes', () => {
  const trouble = (type: string) => ({ type, reason: 'Kubelet', message: 'x', since: NOW - 5 * MINUTE });
  const others = Array.from({ length: 9 }, (_, index) => k8s.node({ name: `n${index}` }));
  table(nodeTrouble, [
    ['well', {}, 'ok', 'All 3 nodes are well'],
    ['cordoned is well', { nodes: [k8s.node({ cordoned: true })] }, 'ok', 'The node is well'],
    [
      'one not ready',
      { nodes: [...others, k8s.node({ name: 'x', ready: 'False' })] },
      'warning',
      '1 of 10 nodes is not ready: x',
    ],
    [
      'all not ready',
      { nodes: others.map((one) => ({ ...one, ready: 'Unknown' as const })) },
      'critical',
      '9 of 9 nodes are not ready: n0, n1, n2 and 6 more',
    ],
    [
      'a full disk',
      { nodes: [...others, k8s.node({ name: 'x', troubles: [trouble('DiskPressure')] })] },
      'warning',
      'DiskPressure on x',
    ],
  ]);

  it('says since when', () => {
    const nodes = [k8s.node({ troubles: [trouble('MemoryPressure')] })];
    expect(nodeTrouble.run(k8s.withKubernetes(healthy(), { nodes }))[0]?.evidence).toEqual([
      'node-1: MemoryPressure for 5 min (Kubelet)',
    ]);
  });
});

describe('calico-node', () => {
  const ready = (count: number) => ({
    'calico-parts': { node: k8s.calicoNode({ ready: count }), controllers: null },
  });
  table(calicoNode, [
    ['everywhere', ready(3), 'ok', 'calico-node is ready on all 3 nodes'],
    ['not everywhere', ready(2), 'warning', 'calico-node is ready on 2 of 3 nodes'],
    ['nowhere', ready(0), 'critical', 'calico-node is ready on 0 of 3 nodes'],
    ['not there', { 'calico-parts': { node: null, controllers: null } }, 'ok', /another’s/],
  ]);
});

describe('Calico’s controllers', () => {
  const given = (controllers: WorkloadRecord | null) => ({
    'calico-parts': { node: k8s.calicoNode(), controllers },
  });
  const env = (more: Record<string, string>) => given(k8s.controllers({ env: more }));
  table(calicoControllers, [
    ['ready', given(k8s.controllers()), 'ok', 'calico-kube-controllers is ready'],
    ['not ready', given(k8s.controllers({ ready: 0 })), 'warning', /is not ready/],
    ['not there', given(null), 'info', /is not there/],
    ['compaction off', env({ COMPACTION_PERIOD: '0' }), 'warning', /switched off/],
    ['compaction off, with a unit', env({ COMPACTION_PERIOD: '0s' }), 'warning', /switched off/],
    ['compaction on', env({ COMPACTION_PERIOD: '10m' }), 'ok', /is ready/],
    ['stored in Kubernetes', env({ COMPACTION_PERIOD: '0', DATASTORE_TYPE: 'kubernetes' }), 'ok', /is ready/],
  ]);

  it('says how to switch it on', () => {
    const [found] = calicoControllers.run(k8s.withKubernetes(healthy(), env({ COMPACTION_PERIOD: '0' })));
    expect(found?.advice).toBe(
      'Switch it on: `kubectl -n kube-system set env deployment/calico-kube-controllers COMPACTION_PERIOD=10m`',
    );
  });
});

describe('CronJobs', () => {
  const busy = {
    'cron-jobs': [
      {
        namespace: 'batch',
        name: 'report',
        schedule: '* * * * *',
        suspended: false,
        podsPerHour: 900,
        basis: 'counted' as const,
      },
    ],
  };
  describe('while history grows', () => {
    table(
      cronJobChurn,
      [['are told', busy, 'warning', /^CronJobs start 900 pods an hour, and 4.812.990 revisions wait/]],
      full(healthy()),
    );
    table(
      cronJobChurn,
      [['are told softly', busy, 'info', /revisions wait/]],
      withEveryMetrics(healthy(), { compactRevision: 1_180_000 }),
    );
  });
  describe('without evidence for that', () => {
    table(cronJobChurn, [['are no trouble', busy, 'ok', 'CronJobs start 900 pods an hour']]);
    table(
      cronJobChurn,
      [['are no trouble', busy, 'ok', /history not read$/]],
      withoutFact(healthy(), 'metrics'),
    );
    table(
      cronJobChurn,
      [['are no trouble when they are few', {}, 'ok', 'CronJobs start 0 pods an hour']],
      full(healthy()),
    );
  });
});

describe('the flags of the etcd pods', () => {
  const bare = k8s.etcdPod({ flags: {} });
  table(etcdFlags, [
    ['given', {}, 'ok', /with quota and auto-compaction/],
    ['none found', { 'etcd-pods': [] }, 'ok', /its flags are not known/],
    [
      'neither given',
      { 'etcd-pods': [bare] },
      'info',
      'etcd is started with no auto-compaction and no quota, so 2 GiB',
    ],
    [
      'switched off',
      {
        'etcd-pods': [
          k8s.etcdPod({ flags: { 'auto-compaction-retention': '0', 'quota-backend-bytes': '1' } }),
        ],
      },
      'info',
      'etcd is started with no auto-compaction',
    ],
    [
      'given as variables',
      {
        'etcd-pods': [
          k8s.etcdPod({
            flags: {},
            env: { ETCD_AUTO_COMPACTION_RETENTION: '1', ETCD_QUOTA_BACKEND_BYTES: '1' },
          }),
        ],
      },
      'ok',
      /with quota/,
    ],
  ]);

  it('are shown exactly, and where to change them', () => {
    const [found] = etcdFlags.run(k8s.withKubernetes(healthy(), { 'etcd-pods': [bare] }));
    expect(found?.evidence).toEqual([
      'etcd-node-1: no --quota-backend-bytes, no --auto-compaction-retention',
    ]);
    expect(found?.advice).toBe(
      'On node-1, in /etc/kubernetes/manifests/etcd.yaml, one node after the other: add `--auto-compaction-mode=periodic --auto-compaction-retention=1h` and `--quota-backend-bytes=8589934592`',
    );
  });
});

describe('pods that hang', () => {
  it('stand before everything else, then nodes, the network, its controllers', () => {
    const order = [podsHanging, nodeTrouble, calicoNode, calicoControllers].map(({ rank }) => rank);
    expect(order).toEqual([0, 1, 2, 3]);
  });

  it('are critical with the fix where this etcd is full', () => {
    const snapshot = k8s.withKubernetes(full(healthy()), { pods: k8s.hangingPods(k8s.many(2)) });
    expect(podsHanging.run(snapshot)[0]).toMatchObject({ severity: 'critical', runbook: 'fix' });
  });
});
