import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { foundClusters } from '../../src/discover/proposal.js';
import { proposalText, type WayIn } from '../../src/discover/yaml.js';
import type { EtcdPodRecord } from '../../src/domain/kubernetes/records.js';
import { KUBECONFIG, makeSandbox, type Sandbox } from '../config/sandbox.js';
import { calicoEtcd, etcdPod, recordedEtcd } from './pods.js';

let sandbox: Sandbox;

beforeAll(() => {
  sandbox = makeSandbox();
  sandbox.write('kubeconfig', KUBECONFIG);
});
afterAll(() => {
  sandbox.remove();
});

const WAY: WayIn = { kubeconfig: '/etc/steward/kubeconfig', context: 'prod' };

function propose(pods: readonly EtcdPodRecord[], context: string | null = 'prod'): string {
  return proposalText(foundClusters(pods, context), WAY);
}

interface Proposed {
  readonly name: string;
  readonly endpoints: readonly string[];
  readonly metrics?: readonly string[];
}

function clusters(pods: readonly EtcdPodRecord[], context: string | null = 'prod'): readonly Proposed[] {
  return (parse(propose(pods, context)) as { clusters: readonly Proposed[] }).clusters;
}

function endpoints(pod: EtcdPodRecord): readonly string[] {
  return clusters([pod])[0]!.endpoints;
}

