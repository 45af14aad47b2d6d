import type { Family, PoolUse, Starvation, StarvingNode } from './facts.js';
import type { IpamConfig } from './records.js';

/** What one node has of one family, in pools that still give addresses to pods. */
export interface Own {
  blocks: number;
  /** That can be given: not in use, not reserved. */
  free: number;
}

export interface NodeOwn {
  readonly node: string;
  own(family: Family): Own;
}

/** A family's pools together. */
export interface FamilyState {
  readonly family: Family;
  readonly pools: readonly PoolUse[];
  /** Addresses that blocks of these pools can still give, whoever owns them. */
  readonly freeInBlocks: number;
}

/** Whether a pool gives addresses to new pods; to which nodes, its labels decide, which are not read. */
export function gives({ disabled, forPods }: Pick<PoolUse, 'disabled' | 'forPods'>): boolean {
  return forPods && !disabled;
}

/**
 * Nodes whose own blocks are full and that get no other one. A pool that serves only some nodes is taken to serve all of
 * them: nobody is called starving because of labels that were not read.
 */
export function starvingNodes(
  nodes: readonly NodeOwn[],
  families: readonly FamilyState[],
  config: IpamConfig,
): readonly StarvingNode[] {
  const starving = families.flatMap((state) =>
    nodes.flatMap((node) => {
      const { blocks, free } = node.own(state.family);
      const reason = free > 0 ? null : reasonFor(state, blocks, config);
      if (reason === null) return [];
      const borrows = reason === 'no-block-left' && state.freeInBlocks > 0;
      return [{ node: node.node, family: state.family, reason, blocks, borrows }];
    }),
  );
  return starving.toSorted((a, b) => Number(a.borrows) - Number(b.borrows));
}

/** In the order in which Calico decides it: at the limit it gives up before it looks for a block, or for one to borrow. */
function reasonFor({ pools }: FamilyState, blocks: number, config: IpamConfig): Starvation | null {
  if (blocks >= config.maxBlocksPerNode) return 'block-limit';
  if (!config.newBlocks) return 'no-new-blocks';
  if (pools.some(({ freeBlocks }) => freeBlocks > 0)) return null;
  return config.strictAffinity ? 'strict-affinity' : 'no-block-left';
}
