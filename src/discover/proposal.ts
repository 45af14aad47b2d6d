import type { EtcdPodRecord } from '../domain/kubernetes/records.js';
import { ANNOTATION, layoutOf, type Layout } from './looks.js';
import { memberOf, setting, type FoundMember } from './member.js';

/** One etcd cluster as its pods describe it. */
export interface FoundCluster {
  readonly name: string;
  readonly layout: Layout;
  readonly members: readonly FoundMember[];
  /** Endpoints begin with https://. */
  readonly secure: boolean;
  /** Clients must show a certificate. */
  readonly clientCertificates: boolean;
  /** Where the authority of its clients lies on its nodes; empty: not said. */
  readonly trusts: string;
  /** Null: not said, or not the same for all. */
  readonly quota: number | null;
  readonly quotasDiffer: boolean;
}

/** Pods → clusters. `context` names those that have no name of their own. */
export function foundClusters(
  pods: readonly EtcdPodRecord[],
  context: string | null,
): readonly FoundCluster[] {
  const groups = new Map<string, { layout: Layout; name: string; pods: EtcdPodRecord[] }>();
  for (const pod of pods.filter(isAlive)) {
    const layout = layoutOf(pod);
    if (!layout) continue;
    const name = nameOf(pod, layout, context);
    const key = `${layout} ${name}`;
    const group = groups.get(key) ?? { layout, name, pods: [] };
    group.pods.push(pod);
    groups.set(key, group);
  }
  const taken = new Set<string>();
  return [...groups.values()].map((group) => clusterOf({ ...group, name: unique(group.name, taken) }));
}

function clusterOf(group: { layout: Layout; name: string; pods: readonly EtcdPodRecord[] }): FoundCluster {
  const pods = [...group.pods].sort((one, other) => (one.name < other.name ? -1 : 1));
  const members = pods.map(memberOf);
  const quotas = new Set(members.map(({ quota }) => quota));
  return {
    name: group.name,
    layout: group.layout,
    members,
    secure: members.some(({ endpoint }) => endpoint?.startsWith('https:')),
    clientCertificates: pods.some((pod) => setting(pod, 'client-cert-auth') === 'true'),
    trusts: pods.map((pod) => setting(pod, 'trusted-ca-file')).find((path) => path !== '') ?? '',
    quota: quotas.size === 1 ? (members[0]?.quota ?? null) : null,
    quotasDiffer: quotas.size > 1,
  };
}

function isAlive({ phase, deletingSince }: EtcdPodRecord): boolean {
  return phase !== 'Succeeded' && phase !== 'Failed' && deletingSince === null;
}

function nameOf({ annotations }: EtcdPodRecord, layout: Layout, context: string | null): string {
  if (layout === 'annotated') return word(annotations[ANNOTATION] ?? '') || 'etcd';
  const place = word(context ?? '');
  if (layout === 'calico') return place === '' ? 'calico' : `${place}-calico`;
  return place === '' ? 'kubernetes' : place;
}

/** One word as a configuration takes it. */
function word(given: string): string {
  return given
    .replace(/[^A-Za-z0-9._-]+/g, '-')
    .replace(/^[^A-Za-z0-9]+|-+$/g, '')
    .slice(0, 40);
}

/** Words are the same in large and small letters. */
function unique(name: string, taken: Set<string>): string {
  let free = name;
  for (let number = 2; taken.has(free.toLowerCase()); number++) free = `${name}-${String(number)}`;
  taken.add(free.toLowerCase());
  return free;
}
