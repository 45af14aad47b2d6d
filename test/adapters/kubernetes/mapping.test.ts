import { describe, expect, it } from '@jest/globals';
import { budgetOf } from '../../../src/adapters/kubernetes/records/budget.js';
import { cronJobOf, jobOf } from '../../../src/adapters/kubernetes/records/batch.js';
import { etcdPodOf, flagsOf } from '../../../src/adapters/kubernetes/records/etcd-pod.js';
import { podEventOf } from '../../../src/adapters/kubernetes/records/event.js';
import { nodeOf } from '../../../src/adapters/kubernetes/records/node.js';
import { podOf } from '../../../src/adapters/kubernetes/records/pod.js';
import { workloadOf } from '../../../src/adapters/kubernetes/records/workload.js';
import { makeTable } from '../../../src/adapters/kubernetes/storage.js';

const metadata = { name: 'a', namespace: 'n', uid: 'u', creationTimestamp: '2026-01-01T00:00:00Z' };
const T = Date.parse('2026-01-01T00:00:00Z');

function pod(status: object, spec: object = {}, more: object = {}): ReturnType<typeof podOf> {
  return podOf({ metadata: { ...metadata, ...more }, spec, status });
}

describe('a pod', () => {
  it('that says nothing of itself is still one', () => {
    expect(podOf({ metadata: { name: 'a', uid: 'u' } })).toEqual({
      namespace: '',
      name: 'a',
      uid: 'u',
      labels: {},
      node: null,
      phase: 'Unknown',
      createdAt: 0,
      scheduledAt: null,
      unschedulable: null,
      waiting: [],
      addresses: [],
      ready: false,
      hostNetwork: false,
      deletingSince: null,
      owner: null,
    });
  });

  it.each([null, 5, 'pod', [], {}, { metadata: { name: 'a' } }, { metadata: { name: 1, uid: 2 } }])(
    'is not %j',
    (item) => {
      expect(podOf(item)).toBeNull();
    },
  );

  it('waits with its init containers first', () => {
    const waiting = (reason: string, message?: string) => ({ state: { waiting: { reason, message } } });
    const status = {
      initContainerStatuses: [waiting('CrashLoopBackOff', 'back-off')],
      containerStatuses: [waiting('PodInitializing'), { state: { running: {} } }, { state: { waiting: {} } }],
    };
    expect(pod(status)?.waiting).toEqual([
      { reason: 'CrashLoopBackOff', message: 'back-off' },
      { reason: 'PodInitializing', message: null },
    ]);
  });

  const condition = (status: string, more: object) => ({
    conditions: [{ type: 'PodScheduled', status, ...more }],
  });

  it.each([
    [condition('False', { reason: 'Unschedulable', message: '0/2 nodes' }), '0/2 nodes'],
    [condition('False', { reason: 'SchedulerError' }), 'SchedulerError'],
    [condition('False', {}), 'no reason given'],
    [condition('False', { reason: 'SchedulingGated', message: 'gates' }), null],
    [condition('True', {}), null],
    [{}, null],
  ])('%j is unschedulable: %s', (status, words) => {
    expect(pod(status)?.unschedulable).toBe(words);
  });

  it.each([
    [condition('True', { lastTransitionTime: '2026-01-01T00:00:00Z' }), T],
    [{ ...condition('True', { lastTransitionTime: null }), startTime: '2026-01-01T00:00:00Z' }, T],
    [condition('False', { lastTransitionTime: '2026-01-01T00:00:00Z' }), null],
  ])('%j has its node since %s', (status, at) => {
    expect(pod(status, { nodeName: 'node' })?.scheduledAt).toBe(at);
    expect(pod(status)?.scheduledAt).toBeNull();
  });

  it('is being deleted since its grace began', () => {
    const more = { deletionTimestamp: '2026-01-01T00:00:30Z', deletionGracePeriodSeconds: 30 };
    expect(pod({}, {}, more)?.deletingSince).toBe(T);
    expect(pod({}, {}, { deletionTimestamp: '2026-01-01T00:00:00Z' })?.deletingSince).toBe(T);
  });

  it('has all of its addresses, or the one that older servers tell', () => {
    expect(pod({ podIP: '1', podIPs: [{ ip: '1' }, { ip: 'f::' }] })?.addresses).toEqual(['1', 'f::']);
    expect(pod({ podIP: '1' })?.addresses).toEqual(['1']);
  });

  it('is owned by whoever controls it', () => {
    const owner = (kind: string, controller?: boolean) => ({ kind, name: 'o', uid: 'x', controller });
    const more = { ownerReferences: [owner('A'), owner('B', true)] };
    expect(pod({}, {}, more)?.owner).toEqual({ kind: 'B', name: 'o', uid: 'x' });
    expect(pod({}, {}, { ownerReferences: [owner('A')] })?.owner).toBeNull();
  });

  it('has words that are cut where they are over-long', () => {
    const status = condition('False', { reason: 'Unschedulable', message: 'x'.repeat(9000) });
    expect(pod(status)?.unschedulable).toHaveLength(1025);
  });
});

