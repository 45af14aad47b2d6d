import { blockCount, type Pool } from './addresses.js';
import { makeBlock, type Block } from './block.js';

export interface BlocksOptions {
  pool: Pool;
  strictAffinity: boolean;
}

/** Finds a block with a free address for a node; undefined: there is none. */
export function makeBlocks({ pool, strictAffinity }: BlocksOptions): (node: string) => Block | undefined {
  const blocks = new Map<number, Block>();
  const nodes: string[] = [];

  /** The N-th node's first block is 10.0.N.0/26, where the pool is 10.0.0.0/16. */
  function claim(node: string): Block | undefined {
    if (!nodes.includes(node)) nodes.push(node);
    const count = blockCount(pool);
    const first = (nodes.indexOf(node) + 1) * 4;
    for (let step = 0; step < count; step++) {
      const index = (first + step) % count;
      if (blocks.has(index)) continue;
      const block = makeBlock(pool, index, node);
      blocks.set(index, block);
      return block;
    }
    return undefined;
  }

  return (node) => {
    const withRoom = [...blocks.values()].filter(({ free }) => free.length > 0);
    const own = withRoom.find((block) => block.node === node);
    return own ?? claim(node) ?? (strictAffinity ? undefined : withRoom[0]);
  };
}
