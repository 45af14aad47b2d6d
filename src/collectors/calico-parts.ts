import { kubernetesOf, type Collector } from '../domain/collector.js';

/** What gives pods their addresses, and what compacts Calico's etcd. Where it runs elsewhere there is none here. */
const calicoParts: Collector<'calico-parts'> = {
  deadlineMs: 4000,
  appliesTo: ({ kubernetes }) => kubernetes !== null,
  async read(reach) {
    const kubernetes = kubernetesOf(reach);
    const [[node = null], [controllers = null]] = await Promise.all([
      kubernetes.workloads({ kind: 'DaemonSet', labelSelector: 'k8s-app=calico-node' }, reach.deadlineMs),
      kubernetes.workloads(
        { kind: 'Deployment', labelSelector: 'k8s-app=calico-kube-controllers' },
        reach.deadlineMs,
      ),
    ]);
    return { node, controllers };
  },
};

export default calicoParts;