describe('an event', () => {
  const about = { involvedObject: { kind: 'Pod', name: 'p', namespace: 'n', uid: 'u' }, reason: 'R' };

  it.each([
    [
      'counted by itself',
      {
        count: 4,
        firstTimestamp: '2026-01-01T00:00:00Z',
        lastTimestamp: '2026-01-01T00:01:00Z',
        eventTime: null,
      },
      { count: 4, firstAt: T, lastAt: T + 60_000 },
    ],
    [
      'counted in its series',
      {
        eventTime: '2026-01-01T00:00:00.000000Z',
        series: { count: 7, lastObservedTime: '2026-01-01T00:02:00.000000Z' },
        firstTimestamp: null,
        lastTimestamp: null,
      },
      { count: 7, firstAt: T, lastAt: T + 120_000 },
    ],
    ['seen once', { eventTime: '2026-01-01T00:00:00Z' }, { count: 1, firstAt: T, lastAt: T }],
    ['without any time', { metadata }, { count: 1, firstAt: T, lastAt: T }],
  ])('%s', (_, more, expected) => {
    expect(podEventOf({ ...about, ...more })).toMatchObject({ pod: 'p', podUid: 'u', ...expected });
  });

  it('about something else is none of a pod', () => {
    expect(podEventOf({ involvedObject: { kind: 'Node', name: 'n' } })).toBeNull();
    expect(podEventOf({ involvedObject: { kind: 'Pod' } })).toBeNull();
  });
});

describe('a node', () => {
  const node = (...conditions: readonly object[]) => nodeOf({ metadata, status: { conditions } });

  it('whose kubelet is silent has no other trouble', () => {
    const unknown = ['Ready', 'DiskPressure'].map((type) => ({ type, status: 'Unknown' }));
    expect(node(...unknown)).toMatchObject({ ready: 'Unknown', troubles: [] });
    expect(node()).toMatchObject({ ready: 'Unknown', troubles: [] });
  });

  it('tells every pressure, and a network that is not there', () => {
    const types = ['MemoryPressure', 'NetworkUnavailable', 'Other'];
    expect(
      node(...types.map((type) => ({ type, status: 'True' })))?.troubles.map(({ type }) => type),
    ).toEqual(['MemoryPressure', 'NetworkUnavailable']);
  });
});

describe('a workload', () => {
  const env = [
    { name: 'COMPACTION_PERIOD', value: '0' },
    { name: 'ETCD_KEY_FILE', value: '/calico-secrets/etcd-key' },
    { name: 'ETCD_ENDPOINTS', valueFrom: { configMapKeyRef: {} } },
    { name: 'DB_PASSWORD', value: 'hush' },
    { name: 'API_TOKEN', value: 'hush' },
  ];
  const spec = {
    replicas: 2,
    template: { spec: { containers: [{ image: 'i', env }, { image: 'sidecar' }] } },
  };

  it('shows plain values of its first container, and nothing that sounds like a secret', () => {
    const found = workloadOf('Deployment')({ metadata, spec, status: { readyReplicas: 1 } });
    expect(found).toMatchObject({ desired: 2, ready: 1, image: 'i' });
    expect(found?.env).toEqual({ COMPACTION_PERIOD: '0', ETCD_KEY_FILE: '/calico-secrets/etcd-key' });
  });

  it('has no pod that is ready where its controller does not say', () => {
    expect(workloadOf('Deployment')({ metadata })).toMatchObject({ desired: 1, ready: 0 });
    expect(workloadOf('DaemonSet')({ metadata })).toMatchObject({ desired: 0, ready: 0 });
  });
});

