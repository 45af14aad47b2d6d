import { autoCompactionFlags } from '../compaction.js';
import { valueOf } from '../fact.js';
import type { Snapshot } from '../snapshot.js';
import { isCalicos, isStatic, settingOf } from './etcd-pods.js';
import { short } from './matter.js';
import type { EtcdPodRecord } from './records.js';

/* How the members were started, and exactly where to change it. */

/** What etcd advises as the most; also what most installations set. */
const QUOTA_FLAG = '--quota-backend-bytes=8589934592';

const SHOWN = ['quota-backend-bytes', 'auto-compaction-mode', 'auto-compaction-retention', 'snapshot-count'];

/** `--quota-backend-bytes=…, no --auto-compaction-retention` */
export function settingsLine(pod: EtcdPodRecord): string {
  const each = SHOWN.flatMap((flag) => {
    const value = settingOf(pod, flag);
    if (value !== null) return [`--${flag}=${short(value)}`];
    return flag === 'auto-compaction-mode' || flag === 'snapshot-count' ? [] : [`no --${flag}`];
  });
  return `${short(pod.name)}: ${each.join(', ')}`;
}

/** etcd compacts by itself; zero means off, in any unit. */
export function compactsItself(pod: EtcdPodRecord): boolean {
  const retention = settingOf(pod, 'auto-compaction-retention');
  return retention !== null && !/^0+[a-z]*$/i.test(retention.trim());
}

export function hasQuota(pod: EtcdPodRecord): boolean {
  const quota = settingOf(pod, 'quota-backend-bytes');
  return quota !== null && !/^0+$/.test(quota.trim());
}

/** One line for each place where flags are to be added; empty: nothing is missing, or nothing is known. */
export function flagLines(snapshot: Snapshot): readonly string[] {
  const pods = valueOf(snapshot.facts['etcd-pods']) ?? [];
  const lacking = pods.filter((pod) => !compactsItself(pod) || !hasQuota(pod));
  const places = new Map<string, EtcdPodRecord[]>();
  for (const pod of lacking) {
    const place = placeOf(pod);
    places.set(place, [...(places.get(place) ?? []), pod]);
  }
  return [...places].map(([place, [first]]) => `${place}: add ${first ? missing(first, snapshot) : ''}`);
}

function placeOf(pod: EtcdPodRecord): string {
  if (isStatic(pod))
    return `On ${short(pod.node ?? 'its node')}, in /etc/kubernetes/manifests/etcd.yaml, one node after the other`;
  const { owner, namespace } = pod;
  const what = owner ? `${owner.kind.toLowerCase()} ${short(owner.name)}` : `pod ${short(pod.name)}`;
  return `${isCalicos(pod) ? 'Calico’s etcd' : 'The etcd pods'}, \`kubectl -n ${short(namespace)} edit ${what}\``;
}

function missing(pod: EtcdPodRecord, snapshot: Snapshot): string {
  const flags = [
    ...(compactsItself(pod) ? [] : [autoCompactionFlags(snapshot)]),
    ...(hasQuota(pod) ? [] : [`\`${QUOTA_FLAG}\``]),
  ];
  return flags.join(' and ');
}
