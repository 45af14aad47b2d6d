import { stamp } from '../objects/object.js';
import { addressIn, blockCapacity, blockCidr, type Pool } from './addresses.js';

export interface PodIdentity {
  namespace: string;
  name: string;
  uid: string;
  node: string;
}

/** An address on its way to a pod, or a pod's, or on its way back. */
export interface Allocation {
  pod: PodIdentity;
  containerId: string;
  handle: string;
  block: Block;
  ordinal: number;
  address: string;
  at: number;
  sequence: number;
  /** `sent`: perhaps written, as no answer came. */
  stored: Record<'handle' | 'block' | 'endpoint', 'no' | 'sent' | 'yes'>;
}

export interface Block {
  index: number;
  cidr: string;
  node: string;
  /** Ordinals that are nobody's, next one first; what is given back is used last. */
  free: number[];
  allocations: Map<number, Allocation>;
  sequenceNumber: number;
  isClaimed: boolean;
  /** Its writes come one after the other. */
  turn: Promise<unknown>;
}

export function makeBlock(pool: Pool, index: number, node: string): Block {
  return {
    ...{ index, cidr: blockCidr(pool, index), node },
    free: Array.from({ length: blockCapacity(pool) }, (_, ordinal) => ordinal),
    ...{ allocations: new Map(), sequenceNumber: 0, isClaimed: false, turn: Promise.resolve() },
  };
}

export function reserve(
  pool: Pool,
  block: Block,
  pod: PodIdentity,
): Omit<Allocation, 'containerId' | 'handle' | 'at'> {
  const ordinal = block.free.shift() ?? 0;
  return {
    ...{
      pod,
      block,
      ordinal,
      address: addressIn(pool, block.index, ordinal),
      sequence: block.sequenceNumber,
    },
    stored: { handle: 'no', block: 'no', endpoint: 'no' },
  };
}

/** As Calico writes it, with the allocations that it is to hold. */
export function blockValue(block: Block, held: readonly Allocation[]): object {
  const capacity = block.free.length + block.allocations.size;
  const byOrdinal = new Map(held.map(({ ordinal }, attribute) => [ordinal, attribute]));
  const ordinals = Array.from({ length: capacity }, (_, ordinal) => ordinal);
  const reserved = [...block.allocations.keys()].filter((ordinal) => !byOrdinal.has(ordinal));
  return {
    cidr: block.cidr,
    affinity: `host:${block.node}`,
    strictAffinity: false,
    allocations: ordinals.map((ordinal) => byOrdinal.get(ordinal) ?? null),
    unallocated: [...reserved, ...block.free],
    attributes: held.map(attributeOf),
    deleted: false,
    sequenceNumber: block.sequenceNumber,
    sequenceNumberForAllocation: Object.fromEntries(held.map(({ ordinal, sequence }) => [ordinal, sequence])),
  };
}

function attributeOf({ handle, pod: { namespace, name, node }, at }: Allocation): object {
  return { handle_id: handle, secondary: { namespace, node, pod: name, timestamp: stamp(at) } };
}
