import { kubernetesOf, type Collector } from '../domain/collector.js';
import { ETCD_SELECTORS, podsOf } from '../domain/kubernetes/etcd-pods.js';
import type { EtcdPodRecord } from '../domain/kubernetes/records.js';

/** The pods that this cluster's members run in, with the flags they were started with; none where they run elsewhere. */
const etcdPods: Collector<'etcd-pods'> = {
  deadlineMs: 4000,
  appliesTo: ({ kubernetes }) => kubernetes !== null,
  async read(reach) {
    const kubernetes = kubernetesOf(reach);
    const found = await Promise.all(
      ETCD_SELECTORS.map(async (labelSelector) => {
        const pods: EtcdPodRecord[] = [];
        const query = { namespace: null, labelSelector };
        for await (const page of kubernetes.etcdPods(query, reach.deadlineMs)) pods.push(...page);
        return pods;
      }),
    );
    return podsOf(reach.cluster, found.flat());
  },
};

export default etcdPods;
