import type { AddressUse } from '../../domain/calico/facts.js';
import { amount, shareOf } from '../../domain/calico/pools.js';
import { reasonText } from '../../domain/calico/reasons.js';
import { percent } from '../../domain/units.js';
import { inOrder, MOST_POOLS, MOST_STARVING, stateOf } from './calico-text.js';
import { oneLine } from './escape.js';
import type { MessageFile } from './message.js';
import { textTable } from './table.js';

/** A message has room for a few of them. */
const MOST_NODES = 20;

/** Everything that was counted, where the message has no room for it. */
export function calicoFile(use: AddressUse, cluster: string): MessageFile | undefined {
  const { pools, starving, nodes } = use;
  const fits = pools.length <= MOST_POOLS && starving.length <= MOST_STARVING && nodes.length <= MOST_NODES;
  if (fits) return undefined;
  const tables = [poolTable(use), starvingTable(use), nodeTable(use)].filter((table) => table !== '');
  const title = `Calico’s addresses, ${oneLine(cluster)}`;
  return { name: 'calico.txt', title, content: `${tables.join('\n\n')}\n` };
}

function poolTable({ pools }: AddressUse): string {
  const title = ['pool', 'range', 'used', 'in use', 'reserved', 'free', 'blocks', 'to claim', ''];
  const rows = inOrder(pools).map((pool) => [
    oneLine(pool.name),
    oneLine(pool.cidr),
    percent(shareOf(pool)),
    ...[pool.inUse, pool.reserved, pool.free, pool.blocks, pool.freeBlocks].map(amount),
    stateOf(pool),
  ]);
  return textTable([title, ...rows]);
}

function starvingTable(use: AddressUse): string {
  if (use.starving.length === 0) return '';
  const title = ['can’t get a block', 'family', 'blocks', 'borrows', 'because'];
  const rows = use.starving.map(({ node, family, blocks, borrows, reason }) => [
    oneLine(node),
    `IPv${String(family)}`,
    String(blocks),
    borrows ? 'yes' : 'no',
    reasonText(reason, use),
  ]);
  return textTable([title, ...rows]);
}

function nodeTable({ nodes }: AddressUse): string {
  const rows = nodes
    .toSorted((a, b) => b.blocks - a.blocks)
    .map(({ node, blocks, free, borrowed }) => [oneLine(node), ...[blocks, free, borrowed].map(String)]);
  return textTable([['node', 'blocks', 'free', 'borrowed'], ...rows]);
}