describe('a CronJob', () => {
  it.each([
    [{}, 1],
    [{ parallelism: 3 }, 3],
    [{ completions: 5, parallelism: 2 }, 5],
  ])('whose Jobs are %j starts %i pods each time', (job, pods) => {
    expect(cronJobOf({ metadata, spec: { jobTemplate: { spec: job } } })?.podsPerRun).toBe(pods);
  });

  it('may be suspended, in a zone, and at work', () => {
    const spec = { schedule: '@hourly', suspend: true, timeZone: 'Europe/Berlin' };
    const status = { active: [{}, {}], lastScheduleTime: '2026-01-01T00:00:00Z' };
    expect(cronJobOf({ metadata, spec, status })).toMatchObject({
      schedule: '@hourly',
      suspended: true,
      timeZone: 'Europe/Berlin',
      active: 2,
      lastScheduledAt: T,
    });
  });

  it('starts Jobs that count their pods', () => {
    const status = { active: 1, succeeded: 2, failed: 3 };
    expect(jobOf({ metadata, status })).toMatchObject({ createdAt: T, active: 1, succeeded: 2, failed: 3 });
  });
});

describe('a budget', () => {
  it.each([
    [{}, null],
    [{ selector: {} }, { labels: {}, expressions: [] }],
    [
      {
        selector: {
          matchLabels: { a: 'b', c: 1 },
          matchExpressions: [
            { key: 'k', operator: 'In', values: ['v'] },
            { key: 'k', operator: 'Near' },
          ],
        },
      },
      { labels: { a: 'b' }, expressions: [{ key: 'k', operator: 'In', values: ['v'] }] },
    ],
  ])('of %j selects %j', (spec, selector) => {
    expect(budgetOf({ metadata, spec })).toMatchObject({ selector, disruptionsAllowed: 0 });
  });
});

describe('an etcd pod', () => {
  it.each([
    [['etcd', '--aa=1', '--bb', '2', '-cc=3', '--dd'], { aa: '1', bb: '2', cc: '3', dd: 'true' }],
    [['/bin/sh', '-c', 'exec etcd --aa="1" --bb=2;'], { aa: '1', bb: '2' }],
    [["--aa='x'", '--aa=y'], { aa: 'y' }],
    [['etcd', '--flag', '--other=1'], { flag: 'true', other: '1' }],
  ])('started with %j has the flags %j', (given, flags) => {
    expect(flagsOf(given)).toEqual(flags);
  });

  it('is read by its etcd container, not by what stands beside it', () => {
    const containers = [
      { name: 'metrics', image: 'proxy', args: ['--a=1'] },
      {
        name: 'calico-etcd',
        image: 'etcd:3',
        args: ['--bb=2'],
        env: [
          { name: 'ETCD_X', value: '1' },
          { name: 'Y', value: '2' },
        ],
      },
    ];
    const annotations = {
      'kubectl.kubernetes.io/last-applied-configuration': '{}',
      'etcd-steward.io/cluster': 'a',
    };
    const found = etcdPodOf({
      metadata: { ...metadata, annotations },
      spec: { containers },
      status: { hostIP: '10.0.0.1' },
    });
    expect(found).toMatchObject({ image: 'etcd:3', flags: { bb: '2' }, hostAddress: '10.0.0.1' });
    expect(found).toMatchObject({ env: { ETCD_X: '1' }, annotations: { 'etcd-steward.io/cluster': 'a' } });
    expect([Object.keys(found!.env), Object.keys(found!.annotations)].flat()).toHaveLength(2);
  });
});

describe('the API server’s metrics', () => {
  it.each([
    [
      'apiserver_resource_objects{group="",resource="pods"} 3',
      { group: '', resource: 'pods', objects: 3, bytes: null },
    ],
    [
      'apiserver_storage_objects{resource="jobs.batch"} 1.2e+06',
      { group: 'batch', resource: 'jobs', objects: 1_200_000, bytes: null },
    ],
    [
      'apiserver_storage_objects{resource="events"} -1',
      { group: '', resource: 'events', objects: null, bytes: null },
    ],
    [
      'apiserver_resource_size_estimate_bytes{group="a.b",resource="c"} 4096',
      { group: 'a.b', resource: 'c', objects: null, bytes: 4096 },
    ],
  ])('%s', (line, row) => {
    const table = makeTable();
    table.add(line);
    expect(table.rows()).toEqual([row]);
  });

  it('count a resource once, by the newer name', () => {
    const table = makeTable();
    table.add('apiserver_storage_objects{resource="jobs.batch"} 1');
    table.add('apiserver_resource_objects{group="batch",resource="jobs"} 2');
    table.add('apiserver_storage_objects{resource="jobs.batch"} 3');
    expect(table.rows()).toEqual([{ group: 'batch', resource: 'jobs', objects: 2, bytes: null }]);
  });

  it.each([
    '',
    '# HELP apiserver_storage_objects',
    'apiserver_storage_objects',
    'apiserver_storage_objects{} 1',
    'etcd_x{resource="a"} 1',
  ])('hold nothing in %j', (line) => {
    const table = makeTable();
    table.add(line);
    expect(table.rows()).toEqual([]);
  });
});
