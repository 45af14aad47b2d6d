import { readFromEtcd } from '../domain/calico/read-etcd.js';
import { readFromKubernetes } from '../domain/calico/read-kubernetes.js';
import type { Collector } from '../domain/collector.js';

/** How Calico's addresses are used: from this etcd where it holds them, else from the CRDs of its Kubernetes. */
const ipPools: Collector<'ip-pools'> = {
  after: ['status'],
  deadlineMs: 4000,
  appliesTo: ({ calico, kubernetes }) => calico || kubernetes !== null,
  read(reach) {
    const now = (): number => performance.now();
    return reach.cluster.calico ? readFromEtcd(reach, now) : readFromKubernetes(reach, now);
  },
};

export default ipPools;
