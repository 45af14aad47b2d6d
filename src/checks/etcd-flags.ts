import { valueOf } from '../domain/fact.js';
import type { Check, Observation } from '../domain/finding.js';
import { compactsItself, flagLines, hasQuota, settingsLine } from '../domain/kubernetes/etcd-settings.js';
import { unseen } from '../domain/readings.js';
import type { Snapshot } from '../domain/snapshot.js';

const check: Check = {
  title: 'Flags of the etcd pods',
  why: 'Without a compaction of its own etcd depends on whoever compacts it, and that one stops first when it is full',
  runbook: null,
  needs: ['etcd-pods'],
  uses: ['members', 'status'],
  rank: 36,
  run,
};

function run(snapshot: Snapshot): readonly Observation[] {
  const pods = valueOf(snapshot.facts['etcd-pods']);
  if (!pods) return [unseen('the pods of etcd', snapshot.facts['etcd-pods'])];
  if (pods.length === 0)
    return [
      {
        severity: 'ok',
        summary: 'No pod of this Kubernetes was found to run a member: its flags are not known',
      },
    ];
  const evidence = pods.map(settingsLine);
  const lacks = [
    ...(pods.every(compactsItself) ? [] : ['no auto-compaction']),
    ...(pods.every(hasQuota) ? [] : ['no quota, so 2 GiB']),
  ];
  if (lacks.length === 0)
    return [{ severity: 'ok', summary: 'They are started with quota and auto-compaction', evidence }];
  return [
    {
      severity: 'info',
      summary: `etcd is started with ${lacks.join(' and ')}`,
      evidence,
      advice: flagLines(snapshot)[0] ?? 'Start every member with a quota and with auto-compaction',
    },
  ];
}

export default check;
