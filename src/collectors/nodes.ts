import { kubernetesOf, type Collector } from '../domain/collector.js';
import type { NodeRecord } from '../domain/kubernetes/records.js';

/** Every node of the Kubernetes, and what is wrong with it. The pods wait for this one, so it may not take long. */
const nodes: Collector<'nodes'> = {
  deadlineMs: 2000,
  appliesTo: ({ kubernetes }) => kubernetes !== null,
  async read(reach) {
    const all: NodeRecord[] = [];
    for await (const page of kubernetesOf(reach).nodes(reach.deadlineMs)) all.push(...page);
    return all;
  },
};

export default nodes;
