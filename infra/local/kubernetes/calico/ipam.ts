import { randomBytes } from 'node:crypto';
import type { Pool } from './addresses.js';
import { reserve, type Allocation, type PodIdentity } from './block.js';
import { makeBlocks } from './blocks.js';
import { DatastoreError, type Datastore } from './documents.js';
import { makeTurns } from './turns.js';
import { clusterValue, configValue, poolValue } from './values.js';
import { giveBack, store } from './writes.js';

export interface AddressInUse {
  namespace: string;
  pod: string;
  node: string;
  address: string;
  /** The block's CIDR, and the node that it belongs to: another one where the address is borrowed. */
  block: string;
  blockOf: string;
}

export interface Ipam {
  setUp(): Promise<void>;
  /** The pod's address once all is written; called again after a failure, it goes on where it was refused. */
  assign(pod: PodIdentity): Promise<string>;
  /** Undoes what was written; fails while the datastore refuses. Without effect where nothing was. */
  release(podUid: string): Promise<void>;
  /** What the datastore holds. */
  inUse(): AddressInUse[];
  close(): void;
}

export interface IpamOptions {
  pool: Pool;
  strictAffinity: boolean;
  now(): number;
}

/** Calico's own: each node has blocks of the pool; where none is left it borrows from another's. */
export function makeIpam(datastore: Datastore, { pool, strictAffinity, now }: IpamOptions): Ipam {
  const blockFor = makeBlocks({ pool, strictAffinity });
  const allocations = new Map<string, Allocation>();
  // A pod may be deleted while its address is being written.
  const inTurn = makeTurns();

  function allocate(pod: PodIdentity): Allocation {
    const block = blockFor(pod.node);
    if (!block) throw new DatastoreError(noAddress(strictAffinity), true);
    const containerId = randomBytes(32).toString('hex');
    const handle = `k8s-pod-network.${containerId}`;
    const allocation: Allocation = { ...reserve(pool, block, pod), containerId, handle, at: now() };
    block.allocations.set(allocation.ordinal, allocation);
    allocations.set(pod.uid, allocation);
    return allocation;
  }

  return {
    async setUp() {
      await datastore.put({ kind: 'pool', name: pool.name, value: poolValue(pool, now()) });
      await datastore.put({ kind: 'cluster', value: clusterValue(now()) });
      await datastore.put({ kind: 'config', value: configValue(strictAffinity) });
    },
    assign: (pod) =>
      inTurn(pod.uid, async () => {
        const allocation = allocations.get(pod.uid) ?? allocate(pod);
        await store(datastore, allocation);
        return allocation.address;
      }),
    release: (podUid) =>
      inTurn(podUid, async () => {
        const allocation = allocations.get(podUid);
        if (!allocation) return;
        await giveBack(datastore, allocation);
        allocations.delete(podUid);
      }),
    inUse: () => [...allocations.values()].filter(({ stored }) => stored.block === 'yes').map(usedOf),
    close: () => datastore.close(),
  };
}

function usedOf({ pod, address, block }: Allocation): AddressInUse {
  const { namespace, name, node } = pod;
  return { namespace, pod: name, node, address, block: block.cidr, blockOf: block.node };
}

function noAddress(strictAffinity: boolean): string {
  const why = strictAffinity
    ? 'No more free affine blocks and strict affinity enabled'
    : 'No IPs available in pools';
  return `failed to request IPv4 addresses: Assigned 0 out of 1 requested IPv4 addresses; ${why}`;
}
