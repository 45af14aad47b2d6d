import type { FoundCluster } from './proposal.js';

/** How the Kubernetes that was looked at is written into the configuration. */
export type WayIn =
  { readonly kubeconfig: string; readonly context: string | null } | { readonly kubeconfig: null };

const HEAD = `# Proposed by \`etcd-steward discover\`. Fill in what stands in comments, and read infra/config.example.yaml for the rest.
# Fill in: a channel that the bot was invited to, and who may approve.
# slack: { alertsChannel: C0REPLACEME }
# policy: { approvers: { users: [U0REPLACEME] } }

clusters:
`;

const REMARKS: Readonly<Partial<Record<FoundCluster['layout'], readonly string[]>>> = {
  openshift: [
    'OpenShift defragments its etcd by itself: the bot reports here, and changes nothing.',
    'Its operator owns the certificates; ask for ones of your own.',
  ],
};

const CERTIFICATES: Readonly<Partial<Record<FoundCluster['layout'], string>>> = {
  kubeadm:
    'On a control-plane node: /etc/kubernetes/pki/etcd/ca.crt, and apiserver-etcd-client.crt and .key above it.',
  calico: 'In the Secret calico-etcd-secrets, where Calico was installed with certificates.',
};

export function proposalText(clusters: readonly FoundCluster[], wayIn: WayIn): string {
  return `${HEAD}${clusters.map((cluster) => clusterText(cluster, wayIn)).join('\n')}`;
}

function clusterText(cluster: FoundCluster, wayIn: WayIn): string {
  const lines = [
    ...(REMARKS[cluster.layout] ?? []).map((remark) => `# ${remark}`),
    ...endpointLines(cluster),
    ...metricsLines(cluster),
    ...tlsLines(cluster),
    ...quotaLines(cluster),
    ...(cluster.layout === 'openshift' ? ['changes: off'] : []),
    ...(cluster.layout === 'calico' ? ['calico: true'] : []),
    `kubernetes: ${wayInText(wayIn)}`,
  ];
  return `  - name: ${scalar(cluster.name)}\n${lines.map((line) => `    ${line}\n`).join('')}`;
}

function endpointLines({ members }: FoundCluster): readonly string[] {
  const known = members.flatMap(({ endpoint }) => endpoint ?? []);
  const lost = members.filter(({ endpoint }) => endpoint === null).map(({ pod }) => pod);
  return [
    ...lost.map((pod) => `# Fill in: the client URL of ${comment(pod)}; its pod names no address.`),
    `endpoints: ${flow(known)}`,
  ];
}

function metricsLines({ members }: FoundCluster): readonly string[] {
  const reachable = members.flatMap(({ metrics }) => metrics ?? []);
  if (reachable.length === members.length) return [`metrics: ${flow(reachable)}`];
  const inside = members.find(({ metricsInside }) => metricsInside !== null)?.metricsInside;
  if (inside === undefined || inside === null) return [];
  return [
    `# Its metrics at ${inside} can only be reached on the node itself, so each client URL is asked for them.`,
  ];
}

function tlsLines({ secure, layout, clientCertificates, trusts }: FoundCluster): readonly string[] {
  if (!secure) return [];
  const where = CERTIFICATES[layout] ?? 'Ask who runs it.';
  const needed = clientCertificates ? ', key and certificate too, for it asks for them' : '';
  return [
    `# Fill in: files that this bot can read${needed}. ${where}`,
    ...(trusts === '' ? [] : [`# Its clients' authority, on its nodes: ${comment(trusts)}`]),
    '# tls: { ca: /etc/steward/ca.crt, cert: /etc/steward/client.crt, key: /etc/steward/client.key }',
  ];
}

function quotaLines({ quota, quotasDiffer }: FoundCluster): readonly string[] {
  if (quotasDiffer) return ['# Its members were started with different quotas; etcd tells them itself.'];
  return quota === null ? [] : [`quota: ${sizeText(quota)}`];
}

function sizeText(bytes: number): string {
  const [gib, mib] = [bytes / 2 ** 30, bytes / 2 ** 20];
  if (Number.isInteger(gib)) return `${String(gib)}GiB`;
  return Number.isInteger(mib) ? `${String(mib)}MiB` : String(bytes);
}

function wayInText(wayIn: WayIn): string {
  if (wayIn.kubeconfig === null) return '{ inCluster: true }';
  const context = wayIn.context === null ? '' : `, context: ${scalar(wayIn.context)}`;
  return `{ kubeconfig: ${scalar(wayIn.kubeconfig)}${context} }`;
}

function flow(values: readonly string[]): string {
  return `[${values.map(scalar).join(', ')}]`;
}

/** Plain where YAML can't take it for anything else; what a target said might be. */
function scalar(value: string): string {
  const plain = /^(?:[A-Za-z/][\w./@-]*|https?:\/\/[\w.-]+:\d+(?:\/\w*)?)$/.test(value);
  return plain && !/^(?:true|false|yes|no|on|off|null|y|n)$/i.test(value) ? value : JSON.stringify(value);
}

/** On one line, whatever it holds. */
function comment(value: string): string {
  return value.replace(/[^\x20-\x7e]+/g, '?').slice(0, 200);
}
