import type { AddressUse, Starvation, StarvingNode } from './facts.js';
import { usedUpFamilies } from './pools.js';

/** Worst first: those that have no way to an address. */
export const STARVATIONS: readonly Starvation[] = [
  ...(['strict-affinity', 'block-limit', 'no-new-blocks', 'no-block-left'] as const),
];

/** Why, as the end of a sentence about the nodes. */
export function reasonText(reason: Starvation, { maxBlocksPerNode }: AddressUse): string {
  switch (reason) {
    case 'strict-affinity':
      return 'every block is taken, and strict affinity forbids to borrow';
    case 'block-limit':
      return `at the limit of ${String(maxBlocksPerNode)} blocks for one node`;
    case 'no-new-blocks':
      return 'new blocks are switched off (`autoAllocateBlocks`)';
    case 'no-block-left':
      return 'every block is taken';
  }
}

/** One sentence in the imperative. */
export function remedyText(reason: Starvation): string {
  switch (reason) {
    case 'strict-affinity':
      return 'Add an IP pool, or let nodes borrow: `calicoctl ipam configure --strictaffinity=false` (not with Windows nodes)';
    case 'block-limit':
      return 'Raise `maxBlocksPerHost` in the IPAM configuration, or move pods to other nodes';
    case 'no-new-blocks':
      return 'Switch new blocks on again in the IPAM configuration, if nobody had a reason';
    case 'no-block-left':
      return 'Add an IP pool, or use a smaller `blockSize` in a new one';
  }
}

/** Without those of whom the pools say it already: where no address is left, no node gets one. */
export function starvingBeside(use: AddressUse): readonly StarvingNode[] {
  const usedUp = usedUpFamilies(use);
  const said = ({ family, reason }: StarvingNode): boolean =>
    usedUp.includes(family) && (reason === 'no-block-left' || reason === 'strict-affinity');
  return use.starving.filter((node) => !said(node));
}
