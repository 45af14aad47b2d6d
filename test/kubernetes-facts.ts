import type { FactName, FactValues, Snapshot } from '../src/domain/snapshot.js';
import type { HangingPod, HangingPods } from '../src/domain/kubernetes/facts.js';
import type {
  CronJobRecord,
  EtcdPodRecord,
  JobRecord,
  NodeRecord,
  PodEvent,
  PodRecord,
  WorkloadRecord,
} from '../src/domain/kubernetes/records.js';
import { HOUR, MINUTE, NOW, read } from './healthy.js';

/* What is read from a Kubernetes API with nothing wrong, to be overridden by whoever tests one thing. */

/** As a kubelet says it, recorded. */
export const JSON_WORDS =
  'Failed create pod sandbox: rpc error: code = Unknown desc = NetworkPlugin cni failed to set up pod "web-fc4cb949f-gpkm2_shop" network: netplugin failed but error parsing its diagnostic message "": unexpected end of JSON input';
export const SPACE_WORDS =
  'Failed to create pod sandbox: rpc error: code = Unknown desc = failed to setup network for sandbox "4f1c": plugin type="calico" failed (add): etcdserver: mvcc: database space exceeded';
export const POOL_WORDS =
  'Failed to create pod sandbox: rpc error: code = Unknown desc = failed to setup network for sandbox "4f1c": plugin type="calico" failed (add): failed to request IPv4 addresses: Assigned 0 out of 1 requested IPv4 addresses; No more free addresses in the given IP pools';

/** A pod that waits for its sandbox on node-2 for ten minutes. */
export function pod(changes: Partial<PodRecord> = {}): PodRecord {
  return {
    namespace: 'shop',
    name: 'web-1',
    uid: `uid-of-${changes.name ?? 'web-1'}`,
    labels: { app: 'web' },
    node: 'node-2',
    phase: 'Pending',
    createdAt: NOW - 10 * MINUTE - 2000,
    scheduledAt: NOW - 10 * MINUTE,
    unschedulable: null,
    waiting: [{ reason: 'ContainerCreating', message: null }],
    addresses: [],
    ready: false,
    hostNetwork: false,
    deletingSince: null,
    owner: { kind: 'ReplicaSet', name: 'web-fc4cb949f', uid: 'uid-of-rs' },
    ...changes,
  };
}

export function event(message: string, changes: Partial<PodEvent> = {}): PodEvent {
  return {
    namespace: 'shop',
    pod: 'web-1',
    podUid: `uid-of-${changes.pod ?? 'web-1'}`,
    reason: 'FailedCreatePodSandBox',
    message,
    count: 37,
    firstAt: NOW - 9 * MINUTE,
    lastAt: NOW - MINUTE,
    ...changes,
  };
}

export function hangingPod(changes: Partial<HangingPod> = {}): HangingPod {
  const { namespace, name, uid, node, labels, owner, createdAt } = pod(changes);
  return {
    ...{ namespace, name, uid, node, labels, owner, createdAt },
    since: NOW - 35 * MINUTE,
    cause: 'address-refused',
    confidence: 'certain',
    words: SPACE_WORDS,
    saidAt: NOW - MINUTE,
    ...changes,
  };
}

/** Each one is listed and counted. */
export function hangingPods(hanging: readonly HangingPod[], changes: Partial<HangingPods> = {}): HangingPods {
  const counts: Record<string, number> = {};
  for (const { cause } of hanging) counts[cause] = (counts[cause] ?? 0) + 1;
  return { hanging, counts, afterMs: 30_000, withEvents: true, ...changes };
}

/** So many pods of one kind, the first one hanging longest. */
export function many(count: number, changes: Partial<HangingPod> = {}): readonly HangingPod[] {
  return Array.from({ length: count }, (_, index) =>
    hangingPod({
      name: `web-${String(index + 1)}`,
      since: NOW - 35 * MINUTE + index * 1000,
      ...changes,
    }),
  );
}

export function node(changes: Partial<NodeRecord> = {}): NodeRecord {
  return { name: 'node-1', ready: 'True', troubles: [], cordoned: false, kubelet: 'v1.34.1', ...changes };
}

export function calicoNode(changes: Partial<WorkloadRecord> = {}): WorkloadRecord {
  return {
    kind: 'DaemonSet',
    namespace: 'kube-system',
    name: 'calico-node',
    uid: 'uid-of-calico-node',
    desired: 3,
    ready: 3,
    image: 'calico/node:v3.28.0',
    env: {},
    ...changes,
  };
}

export function controllers(changes: Partial<WorkloadRecord> = {}): WorkloadRecord {
  return calicoNode({
    kind: 'Deployment',
    name: 'calico-kube-controllers',
    uid: 'uid-of-controllers',
    desired: 1,
    ready: 1,
    image: 'calico/kube-controllers:v3.28.0',
    ...changes,
  });
}

export function cronJob(changes: Partial<CronJobRecord> = {}): CronJobRecord {
  return {
    namespace: 'batch',
    name: 'report',
    uid: `uid-of-${changes.name ?? 'report'}`,
    schedule: '* * * * *',
    timeZone: null,
    suspended: false,
    podsPerRun: 1,
    active: 0,
    lastScheduledAt: NOW - 30_000,
    ...changes,
  };
}

/** A Job that the CronJob of this name started. */
export function job(of: string, changes: Partial<JobRecord> = {}): JobRecord {
  return {
    namespace: 'batch',
    name: `${of}-1`,
    uid: `uid-of-${of}-1`,
    createdAt: NOW - MINUTE,
    owner: { kind: 'CronJob', name: of, uid: `uid-of-${of}` },
    active: 0,
    succeeded: 1,
    failed: 0,
    ...changes,
  };
}

export function etcdPod(changes: Partial<EtcdPodRecord> = {}): EtcdPodRecord {
  return {
    ...pod({
      namespace: 'kube-system',
      name: 'etcd-node-1',
      labels: { component: 'etcd', tier: 'control-plane' },
      node: 'node-1',
      phase: 'Running',
      waiting: [],
      addresses: ['10.0.0.1'],
      ready: true,
      hostNetwork: true,
      owner: { kind: 'Node', name: 'node-1', uid: 'uid-of-node-1' },
      createdAt: NOW - 900 * HOUR,
    }),
    image: 'registry.k8s.io/etcd:3.5.16-0',
    flags: {
      'advertise-client-urls': 'https://10.0.0.1:2379',
      'auto-compaction-retention': '8h',
      'quota-backend-bytes': '8589934592',
    },
    env: {},
    annotations: {},
    hostAddress: '10.0.0.1',
    ...changes,
  };
}

/** Everything about Kubernetes read, and nothing wrong with it. */
export function withKubernetes(snapshot: Snapshot, changes: Partial<FactValues> = {}): Snapshot {
  const values: Partial<FactValues> = {
    pods: hangingPods([]),
    nodes: [node(), node({ name: 'node-2' }), node({ name: 'node-3' })],
    'calico-parts': { node: calicoNode(), controllers: controllers() },
    'cron-jobs': [],
    'etcd-pods': [etcdPod()],
    'stored-resources': { resources: [] },
    ...changes,
  };
  const facts = Object.fromEntries(
    (Object.entries(values) as [FactName, never][]).map(([name, value]) => [name, read(value)]),
  );
  return { ...snapshot, facts: { ...snapshot.facts, ...facts } };
}
