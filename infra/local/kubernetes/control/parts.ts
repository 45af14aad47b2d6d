import type { DaemonSet, Deployment } from '../objects/workload.js';
import type { Pod } from '../objects/pod.js';
import type { PodControl } from './pods.js';
import type { WorkloadControl } from './workloads.js';

export interface EtcdPodOptions {
  node: string;
  /** Flags without dashes: `quota-backend-bytes` → `2147483648`. */
  flags: Record<string, string>;
  /** `kubeadm`: a static pod `etcd-<node>`; `calico`: `calico-etcd-…` as in Calico's own manifest. */
  form: 'kubeadm' | 'calico';
  name?: string;
  image?: string;
  annotations?: Record<string, string>;
  labels?: Record<string, string>;
  /** Plain environment variables: `ETCD_QUOTA_BACKEND_BYTES`. */
  env?: Record<string, string>;
}

export interface PartsControl {
  addEtcdPod(options: EtcdPodOptions): Pod;
  addCalicoNode(options?: { image?: string; env?: Record<string, string> }): DaemonSet;
  addCalicoKubeControllers(options?: {
    image?: string;
    env?: Record<string, string>;
    replicas?: number;
  }): Deployment;
}

const SYSTEM = 'kube-system';

/** The parts of a cluster that the incident leads through. */
export function makePartsControl(pods: PodControl, workloads: WorkloadControl): PartsControl {
  return {
    addEtcdPod: (options) =>
      pods.addPod({ ...(options.form === 'kubeadm' ? kubeadm(options) : calico(options)) }),
    addCalicoNode: ({ image = 'docker.io/calico/node:v3.30.0', env = {} } = {}) =>
      workloads.addDaemonSet({
        ...{ namespace: SYSTEM, name: 'calico-node', image, hostNetwork: true },
        labels: { 'k8s-app': 'calico-node' },
        container: { env: variables({ DATASTORE_TYPE: 'etcdv3', ...env }) },
      }),
    addCalicoKubeControllers: ({
      image = 'docker.io/calico/kube-controllers:v3.30.0',
      env = {},
      replicas = 1,
    } = {}) =>
      workloads.addDeployment({
        ...{ namespace: SYSTEM, name: 'calico-kube-controllers', image, hostNetwork: true, replicas },
        labels: { 'k8s-app': 'calico-kube-controllers' },
        container: {
          env: variables({
            ENABLED_CONTROLLERS: 'policy,namespace,serviceaccount,workloadendpoint,node',
            ...env,
          }),
        },
      }),
  };
}

function kubeadm({
  node,
  flags,
  name = `etcd-${node}`,
  image = 'registry.k8s.io/etcd:3.5.21-0',
  ...rest
}: EtcdPodOptions) {
  const { annotations = {}, labels, env = {} } = rest;
  const urls = flags['advertise-client-urls'];
  return {
    ...{ namespace: SYSTEM, name, node, image, hostNetwork: true },
    labels: labels ?? { component: 'etcd', tier: 'control-plane' },
    annotations: {
      ...(urls ? { 'kubeadm.kubernetes.io/etcd.advertise-client-urls': urls } : {}),
      ...{
        'kubernetes.io/config.mirror': 'simulated',
        'kubernetes.io/config.source': 'file',
        ...annotations,
      },
    },
    container: { name: 'etcd', command: ['etcd', ...flagged(flags)], env: variables(env) },
  };
}

/** Its command is a shell's in the manifest of old; the flags are arguments here, as in newer ones. */
function calico({
  node,
  flags,
  name = `calico-etcd-${node}`,
  image = 'quay.io/coreos/etcd:v3.4.23',
  ...rest
}: EtcdPodOptions) {
  const { annotations, labels, env = {} } = rest;
  return {
    ...{ namespace: SYSTEM, name, node, image, hostNetwork: true },
    labels: labels ?? { 'k8s-app': 'calico-etcd' },
    ...(annotations ? { annotations } : {}),
    container: {
      name: 'calico-etcd',
      command: ['/usr/local/bin/etcd'],
      args: flagged(flags),
      env: variables(env),
    },
  };
}

function flagged(flags: Record<string, string>): string[] {
  return Object.entries(flags).map(([name, value]) => `--${name}=${value}`);
}

function variables(env: Record<string, string>): { name: string; value: string }[] {
  return Object.entries(env).map(([name, value]) => ({ name, value }));
}
