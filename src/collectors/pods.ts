import { kubernetesOf, type Collector } from '../domain/collector.js';
import { valueOf } from '../domain/fact.js';
import { readHanging } from '../domain/kubernetes/read-hanging.js';

/** Pods that hang, with the reason as far as it is told. Nodes are read first: on one that is not ready nothing starts. */
const pods: Collector<'pods'> = {
  after: ['nodes'],
  deadlineMs: 4000,
  appliesTo: ({ kubernetes }) => kubernetes !== null,
  read(reach) {
    const nodes = valueOf(reach.soFar.nodes) ?? [];
    const notReady = new Set(nodes.filter(({ ready }) => ready !== 'True').map(({ name }) => name));
    const { now, deadlineMs } = reach;
    return readHanging(kubernetesOf(reach), { now, notReady, deadlineMs });
  },
};

export default pods;
