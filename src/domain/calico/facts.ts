/* How Calico's addresses are used, as `calicoctl ipam show` counts them. */

export type Family = 4 | 6;

export interface PoolUse {
  readonly name: string;
  readonly cidr: string;
  /** Gives no new address; what was given stays in use. */
  readonly disabled: boolean;
  /** Gives addresses to pods without being asked for by name; not so: only tunnels, load balancers, or by hand. */
  readonly forPods: boolean;
  /** It serves only some nodes or namespaces, by their labels. */
  readonly selective: boolean;
  /** Addresses of the whole pool. A number holds pools of IPv6 only roughly; that is said by `huge`. */
  readonly capacity: number;
  readonly huge: boolean;
  readonly inUse: number;
  /** Kept back by an IPReservation, and not in use. */
  readonly reserved: number;
  readonly free: number;
  readonly blocks: number;
  readonly blockCapacity: number;
  /** Blocks that a node can still claim. */
  readonly freeBlocks: number;
}

export interface NodeBlocks {
  readonly node: string;
  readonly blocks: number;
  /** Addresses of this node's blocks that are not given out. */
  readonly free: number;
  /** Addresses that its pods hold from other nodes' blocks. */
  readonly borrowed: number;
}

/**
 * Why a node gets no block, its own being full:
 * - `no-block-left`: every enabled pool is cut up into blocks already; it can only borrow
 * - `strict-affinity`: the same, and it may not borrow
 * - `block-limit`: it has as many blocks as one node may have; then Calico does not even borrow
 * - `no-new-blocks`: `auto_allocate_blocks` is off, and nobody gets a new block; no borrowing either
 */
export type Starvation = 'no-block-left' | 'strict-affinity' | 'block-limit' | 'no-new-blocks';

export interface StarvingNode {
  readonly node: string;
  readonly family: Family;
  readonly reason: Starvation;
  /** Its own blocks of this family, all of them full. */
  readonly blocks: number;
  /** Its next pod still gets an address from another node's block. */
  readonly borrows: boolean;
}

/** Something that does not add up. Suspect, never deleted: its pod may be starting right now. */
export interface Suspect {
  readonly kind: 'handle-without-block' | 'block-without-pool';
  readonly name: string;
}

export const MOST_SUSPECTS_KEPT = 50;

export interface AddressUse {
  /** `etcd`: from this cluster's keys at one revision; `kubernetes`: from Calico's CRDs. */
  readonly source: 'etcd' | 'kubernetes';
  readonly revision: number | null;
  readonly pools: readonly PoolUse[];
  readonly nodes: readonly NodeBlocks[];
  /** Nodes that can't get a block, those first that can't borrow either. */
  readonly starving: readonly StarvingNode[];
  readonly blocks: number;
  readonly borrowed: number;
  readonly handles: number;
  /** At most `MOST_SUSPECTS_KEPT`. */
  readonly suspects: readonly Suspect[];
  readonly suspectCount: number;
  /** Blocks of no pool; among the suspects. */
  readonly orphanedBlocks: number;
  /** `strict_affinity`: no node may borrow, so one without a block of its own starves beside a pool with room. */
  readonly strictAffinity: boolean;
  readonly maxBlocksPerNode: number;
  /** Pools, blocks or handles that could not be understood. */
  readonly unreadable: number;
  /** What could not be read beside the pools and blocks, a sentence each. */
  readonly notRead: readonly string[];
}
