import type { WorkloadRecord } from './records.js';

/** Calico's own compaction of its etcd, by calico-kube-controllers; it has no part in it where Calico stores in Kubernetes. */
export function compactsEtcd({ env }: WorkloadRecord): boolean {
  return env['DATASTORE_TYPE']?.toLowerCase() !== 'kubernetes';
}

/** Switched off: a period of nothing. Where it is not given it is ten minutes. */
export function isCompactionOff({ env }: WorkloadRecord): boolean {
  return /^\s*0+(\.0+)?\s*[a-z]*\s*$/i.test(env['COMPACTION_PERIOD'] ?? '');
}

export function switchOnLine({ namespace, name }: WorkloadRecord): string {
  return `kubectl -n ${namespace} set env deployment/${name} COMPACTION_PERIOD=10m`;
}