describe('what is proposed', () => {
  it('for a kubeadm cluster', () => {
    expect(propose([recordedEtcd()]))
      .toBe(`# Proposed by \`etcd-steward discover\`. Fill in what stands in comments, and read infra/config.example.yaml for the rest.
# Fill in: a channel that the bot was invited to, and who may approve.
# slack: { alertsChannel: C0REPLACEME }
# policy: { approvers: { users: [U0REPLACEME] } }

clusters:
  - name: prod
    endpoints: [https://10.0.0.1:2379]
    # Its metrics at http://127.0.0.1:2381 can only be reached on the node itself, so each client URL is asked for them.
    # Fill in: files that this bot can read, key and certificate too, for it asks for them. On a control-plane node: /etc/kubernetes/pki/etcd/ca.crt, and apiserver-etcd-client.crt and .key above it.
    # tls: { ca: /etc/steward/ca.crt, cert: /etc/steward/client.crt, key: /etc/steward/client.key }
    quota: 2GiB
    kubernetes: { kubeconfig: /etc/steward/kubeconfig, context: prod }
`);
  });

  it('for Calico’s own etcd, whose address only the kubelet fills in', () => {
    expect(clusters([calicoEtcd('10.0.0.1'), calicoEtcd('10.0.0.2')])).toEqual([
      {
        name: 'prod-calico',
        endpoints: ['http://10.0.0.1:6666', 'http://10.0.0.2:6666'],
        quota: '2GiB',
        calico: true,
        kubernetes: { kubeconfig: '/etc/steward/kubeconfig', context: 'prod' },
      },
    ]);
  });

  it('for OpenShift changes nothing, and says why', () => {
    const labels = { app: 'etcd' };
    const pod = etcdPod({ namespace: 'openshift-etcd', labels, hostAddress: '10.0.0.1', flags: {} });
    expect(propose([pod])).toContain('# OpenShift defragments its etcd by itself');
    expect(clusters([pod])[0]).toMatchObject({ changes: 'off' });
  });

  it('for pods of one annotation is one cluster of that name, whatever their labels say', () => {
    const annotated = (name: string, host: string) =>
      etcdPod({ annotations: { 'etcd-steward.io/cluster': name }, hostAddress: host, flags: {} });
    const found = clusters([
      annotated('billing', '10.0.0.1'),
      annotated('a b/c', '10.0.0.2'),
      annotated('billing', '10.0.0.3'),
    ]);
    expect(found.map(({ name, endpoints: [...urls] }) => [name, urls])).toEqual([
      ['billing', ['http://10.0.0.1:2379', 'http://10.0.0.3:2379']],
      ['a-b-c', ['http://10.0.0.2:2379']],
    ]);
  });

  it('loads once its blanks are filled in', () => {
    const pods = [recordedEtcd(), calicoEtcd('10.0.0.4'), calicoEtcd('f00d::5')];
    const at = (name: string) => `${sandbox.directory}/${name}`;
    const filled = propose(pods)
      .replace(/^( *)# (slack|policy|tls): /gm, '$1$2: ')
      .replace('/etc/steward/ca.crt', at('ca.pem'))
      .replace('/etc/steward/client.crt', at('cert.pem'))
      .replace('/etc/steward/client.key', at('key.pem'))
      .replaceAll('/etc/steward/kubeconfig', at('kubeconfig'));
    const config = sandbox.load(`stateDirectory: ${at('state')}\n${filled}`);
    expect(
      config.clusters.map(({ cluster: { name, calico, quotaBytes, endpoints: urls } }) => [
        name,
        calico,
        quotaBytes,
        urls,
      ]),
    ).toEqual([
      ['prod', false, 2 ** 31, ['https://10.0.0.1:2379']],
      ['prod-calico', true, 2 ** 31, ['http://10.0.0.4:6666', 'http://[f00d::5]:6666']],
    ]);
  });

  it('is nothing where nothing is etcd, or is any more', () => {
    const labels = { app: 'web' };
    const pods = [
      etcdPod({ labels }),
      etcdPod({ phase: 'Succeeded' }),
      etcdPod({ deletingSince: 1 }),
      etcdPod({ namespace: 'shop', labels: { component: 'etcd' } }),
    ];
    expect(foundClusters(pods, null)).toEqual([]);
  });
});

describe('an endpoint', () => {
  const flags = (advertised: string, more: object = {}) => ({ 'advertise-client-urls': advertised, ...more });

  it.each<[string, Partial<EtcdPodRecord>, string[]]>([
    [
      'the first that others can reach',
      { flags: flags('https://127.0.0.1:2379,https://10.0.0.1:2379') },
      ['https://10.0.0.1:2379'],
    ],
    ['a variable', { flags: {}, env: { ETCD_ADVERTISE_CLIENT_URLS: 'http://e:2379' } }, ['http://e:2379']],
    [
      'its annotation',
      {
        flags: {},
        annotations: { 'kubeadm.kubernetes.io/etcd.advertise-client-urls': 'https://10.0.0.7:2379' },
      },
      ['https://10.0.0.7:2379'],
    ],
    [
      'its node’s address',
      { flags: flags('http://$IP:6666'), hostAddress: '10.0.0.2' },
      ['http://10.0.0.2:6666'],
    ],
    [
      'its own address',
      {
        flags: flags('http://$(IP):6666'),
        hostNetwork: false,
        hostAddress: '10.0.0.2',
        addresses: ['10.1.0.2'],
      },
      ['http://10.1.0.2:6666'],
    ],
    [
      'the port where it listens',
      {
        flags: { 'listen-client-urls': 'https://127.0.0.1:2379,https://0.0.0.0:4001' },
        hostAddress: '10.0.0.2',
      },
      ['https://10.0.0.2:4001'],
    ],
    [
      'the port that it names at its own loopback, where it names no other',
      { flags: flags('http://127.0.0.1:6666'), hostAddress: '10.0.0.2' },
      ['http://10.0.0.2:6666'],
    ],
    ['etcd’s own port', { flags: { 'cert-file': '/x' }, hostAddress: '10.0.0.2' }, ['https://10.0.0.2:2379']],
    ['unknown', { flags: {}, hostAddress: null, addresses: [] }, []],
    [
      'unknown where what it says is none',
      { flags: flags('http://x y:1, unix:///s, http://a'), hostAddress: '$(x)' },
      [],
    ],
  ])('is %s', (_, overrides, expected) => {
    expect(endpoints(etcdPod(overrides))).toEqual(expected);
  });

  it('that is unknown is asked for', () => {
    const pod = etcdPod({ name: 'etcd-x', flags: {}, hostAddress: null });
    expect(propose([pod])).toContain(
      '# Fill in: the client URL of kube-system/etcd-x; its pod names no address.',
    );
  });
});

describe('a detail', () => {
  const at = (hostAddress: string, flags: Record<string, string>) => etcdPod({ hostAddress, flags });

  it('is where metrics are, if all members show them to others', () => {
    const metrics = { 'listen-metrics-urls': 'http://0.0.0.0:2381' };
    const [both] = clusters([at('10.0.0.1', metrics), at('10.0.0.2', metrics)]);
    expect(both!.metrics).toEqual(['http://10.0.0.1:2381/metrics', 'http://10.0.0.2:2381/metrics']);
    const [one] = clusters([at('10.0.0.1', metrics), at('10.0.0.2', {})]);
    expect(one!.metrics).toBeUndefined();
  });

  it('is a quota, if it is the same for all', () => {
    const quota = (bytes: string) => ({ 'quota-backend-bytes': bytes });
    const proposed = (one: string, other: string) =>
      propose([at('10.0.0.1', quota(one)), at('10.0.0.2', quota(other))]);
    expect(proposed('104857600', '104857600')).toContain('    quota: 100MiB\n');
    expect(proposed('1000', '1000')).toContain('    quota: 1000\n');
    expect(proposed('0', '0')).not.toContain('quota');
    expect(proposed('1000', '2000')).toContain('# Its members were started with different quotas');
  });

  it.each([
    ['kubernetes-admin@kubernetes', 'kubernetes-admin-kubernetes'],
    ['arn:aws:eks:eu-west-1:1:cluster/x', 'arn-aws-eks-eu-west-1-1-cluster-x'],
    ['://', 'kubernetes'],
    [null, 'kubernetes'],
  ])('is a name: that of the context %s becomes %s', (context, name) => {
    expect(clusters([recordedEtcd()], context)[0]!.name).toBe(name);
  });

  it('is a name that no other one has', () => {
    const annotations = { 'etcd-steward.io/cluster': 'Prod' };
    expect(clusters([recordedEtcd(), etcdPod({ annotations })]).map(({ name }) => name)).toEqual([
      'prod',
      'Prod-2',
    ]);
  });

  it('can’t break out of its line, whatever a target says', () => {
    const hostile = '/x\nclusters: []\n# \u2028';
    const flags = { 'trusted-ca-file': hostile, 'advertise-client-urls': 'https://10.0.0.1:2379' };
    const pod = etcdPod({ name: 'a\nb: c', flags, annotations: { 'etcd-steward.io/cluster': 'on' } });
    const text = propose([pod]);
    expect(text).toContain('its nodes: /x?clusters: []?# ?\n');
    expect((parse(text) as { clusters: unknown }).clusters).toEqual([
      expect.objectContaining({ name: 'on', endpoints: ['https://10.0.0.1:2379'] }),
    ]);
  });

  it('is the way in from within', () => {
    expect(proposalText(foundClusters([recordedEtcd()], null), { kubeconfig: null })).toContain(
      '    kubernetes: { inCluster: true }\n',
    );
  });
});
