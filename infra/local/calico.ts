import { createHash } from 'node:crypto';

const BLOCK_SIZE = 64;

export interface Entry {
  key: string;
  value: string;
}

/** What Calico's IPAM writes when a pod comes or goes: in turn its handle, and the block its address is from. */
export function calicoEntry(index: number, bytes: number): Entry {
  const third = Math.floor(index / 2) % 256;
  const handle = `k8s-pod-network.${createHash('sha256').update(`pod ${index}`).digest('hex')}`;
  return index % 2 === 0
    ? {
        key: `/calico/ipam/v2/handle/${handle}`,
        value: padded((pod) => handleValue(handle, third, pod), bytes),
      }
    : {
        key: `/calico/ipam/v2/assignment/ipv4/block/10-0-${third}-0-26`,
        value: padded((pod) => blockValue(handle, third, pod), bytes),
      };
}

function handleValue(handleID: string, third: number, pod: string): object {
  return { handleID, block: { [`10.0.${third}.0/26`]: 1 }, pod, deleted: false };
}

function blockValue(handleId: string, third: number, pod: string): object {
  return {
    cidr: `10.0.${third}.0/26`,
    affinity: `host:node-${third}`,
    strictAffinity: false,
    allocations: [0, ...Array<null>(BLOCK_SIZE - 1).fill(null)],
    unallocated: Array.from({ length: BLOCK_SIZE - 1 }, (_, address) => address + 1),
    attributes: [{ handle_id: handleId, secondary: { namespace: 'batch', node: `node-${third}`, pod } }],
    deleted: false,
  };
}

/** The pod's name is as long as it takes, so that the value stays the JSON it is. */
function padded(make: (pod: string) => object, bytes: number): string {
  const name = 'report-cronjob-';
  const missing = Math.max(0, bytes - JSON.stringify(make(name)).length);
  return JSON.stringify(make(name + 'x'.repeat(missing)));
}
