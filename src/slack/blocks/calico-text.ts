import type { AddressUse, NodeBlocks, PoolUse, StarvingNode } from '../../domain/calico/facts.js';
import { amount, counted, isUsedUp, shareOf, usedOf } from '../../domain/calico/pools.js';
import { reasonText } from '../../domain/calico/reasons.js';
import { gives } from '../../domain/calico/starving.js';
import { grouped, percent } from '../../domain/units.js';
import { escape, prose } from './escape.js';
import { SEVERITY_MARK } from './marks.js';
import { bar, code, lineTable, padEnd, padStart, shownWidth } from './table.js';

/** More than these are in the file: nobody reads them on a phone. */
export const MOST_POOLS = 10;
export const MOST_STARVING = 10;
const MOST_NODES = 5;
const MOST_SUSPECTS = 3;

const NAME = 24;

/** Those that can't even borrow come first. */
export function starvingLines(use: AddressUse): readonly string[] {
  const { starving } = use;
  if (starving.length === 0) return [];
  const shown = starving.slice(0, MOST_STARVING);
  const width = widthOf(shown.map(({ node }) => node));
  const more = starving.length - shown.length;
  return [
    `*Nodes that can’t get a block* (${grouped(new Set(starving.map(({ node }) => node)).size)})`,
    ...shown.map((node) => starvingLine(node, use, width)),
    ...(more > 0 ? [`+${grouped(more)} more, all of them in the file`] : []),
  ];
}

function starvingLine(node: StarvingNode, use: AddressUse, width: number): string {
  const { family, reason, blocks, borrows } = node;
  const mark = borrows ? SEVERITY_MARK.warning : SEVERITY_MARK.critical;
  const own = blocks === 0 ? 'no block of its own' : `${counted(blocks, 'block')} of its own, full`;
  const then = borrows ? ' · it borrows' : '';
  return `${mark} ${code(padEnd(named(node.node), width))}  IPv${String(family)}: ${own} · ${prose(reasonText(reason, use))}${then}`;
}

/** Each pool at a glance, the fullest first; those that give no address to new pods last. */
export function poolLines({ pools }: AddressUse): readonly string[] {
  if (pools.length === 0) return [];
  const shown = inOrder(pools).slice(0, MOST_POOLS);
  const width = widthOf(shown.map(({ name }) => name));
  const more = pools.length - shown.length;
  return [
    '*Pools*',
    ...shown.map((pool) => poolLine(pool, width)),
    ...(more > 0 ? [`+${counted(more, 'more pool')}, all of them in the file`] : []),
  ];
}

export function inOrder(pools: readonly PoolUse[]): readonly PoolUse[] {
  return pools.toSorted((a, b) => Number(gives(b)) - Number(gives(a)) || shareOf(b) - shareOf(a));
}

function poolLine(pool: PoolUse, width: number): string {
  const share = shareOf(pool);
  const fill = code(`${padEnd(named(pool.name), width)} ${bar(share)} ${padStart(percent(share), 5)}`);
  const full = gives(pool) && isUsedUp(pool) ? `${SEVERITY_MARK.critical} ` : '';
  const reserved = pool.reserved > 0 ? ` · ${amount(pool.reserved)} reserved` : '';
  const numbers = `${usedOf(pool)} in use · ${amount(pool.free)} free${reserved}`;
  const blocks = `${counted(pool.blocks, 'block')}, ${amount(pool.freeBlocks)} left to claim`;
  const state = stateOf(pool);
  return `${fill}  ${full}${escape(pool.cidr, 45)}${state === '' ? '' : ` · ${state}`}\n${numbers} · ${blocks}`;
}

export function stateOf({ disabled, forPods, selective }: PoolUse): string {
  if (disabled) return 'disabled: gives no new address';
  if (!forPods) return 'not for pods';
  return selective ? 'only for some nodes or namespaces' : '';
}

/** Nodes with most blocks, and who borrows. */
export function busiestLines({ nodes, borrowed }: AddressUse): readonly string[] {
  const busiest = nodes.filter(({ blocks }) => blocks > 0).toSorted((a, b) => b.blocks - a.blocks);
  const rows = busiest.slice(0, MOST_NODES).map(nodeRow);
  const title =
    busiest.length > MOST_NODES ? `*Nodes with most blocks* (of ${grouped(nodes.length)})` : '*Nodes*';
  return [...(rows.length > 0 ? [title, ...lineTable(rows)] : []), ...borrowedLines(nodes, borrowed)];
}

function nodeRow({ node, blocks, free, borrowed }: NodeBlocks): readonly string[] {
  const borrows = borrowed > 0 ? [`${grouped(borrowed)} borrowed`] : [];
  return [named(node), counted(blocks, 'block'), `${grouped(free)} free`, ...borrows];
}

function borrowedLines(nodes: readonly NodeBlocks[], borrowed: number): readonly string[] {
  if (borrowed === 0) return nodes.length === 0 ? [] : ['No address is borrowed from another node’s block.'];
  const most = nodes.filter((node) => node.borrowed > 0).toSorted((a, b) => b.borrowed - a.borrowed);
  const who = most
    .slice(0, MOST_SUSPECTS)
    .map((node) => `${code(named(node.node))} (${grouped(node.borrowed)})`);
  const more = most.length > who.length ? ', …' : '';
  const are = borrowed === 1 ? 'address is' : 'addresses are';
  return [`${grouped(borrowed)} ${are} borrowed from other nodes’ blocks, by ${who.join(', ')}${more}`];
}

/** Nobody is accused: what is in between two writes of Calico looks the same. */
export function suspectLines({
  suspects,
  suspectCount,
  orphanedBlocks,
  handles,
}: AddressUse): readonly string[] {
  if (suspectCount === 0) return [];
  const loose = suspectCount - orphanedBlocks;
  const shown = suspects.slice(0, MOST_SUSPECTS).map(({ name }) => code(escape(name, 60)));
  const more = suspectCount > shown.length ? ', …' : '';
  return [
    '*Suspects*',
    ...(loose > 0 ? [`${grouped(loose)} of ${counted(handles, 'handle')}: no block mentions them`] : []),
    ...(orphanedBlocks > 0 ? [`${counted(orphanedBlocks, 'block')} of no pool`] : []),
    `${shown.join(', ')}${more}`,
    'They are only suspects: a pod may be starting or ending right now. The bot deletes none; `calicoctl ipam check` judges them.',
  ];
}

function named(name: string): string {
  return escape(name, NAME);
}

function widthOf(names: readonly string[]): number {
  return Math.max(0, ...names.map((name) => shownWidth(named(name))));
}
