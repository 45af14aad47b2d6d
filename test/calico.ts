import type { AddressUse, PoolUse } from '../src/domain/calico/facts.js';
import type { Snapshot } from '../src/domain/snapshot.js';
import { withFact } from './overrides.js';
import { read } from './healthy.js';

/* Calico's objects as Calico writes them: for etcd as they are, for the CRDs under `spec`. */

export type Json = Record<string, unknown>;

export function pool(name: string, cidr: string, spec: Json = {}): Json {
  return {
    kind: 'IPPool',
    apiVersion: 'projectcalico.org/v3',
    metadata: { name, uid: '1b7b0b1c', creationTimestamp: '2026-01-01T00:00:00Z' },
    spec: { cidr, ipipMode: 'Always', natOutgoing: true, nodeSelector: 'all()', ...spec },
  };
}

export function reservation(name: string, ...reservedCIDRs: string[]): Json {
  return { kind: 'IPReservation', metadata: { name }, spec: { reservedCIDRs } };
}

export interface Given {
  /** The pod's handle; default: made of block and place. */
  handle?: string;
  /** Where the pod runs; default: the block's own node. */
  node?: string;
  releasedAt?: string;
}

/** A block whose places in `given` are given out. */
export function block(cidr: string, node: string | null, given: Readonly<Record<number, Given>> = {}): Json {
  const size = 2 ** ((cidr.includes(':') ? 128 : 32) - Number(cidr.split('/')[1]));
  const places = Object.keys(given).map(Number);
  const attributes = places.map((place) => attribute(`${cidr}#${String(place)}`, node, given[place] ?? {}));
  return {
    cidr,
    affinity: node === null ? null : `host:${node}`,
    strictAffinity: false,
    allocations: Array.from({ length: size }, (_, place) =>
      places.includes(place) ? places.indexOf(place) : null,
    ),
    unallocated: Array.from({ length: size }, (_, place) => place).filter((place) => !places.includes(place)),
    attributes,
    sequenceNumber: 1_777_000_000,
    deleted: false,
  };
}

/** The first `count` places are given out. */
export function blockWith(cidr: string, node: string | null, count: number): Json {
  return block(cidr, node, Object.fromEntries(Array.from({ length: count }, (_, place) => [place, {}])));
}

function attribute(handle: string, owner: string | null, given: Given): Json {
  return {
    handle_id: given.handle ?? handle,
    secondary: { namespace: 'batch', pod: 'report-1', node: given.node ?? owner, timestamp: '2026-01-01' },
    ...(given.releasedAt !== undefined && { releasedAt: given.releasedAt }),
  };
}

export function crd(name: string, spec: Json): Json {
  return { apiVersion: 'crd.projectcalico.org/v1', metadata: { name }, spec };
}

/** A pool of 1,024 addresses in 16 blocks, of which so many are in use. */
export function poolUse(changes: Partial<PoolUse> = {}): PoolUse {
  const { capacity = 1024, inUse = 420, reserved = 0, blocks = 10 } = changes;
  return {
    ...{
      name: 'default',
      cidr: '10.0.0.0/22',
      disabled: false,
      forPods: true,
      selective: false,
      huge: false,
    },
    ...{ capacity, inUse, reserved, free: capacity - inUse - reserved },
    ...{ blocks, blockCapacity: blocks * 64, freeBlocks: capacity / 64 - blocks },
    ...changes,
  };
}

/** Nothing wrong: one pool, a third of it in use, three nodes. */
export function addressUse(changes: Partial<AddressUse> = {}): AddressUse {
  return {
    ...{ source: 'etcd', revision: 1_204_331, pools: [poolUse()], blocks: 10, borrowed: 0, handles: 420 },
    nodes: [
      { node: 'node-a', blocks: 4, free: 60, borrowed: 0 },
      { node: 'node-b', blocks: 3, free: 80, borrowed: 0 },
      { node: 'node-c', blocks: 3, free: 80, borrowed: 0 },
    ],
    ...{ starving: [], suspects: [], suspectCount: 0, orphanedBlocks: 0, strictAffinity: false },
    ...{ maxBlocksPerNode: 20, unreadable: 0, notRead: [] },
    ...changes,
  };
}

export function withAddresses(snapshot: Snapshot, changes: Partial<AddressUse> = {}): Snapshot {
  return withFact(snapshot, 'ip-pools', read(addressUse(changes)));
}
