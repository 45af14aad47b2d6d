/* How Calico's addresses are used, as `calicoctl ipam show` counts them. */

export interface PoolUse {
  readonly name: string;
  readonly cidr: string;
  readonly disabled: boolean;
  /** Addresses of the whole pool. A number holds pools of IPv6 only roughly; that is said by `huge`. */
  readonly capacity: number;
  readonly huge: boolean;
  readonly inUse: number;
  readonly free: number;
  readonly blocks: number;
  readonly blockCapacity: number;
}

export interface NodeBlocks {
  readonly node: string;
  readonly blocks: number;
  /** Addresses of this node's blocks that are not given out. */
  readonly free: number;
  /** Addresses that its pods hold from other nodes' blocks. */
  readonly borrowed: number;
}

/** Something that does not add up. Suspect, never deleted: its pod may be starting right now. */
export interface Suspect {
  readonly kind: 'handle-without-block' | 'block-without-pool';
  readonly name: string;
}

export interface AddressUse {
  /** `etcd`: from this cluster's keys at one revision; `kubernetes`: from Calico's CRDs. */
  readonly source: 'etcd' | 'kubernetes';
  readonly revision: number | null;
  readonly pools: readonly PoolUse[];
  readonly nodes: readonly NodeBlocks[];
  readonly blocks: number;
  readonly borrowed: number;
  readonly handles: number;
  /** At most `MOST_SUSPECTS_KEPT`. */
  readonly suspects: readonly Suspect[];
  readonly suspectCount: number;
  /** `strict_affinity`: no node may borrow, so one without a block of its own starves beside a pool with room. */
  readonly strictAffinity: boolean;
  /** Blocks or handles that could not be understood. */
  readonly unreadable: number;
}
