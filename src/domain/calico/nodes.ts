import type { Family, NodeBlocks } from './facts.js';
import type { NodeOwn, Own } from './starving.js';

/** What is counted of one node, block by block. */
export interface NodeCount extends NodeOwn {
  blocks: number;
  free: number;
  borrowed: number;
}

export interface NodeCounts {
  of(node: string): NodeCount;
  all(): readonly NodeCount[];
}

export function makeNodeCounts(): NodeCounts {
  const counts = new Map<string, NodeCount>();
  return {
    of(node) {
      const count = counts.get(node) ?? newCount(node);
      counts.set(node, count);
      return count;
    },
    all: () => [...counts.values()],
  };
}

export function nodeBlocks({ node, blocks, free, borrowed }: NodeCount): NodeBlocks {
  return { node, blocks, free, borrowed };
}

function newCount(node: string): NodeCount {
  const own: Record<Family, Own> = { 4: { blocks: 0, free: 0 }, 6: { blocks: 0, free: 0 } };
  return { node, blocks: 0, free: 0, borrowed: 0, own: (family) => own[family] };
}
