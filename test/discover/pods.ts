import { etcdPodOf } from '../../src/adapters/kubernetes/records/etcd-pod.js';
import type { EtcdPodRecord } from '../../src/domain/kubernetes/records.js';
import { recorded } from '../adapters/kubernetes/server.js';

/** A control-plane pod of kubeadm, as a real API server told it. */
export function recordedEtcd(): EtcdPodRecord {
  const { items } = JSON.parse(recorded('pods-etcd.json')) as { items: readonly unknown[] };
  return etcdPodOf(items[0])!;
}

let next = 0;

export function etcdPod(overrides: Partial<EtcdPodRecord>): EtcdPodRecord {
  const uid = String(next++);
  return { ...recordedEtcd(), name: `etcd-${uid}`, uid, annotations: {}, ...overrides };
}

/** As Calico's own manifest starts it. */
export function calicoEtcd(hostAddress: string): EtcdPodRecord {
  return etcdPod({
    labels: { 'k8s-app': 'calico-etcd' },
    hostAddress,
    flags: {
      'advertise-client-urls': 'http://$CALICO_ETCD_IP:6666',
      'listen-client-urls': 'http://0.0.0.0:6666',
      'quota-backend-bytes': '2147483648',
    },
  });
}
