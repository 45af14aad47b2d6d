import type { Cluster } from '../cluster.js';
import type { EtcdPodRecord } from './records.js';

/* Which pods of a Kubernetes run the members of a cluster, and with which settings. */

/** kubeadm's static pods, Calico's own etcd of its older manifests, OpenShift's. */
export const ETCD_SELECTORS: readonly string[] = ['component=etcd', 'k8s-app=calico-etcd', 'app=etcd'];

const KUBEADM_URLS = 'kubeadm.kubernetes.io/etcd.advertise-client-urls';

/**
 * Those that are reached at one of the cluster's endpoints. Calico's etcd is often reached through its Service, and then
 * is taken by its label; nothing else is guessed: advice for another etcd is worse than none.
 */
export function podsOf(
  { endpoints, calico }: Pick<Cluster, 'endpoints' | 'calico'>,
  pods: readonly EtcdPodRecord[],
): readonly EtcdPodRecord[] {
  const places = new Set(endpoints.flatMap((url) => placeOf(url) ?? []));
  const reached = distinct(pods).filter((pod) => placesOf(pod).some((place) => places.has(place)));
  const found = reached.length > 0 || !calico ? reached : distinct(pods).filter(isCalicos);
  return found.toSorted((a, b) => (a.name < b.name ? -1 : 1));
}

export function isCalicos({ labels }: Pick<EtcdPodRecord, 'labels'>): boolean {
  return labels['k8s-app'] === 'calico-etcd';
}

/** A static pod's manifest is a file on its node. */
export function isStatic({ owner }: Pick<EtcdPodRecord, 'owner'>): boolean {
  return owner?.kind === 'Node';
}

/** A setting as etcd takes it: the flag wins over the variable. Null: neither is given. */
export function settingOf({ flags, env }: Pick<EtcdPodRecord, 'flags' | 'env'>, flag: string): string | null {
  const variable = `ETCD_${flag.toUpperCase().replaceAll('-', '_')}`;
  if (Object.hasOwn(flags, flag)) return flags[flag] ?? null;
  return Object.hasOwn(env, variable) ? (env[variable] ?? null) : null;
}

function distinct(pods: readonly EtcdPodRecord[]): readonly EtcdPodRecord[] {
  return [...new Map(pods.map((pod) => [pod.uid, pod])).values()];
}

/** Where clients reach it; one that listens everywhere, at its host's address. */
function placesOf(pod: EtcdPodRecord): readonly string[] {
  const told = [
    settingOf(pod, 'advertise-client-urls'),
    settingOf(pod, 'listen-client-urls'),
    pod.annotations[KUBEADM_URLS],
  ];
  const urls = told.flatMap((list) => (list ?? '').split(',')).flatMap((url) => placeOf(url.trim()) ?? []);
  const ports = new Set(urls.map((place) => place.slice(place.lastIndexOf(':') + 1)));
  const hosts = [pod.hostAddress, ...pod.addresses].flatMap((host) => host ?? []);
  return [...urls, ...hosts.flatMap((host) => [...ports].map((port) => `${host}:${port}`))];
}

/** Host and port; null: no URL. */
function placeOf(url: string): string | null {
  const [, scheme, host, port] = /^(https?):\/\/(\[[^\]]+\]|[^/:[\]]+)(?::(\d+))?/.exec(url) ?? [];
  if (host === undefined) return null;
  return `${host.replace(/^\[|\]$/g, '')}:${port ?? (scheme === 'https' ? '443' : '80')}`;
}
