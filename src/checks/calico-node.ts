import { valueOf } from '../domain/fact.js';
import type { Check, Observation } from '../domain/finding.js';
import { unseen } from '../domain/readings.js';
import type { Snapshot } from '../domain/snapshot.js';

const check: Check = {
  title: 'Calico on every node',
  why: 'Where calico-node is not ready no pod of that node gets a network, however well etcd is',
  runbook: null,
  needs: ['calico-parts'],
  rank: 2,
  run,
};

function run({ facts }: Snapshot): readonly Observation[] {
  const parts = valueOf(facts['calico-parts']);
  if (!parts) return [unseen('Calico’s parts', facts['calico-parts'])];
  if (!parts.node)
    return [{ severity: 'ok', summary: 'There is no calico-node here: the network is another’s' }];
  const { ready, desired } = parts.node;
  if (ready >= desired)
    return [
      {
        severity: 'ok',
        summary: `calico-node is ready on ${desired === 1 ? 'the node' : `all ${desired} nodes`}`,
      },
    ];
  return [
    {
      severity: ready === 0 ? 'critical' : 'warning',
      summary: `calico-node is ready on ${ready} of ${desired} nodes`,
      evidence: [`DaemonSet ${parts.node.namespace}/${parts.node.name}`],
      advice:
        'See which of its pods are not ready, and read their log: `kubectl get pods -A -l k8s-app=calico-node`',
    },
  ];
}

export default check;
