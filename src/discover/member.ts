import type { EtcdPodRecord } from '../domain/kubernetes/records.js';

/** What one etcd pod says of how it is reached. */
export interface FoundMember {
  readonly pod: string;
  /** Null: no address from elsewhere is known. */
  readonly endpoint: string | null;
  readonly metrics: string | null;
  /** It shows its metrics to its own node alone, here. */
  readonly metricsInside: string | null;
  readonly quota: number | null;
}

interface Url {
  readonly scheme: string;
  readonly host: string;
  readonly port: string;
}

const ADVERTISED = 'kubeadm.kubernetes.io/etcd.advertise-client-urls';

export function memberOf(pod: EtcdPodRecord): FoundMember {
  const endpoint = endpointOf(pod);
  const [inside, outside] = partition(urlsOf(setting(pod, 'listen-metrics-urls')), isInside);
  const reachable = outside.map((url) => reach(url, pod)).find((url) => url !== null);
  return {
    pod: `${pod.namespace}/${pod.name}`,
    endpoint: endpoint && show(endpoint),
    metrics: reachable ? `${show(reachable)}/metrics` : null,
    metricsInside: reachable || !inside[0] ? null : show(inside[0]),
    quota: quotaOf(setting(pod, 'quota-backend-bytes')),
  };
}

/** Flags win over variables, as etcd has it. */
export function setting({ flags, env }: EtcdPodRecord, flag: string): string {
  return flags[flag] ?? env[`ETCD_${flag.toUpperCase().replaceAll('-', '_')}`] ?? '';
}

/** What it advertises; where that is a variable or its own machine's loopback, the pod's address and that port. */
function endpointOf(pod: EtcdPodRecord): Url | null {
  const sources = [setting(pod, 'advertise-client-urls'), pod.annotations[ADVERTISED] ?? ''];
  const advertised = sources.flatMap(urlsOf);
  const good = advertised.find((url) => isAddress(url.host) && !isInside(url) && !isEvery(url.host));
  if (good) return good;
  const listening = urlsOf(setting(pod, 'listen-client-urls'));
  const [inside, outside] = partition([...advertised, ...listening], isInside);
  const scheme = setting(pod, 'cert-file') === '' ? 'http' : 'https';
  const [like = { scheme, port: '2379' }] = [...outside, ...inside.map(({ host: _host, ...url }) => url)];
  return reach({ host: '0.0.0.0', ...like }, pod);
}

/** Null: listens everywhere, and nobody knows the pod's address. */
function reach(url: Url, pod: EtcdPodRecord): Url | null {
  if (isAddress(url.host) && !isEvery(url.host)) return url;
  const address = (pod.hostNetwork ? pod.hostAddress : null) ?? pod.addresses[0] ?? pod.hostAddress;
  if (address === null || !/^[0-9a-fA-F:.]+$/.test(address)) return null;
  return { ...url, host: address.includes(':') ? `[${address}]` : address };
}

function urlsOf(list: string): readonly Url[] {
  return list.split(',').flatMap((one) => {
    const [, scheme, host, port] = /^\s*(https?):\/\/(\S+?):(\d{1,5})\/?\s*$/i.exec(one) ?? [];
    if (scheme === undefined || host === undefined || port === undefined) return [];
    return [{ scheme: scheme.toLowerCase(), host: host.toLowerCase(), port }];
  });
}

/** No variable: those are filled in by the kubelet or a shell. */
function isAddress(host: string): boolean {
  return /^(?:[a-z0-9.-]+|\[[0-9a-f:.]+\])$/.test(host);
}

function isInside({ host }: Url): boolean {
  return host === 'localhost' || host === '[::1]' || host.startsWith('127.');
}

function isEvery(host: string): boolean {
  return host === '0.0.0.0' || host === '[::]';
}

function show({ scheme, host, port }: Url): string {
  return `${scheme}://${host}:${port}`;
}

/** 0: etcd's own default. */
function quotaOf(given: string): number | null {
  const bytes = /^\d{1,15}$/.test(given) ? Number(given) : 0;
  return bytes > 0 ? bytes : null;
}

function partition<T>(all: readonly T[], fits: (one: T) => boolean): readonly [readonly T[], readonly T[]] {
  return [all.filter(fits), all.filter((one) => !fits(one))];
}
