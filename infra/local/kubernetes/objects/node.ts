import { plainFields } from './managed.js';
import { makeMeta, stamp, type Condition, type KubeObject } from './object.js';

export interface Node extends KubeObject {
  readonly spec: { podCIDR?: string; unschedulable?: true; taints?: object[] };
  readonly status: { conditions: Condition[]; addresses: { type: string; address: string }[] } & Record<
    string,
    unknown
  >;
}

export interface NewNode {
  name: string;
  address: string;
  createdAt: number;
  controlPlane?: boolean;
  labels?: Record<string, string>;
  kubelet?: string;
}

const GOOD: readonly [string, Condition['status'], string, string][] = [
  ['NetworkUnavailable', 'False', 'CalicoIsUp', 'Calico is running on this node'],
  ['MemoryPressure', 'False', 'KubeletHasSufficientMemory', 'kubelet has sufficient memory available'],
  ['DiskPressure', 'False', 'KubeletHasNoDiskPressure', 'kubelet has no disk pressure'],
  ['PIDPressure', 'False', 'KubeletHasSufficientPID', 'kubelet has sufficient PID available'],
  ['Ready', 'True', 'KubeletReady', 'kubelet is posting ready status'],
];

export function makeNode({
  name,
  address,
  createdAt,
  controlPlane,
  labels,
  kubelet = 'v1.36.0',
}: NewNode): Node {
  const role = controlPlane ? { 'node-role.kubernetes.io/control-plane': '' } : {};
  const at = stamp(createdAt);
  return {
    metadata: makeMeta({
      ...{ name, createdAt },
      labels: { 'kubernetes.io/hostname': name, ...role, ...labels },
      annotations: { 'node.alpha.kubernetes.io/ttl': '0' },
      managedFields: plainFields('v1', at),
    }),
    spec: {},
    status: {
      conditions: GOOD.map(([type, status, reason, message]) => ({
        ...{ type, status, lastHeartbeatTime: at, lastTransitionTime: at, reason, message },
      })),
      addresses: [
        { type: 'InternalIP', address },
        { type: 'Hostname', address: name },
      ],
      daemonEndpoints: { kubeletEndpoint: { Port: 10250 } },
      nodeInfo: {
        ...{
          machineID: '',
          systemUUID: '',
          bootID: '',
          kernelVersion: '6.1.0',
          osImage: 'Debian GNU/Linux 12',
        },
        ...{
          containerRuntimeVersion: 'containerd://2.0.0',
          kubeletVersion: kubelet,
          kubeProxyVersion: kubelet,
        },
        ...{ operatingSystem: 'linux', architecture: 'amd64' },
      },
    },
  };
}

export interface NodeCondition {
  type: string;
  status: Condition['status'];
  reason?: string;
  message?: string;
}

export function withNodeCondition(node: Node, condition: NodeCondition, at: number): Node {
  const time = { lastHeartbeatTime: stamp(at), lastTransitionTime: stamp(at) };
  const next: Condition = { reason: '', message: '', ...condition, ...time };
  const others = node.status.conditions.filter(({ type }) => type !== condition.type);
  return { ...node, status: { ...node.status, conditions: [...others, next] } };
}

export function isNodeReady({ status }: Node): boolean {
  return status.conditions.some(({ type, status: is }) => type === 'Ready' && is === 'True');
}

export function addressOf({ status }: Node): string {
  return status.addresses.find(({ type }) => type === 'InternalIP')?.address ?? '';
}
