/*
 * What keys are, in the words of whoever wrote them. Pure: from the key alone, never from its value. Where nothing is
 * known, nothing is said.
 */

const KUBERNETES = /^\/(?:registry|kubernetes\.io|openshift\.io)\/(.*)$/s;
const CALICO_RESOURCE = /^\/calico\/resources\/v3\/projectcalico\.org\/([^/]+)\/(.*)$/s;
const CALICO_BLOCK = /^\/calico\/ipam\/v2\/assignment\/ipv[46]\/block\/([^/]+)$/;
const CALICO_AFFINITY = /^\/calico\/ipam\/v2\/(host|virtual)\/([^/]+)\/ipv[46]\/block\/([^/]+)$/;
const CALICO_HANDLE = /^\/calico\/ipam\/v2\/handle\/(.+)$/s;
const FELIX_HOST = /^\/calico\/felix\/v2\/[^/]+\/host\/([^/]+)\/(.*)$/s;

/** Where the affinities of blocks stand: key → node. */
export const AFFINITIES = '/calico/ipam/v2/host/';

/** What lies in a folder that is called otherwise than its kind. */
const FOLDERS: Readonly<Record<string, string>> = {
  minions: 'nodes',
  'services/specs': 'services',
  'services/endpoints': 'endpoints',
  leases: 'leases (heartbeats, leader elections)',
  masterleases: 'leases of API servers',
  ranges: 'ranges of addresses and ports',
};

const CALICO_FOLDERS: readonly (readonly [RegExp, string])[] = [
  [/^\/calico\/ipam\/v2\/handle\//, 'Calico IPAM handles (one for each address)'],
  [/^\/calico\/ipam\/v2\/assignment\//, 'Calico IPAM blocks'],
  [/^\/calico\/ipam\/v2\/(?:host|virtual)\//, 'Calico block affinities of nodes'],
  [/^\/calico\/ipam\//, 'Calico IPAM'],
  [/^\/calico\/felix\//, 'Felix status of nodes'],
  [/^\/calico\/bgp\//, 'Calico BGP'],
  [/^\/calico\//, 'Calico'],
];

/** A group's prefix in words; null: not known. */
export function groupName(prefix: string): string | null {
  const kubernetes = KUBERNETES.exec(prefix)?.[1];
  if (kubernetes !== undefined) return kubernetesGroup(kubernetes.split('/').filter(Boolean));
  const kind = CALICO_RESOURCE.exec(prefix)?.[1];
  if (kind !== undefined) return `Calico ${kind}`;
  return CALICO_FOLDERS.find(([folder]) => folder.test(prefix))?.[1] ?? null;
}

function kubernetesGroup(parts: readonly string[]): string | null {
  const { kind, rest } = kindOf(parts);
  if (kind === null) return null;
  return rest.length > 0 ? `${kind} in namespace ${rest[0] ?? ''}` : kind;
}

interface Kind {
  readonly kind: string | null;
  readonly rest: readonly string[];
}

function kindOf([first, second, ...rest]: readonly string[]): Kind {
  if (first === undefined) return { kind: null, rest };
  const after = second === undefined ? [] : [second, ...rest];
  if (first.includes('.')) {
    const kind = second === undefined ? `resources of ${first}` : `${second}.${first}`;
    return { kind: `custom ${kind}`, rest };
  }
  const both = FOLDERS[`${first}/${second ?? ''}`];
  if (both !== undefined) return { kind: `Kubernetes ${both}`, rest };
  return { kind: `Kubernetes ${FOLDERS[first] ?? first}`, rest: after };
}

/** By a block's own name in keys, `10.0.3.0-26`: which node has it. */
export type BlockOwners = ReadonlyMap<string, string>;

/** One key in words; null: not known. */
export function keyName(key: string, owners: BlockOwners = new Map()): string | null {
  const block = CALICO_BLOCK.exec(key)?.[1];
  if (block !== undefined) return withNode(`Calico block ${cidrOf(block)}`, owners.get(block));
  const affinity = CALICO_AFFINITY.exec(key);
  if (affinity) return `affinity of node ${affinity[2] ?? ''} to Calico block ${cidrOf(affinity[3] ?? '')}`;
  const handle = CALICO_HANDLE.exec(key)?.[1];
  if (handle !== undefined) return handleName(handle);
  const felix = FELIX_HOST.exec(key);
  if (felix) return felixName(felix[1] ?? '', felix[2] ?? '');
  const resource = CALICO_RESOURCE.exec(key);
  if (resource) return resourceName(resource[1] ?? '', resource[2] ?? '');
  return kubernetesName(key);
}

function kubernetesName(key: string): string | null {
  const path = KUBERNETES.exec(key)?.[1];
  if (path === undefined) return null;
  const { kind, rest } = kindOf(path.split('/'));
  return kind === null || rest.length === 0 ? kind : `${kind} ${rest.join('/')}`;
}

/** Of a pod: node, orchestrator, pod and interface, each with its own dashes doubled. */
const POD_ENDPOINT = /^([^/]+)\/((?:[^-]|--)+)-k8s-((?:[^-]|--)+)-((?:[^-]|--)+)$/;

function resourceName(kind: string, name: string): string {
  const pod = kind === 'workloadendpoints' ? POD_ENDPOINT.exec(name) : null;
  if (!pod) return `Calico ${kind} ${name}`;
  const [node, called] = [pod[2], pod[3]].map((part = '') => part.replaceAll('--', '-'));
  return withNode(`Calico endpoint of pod ${pod[1] ?? ''}/${called ?? ''}`, node);
}

const TUNNEL = /^(ipip|vxlan(?:-v6)?|wireguard(?:-v6)?)-tunnel-addr-(.+)$/;

function handleName(handle: string): string {
  const tunnel = TUNNEL.exec(handle);
  return tunnel
    ? `Calico handle of the ${tunnel[1] ?? ''} tunnel of node ${tunnel[2] ?? ''}`
    : 'Calico handle of a pod’s address';
}

function felixName(node: string, what: string): string {
  return what.startsWith('workload/')
    ? `Felix status of a pod on node ${node}`
    : `Felix status of node ${node}`;
}

function withNode(text: string, node: string | undefined): string {
  return node === undefined ? text : `${text} (node ${node})`;
}

/** Calico writes an address block with its slash, and in some versions its dots, as dashes. */
export function cidrOf(name: string): string {
  const dashed = /^(\d+)-(\d+)-(\d+)-(\d+)-(\d+)$/.exec(name);
  if (dashed) return `${dashed.slice(1, 5).join('.')}/${dashed[5] ?? ''}`;
  return name.replace(/-(\d+)$/, '/$1');
}

/** From the keys of affinities. */
export function ownersIn(keys: readonly string[]): BlockOwners {
  const owners = new Map<string, string>();
  for (const key of keys) {
    const affinity = CALICO_AFFINITY.exec(key);
    if (affinity?.[1] === 'host') owners.set(affinity[3] ?? '', affinity[2] ?? '');
  }
  return owners;
}

export function isBlock(key: string): boolean {
  return CALICO_BLOCK.test(key);
}
