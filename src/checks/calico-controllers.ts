import { valueOf } from '../domain/fact.js';
import type { Check, Observation } from '../domain/finding.js';
import { compactsEtcd, isCompactionOff, switchOnLine } from '../domain/kubernetes/compactor.js';
import type { CalicoParts } from '../domain/kubernetes/facts.js';
import { unseen } from '../domain/readings.js';
import type { Snapshot } from '../domain/snapshot.js';

const check: Check = {
  title: 'Calico’s controllers',
  why: 'calico-kube-controllers compacts Calico’s etcd and gives back addresses of pods that are gone',
  runbook: null,
  needs: ['calico-parts'],
  rank: 3,
  run,
};

function run({ facts }: Snapshot): readonly Observation[] {
  const parts = valueOf(facts['calico-parts']);
  if (!parts) return [unseen('Calico’s parts', facts['calico-parts'])];
  return [judge(parts)];
}

function judge({ node, controllers }: CalicoParts): Observation {
  if (!controllers) {
    if (!node)
      return { severity: 'ok', summary: 'There are no Calico controllers here: the network is another’s' };
    return {
      severity: 'info',
      summary: 'calico-kube-controllers is not there: nothing of Calico’s compacts its etcd',
      advice: 'Let etcd compact by itself (`--auto-compaction-retention`), or deploy calico-kube-controllers',
    };
  }
  const evidence = [
    `Deployment ${controllers.namespace}/${controllers.name}: ready ${controllers.ready} of ${controllers.desired}`,
  ];
  if (compactsEtcd(controllers) && isCompactionOff(controllers)) {
    const period = controllers.env['COMPACTION_PERIOD'] ?? '';
    return {
      severity: 'warning',
      summary: 'Calico’s compaction is switched off: nothing of Calico’s removes old revisions',
      evidence: [...evidence, `COMPACTION_PERIOD=${period}`],
      advice: `Switch it on: \`${switchOnLine(controllers)}\``,
    };
  }
  if (controllers.ready === 0) {
    return {
      severity: 'warning',
      summary: 'calico-kube-controllers is not ready: nothing of Calico’s compacts its etcd now',
      evidence,
      advice: 'Read its log: without a write to etcd, or without a network, it can’t work either',
    };
  }
  return { severity: 'ok', summary: 'calico-kube-controllers is ready', evidence };
}

export default check;
