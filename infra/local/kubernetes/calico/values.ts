import { randomUUID } from 'node:crypto';
import { stamp } from '../objects/object.js';
import type { Pool } from './addresses.js';
import type { Allocation } from './block.js';

export function poolValue({ name, cidr, blockSize }: Pool, createdAt: number): object {
  return {
    ...{ kind: 'IPPool', apiVersion: 'projectcalico.org/v3' },
    metadata: { name, uid: randomUUID(), creationTimestamp: stamp(createdAt) },
    spec: {
      ...{
        cidr,
        vxlanMode: 'Never',
        ipipMode: 'Always',
        natOutgoing: true,
        blockSize,
        nodeSelector: 'all()',
      },
      ...{ allowedUses: ['Workload', 'Tunnel'], assignmentMode: 'Automatic' },
    },
  };
}

export function clusterValue(createdAt: number): object {
  return {
    ...{ kind: 'ClusterInformation', apiVersion: 'projectcalico.org/v3' },
    metadata: { name: 'default', uid: randomUUID(), creationTimestamp: stamp(createdAt) },
    spec: {
      ...{ clusterGUID: randomUUID().replaceAll('-', ''), clusterType: 'k8s,bgp', calicoVersion: 'v3.30.0' },
      datastoreReady: true,
    },
  };
}

export function configValue(strictAffinity: boolean): object {
  return { strict_affinity: strictAffinity, auto_allocate_blocks: true };
}

/** Dashes in its parts are doubled, so that they can be told from those between them. */
export function endpointName({ name, node }: { name: string; node: string }): string {
  const part = (text: string): string => text.replaceAll('-', '--');
  return `${part(node)}-k8s-${part(name)}-eth0`;
}

export function endpointValue({ pod, containerId, address, at }: Allocation): object {
  const { namespace, name, node } = pod;
  return {
    ...{ kind: 'WorkloadEndpoint', apiVersion: 'projectcalico.org/v3' },
    metadata: {
      ...{ name: endpointName(pod), namespace, uid: randomUUID(), creationTimestamp: stamp(at) },
      labels: { 'projectcalico.org/namespace': namespace, 'projectcalico.org/orchestrator': 'k8s' },
    },
    spec: {
      ...{ orchestrator: 'k8s', workload: '', node, containerID: containerId, pod: name, endpoint: 'eth0' },
      ...{ serviceAccountName: 'default', ipNetworks: [`${address}/32`], profiles: [`kns.${namespace}`] },
      ...{ interfaceName: `cali${containerId.slice(0, 11)}`, mac: '', ports: [] },
    },
  };
}
