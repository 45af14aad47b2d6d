import { bitsOf, sizeOf, type Span } from './cidr.js';
import type { PoolUse } from './facts.js';
import type { Block, Pool } from './records.js';
import { reservedAmong, reservedBlocks, reservedIn } from './reserved.js';

/** What is counted of one pool, block by block. */
export interface PoolCount {
  readonly pool: Pool;
  readonly blockSize: bigint;
  inUse: number;
  blocks: number;
  blockCapacity: number;
  /** Addresses that are given out although they are reserved: they are in use, and kept back from nobody. */
  reservedInUse: number;
  /** Whole blocks that exist, and are reserved: they take no place that a node could claim. */
  reservedBlocks: number;
}

export function newCount(pool: Pool): PoolCount {
  const blockSize = 1n << BigInt(bitsOf(pool.cidr.family) - pool.blockPrefix);
  return {
    ...{ pool, blockSize },
    ...{ inUse: 0, blocks: 0, blockCapacity: 0, reservedInUse: 0, reservedBlocks: 0 },
  };
}

/** As `calicoctl ipam show`: what a block does not call free is in use, cooling down or kept for Windows included. */
export function countBlock(count: PoolCount, block: Block, reservations: readonly Span[]): void {
  count.blocks += 1;
  count.blockCapacity += block.capacity;
  count.inUse += block.capacity - block.unallocated.length;
  const reserved = Number(reservedIn(block.cidr, reservations));
  if (reserved === 0) return;
  count.reservedInUse += reserved - reservedAmong(block.unallocated, block.cidr, reservations);
  if (reserved === block.capacity) count.reservedBlocks += 1;
}

export function poolUse(count: PoolCount, reservations: readonly Span[]): PoolUse {
  const { pool, inUse, blocks, blockCapacity } = count;
  const capacity = sizeOf(pool.cidr);
  const reserved = reservedIn(pool.cidr, reservations) - BigInt(count.reservedInUse);
  const free = capacity - BigInt(inUse) - reserved;
  return {
    name: pool.name,
    cidr: pool.cidrText,
    disabled: pool.disabled,
    forPods: pool.forPods,
    selective: pool.selective,
    capacity: Number(capacity),
    huge: capacity > BigInt(Number.MAX_SAFE_INTEGER),
    inUse,
    reserved: Number(atLeastZero(reserved)),
    free: Number(atLeastZero(free)),
    blocks,
    blockCapacity,
    freeBlocks: Number(atLeastZero(claimable(count, reservations))),
  };
}

function claimable({ pool, blockSize, blocks, reservedBlocks: taken }: PoolCount, spans: readonly Span[]) {
  const room = sizeOf(pool.cidr) / blockSize;
  return room - BigInt(blocks) - reservedBlocks(pool.cidr, blockSize, spans) + BigInt(taken);
}

/** A block that sticks out of its pool is counted as a whole, as calicoctl does. */
function atLeastZero(value: bigint): bigint {
  return value < 0n ? 0n : value;
}
