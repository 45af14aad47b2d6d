import { merged, overlaps, type Span } from './cidr.js';
import { MOST_SUSPECTS_KEPT, type AddressUse, type Suspect } from './facts.js';
import { makeNodeCounts, nodeBlocks, type NodeCounts } from './nodes.js';
import { countBlock, newCount, poolUse, type PoolCount } from './pool-count.js';
import { DEFAULT_CONFIG, isDeleted, parseBlock, parseConfig, parsePool } from './records.js';
import { parseReservation, type Block, type IpamConfig } from './records.js';
import { reservedAmong } from './reserved.js';
import { makeSeen } from './seen.js';
import { gives, starvingNodes, type FamilyState } from './starving.js';

/**
 * Counts Calico's addresses object by object and keeps none of them, so that ten thousand blocks need no more memory than
 * ten. Pools, reservations and the configuration come first, then the blocks, then nodes and handles in any order.
 */
export interface Tally {
  pool(raw: unknown): void;
  reservation(raw: unknown): void;
  config(raw: unknown): void;
  block(raw: unknown): void;
  /** A node that exists, with blocks or without. */
  node(name: string): void;
  handle(id: string): void;
  unreadable(): void;
  notRead(what: string): void;
  finish(origin: Pick<AddressUse, 'source' | 'revision'>): AddressUse;
}

interface State {
  readonly pools: PoolCount[];
  readonly spans: Span[];
  readonly nodes: NodeCounts;
  readonly suspects: Suspect[];
  readonly notRead: string[];
  reservations: readonly Span[];
  config: IpamConfig;
  freeInBlocks: Record<FamilyState['family'], number>;
  blocks: number;
  borrowed: number;
  handles: number;
  suspectCount: number;
  orphanedBlocks: number;
  unreadable: number;
}

export function makeTally(): Tally {
  const state = newState();
  const mentioned = makeSeen();
  const understood = <T>(value: T | null, take: (value: T) => void): void => {
    if (value === null) state.unreadable += 1;
    else take(value);
  };
  return {
    pool: (raw) => understood(parsePool(raw), (pool) => void state.pools.push(newCount(pool))),
    reservation(raw) {
      understood(parseReservation(raw), (spans) => void state.spans.push(...spans));
      state.reservations = merged(state.spans);
    },
    config: (raw) => understood(parseConfig(raw), (config) => void (state.config = config)),
    block(raw) {
      if (isDeleted(raw)) return;
      understood(parseBlock(raw), (block) => {
        block.handles.forEach((handle) => mentioned.add(handle));
        takeBlock(state, block);
      });
    },
    node: (name) => void state.nodes.of(name),
    handle(id) {
      state.handles += 1;
      if (!mentioned.has(id)) suspect(state, { kind: 'handle-without-block', name: id });
    },
    unreadable: () => void (state.unreadable += 1),
    notRead: (what) => void state.notRead.push(what),
    finish: (origin) => finished(state, origin),
  };
}

function newState(): State {
  return {
    ...{ pools: [], spans: [], nodes: makeNodeCounts(), suspects: [], notRead: [], reservations: [] },
    ...{ config: DEFAULT_CONFIG, freeInBlocks: { 4: 0, 6: 0 }, blocks: 0, borrowed: 0, handles: 0 },
    ...{ suspectCount: 0, orphanedBlocks: 0, unreadable: 0 },
  };
}

/** Several pools may overlap one block where somebody changed them: the first one has it, as calicoctl counts. */
function takeBlock(state: State, block: Block): void {
  state.blocks += 1;
  const count = state.pools.find(({ pool }) => overlaps(pool.cidr, block.cidr));
  if (count) countBlock(count, block, state.reservations);
  else {
    state.orphanedBlocks += 1;
    suspect(state, { kind: 'block-without-pool', name: block.cidrText });
  }
  takeOwner(state, block, count !== undefined && gives(count.pool));
  takeBorrowers(state, block);
}

function takeOwner(state: State, block: Block, usable: boolean): void {
  const reserved = reservedAmong(block.unallocated, block.cidr, state.reservations);
  const givable = block.unallocated.length - reserved;
  const { family } = block.cidr;
  if (usable) state.freeInBlocks[family] += givable;
  if (block.node === null) return;
  const node = state.nodes.of(block.node);
  node.blocks += 1;
  node.free += block.unallocated.length;
  if (!usable) return;
  node.own(family).blocks += 1;
  node.own(family).free += givable;
}

function takeBorrowers(state: State, block: Block): void {
  if (block.node === null) return;
  for (const { node, released } of block.holders) {
    if (node === null || node === block.node || released) continue;
    state.borrowed += 1;
    state.nodes.of(node).borrowed += 1;
  }
}

function suspect(state: State, found: Suspect): void {
  state.suspectCount += 1;
  if (state.suspects.length < MOST_SUSPECTS_KEPT) state.suspects.push(found);
}

function finished(state: State, origin: Pick<AddressUse, 'source' | 'revision'>): AddressUse {
  const { config, blocks, borrowed, handles, suspects, suspectCount } = state;
  const nodes = state.nodes.all();
  const pools = state.pools.map((count) => poolUse(count, state.reservations));
  return {
    ...origin,
    pools,
    nodes: nodes.map(nodeBlocks),
    starving: starvingNodes(nodes, familiesOf(state), config),
    ...{ blocks, borrowed, handles, suspects, suspectCount },
    orphanedBlocks: state.orphanedBlocks,
    strictAffinity: config.strictAffinity,
    maxBlocksPerNode: config.maxBlocksPerNode,
    unreadable: state.unreadable,
    notRead: state.notRead,
  };
}

/** A family without a pool that gives addresses is not in use here, or is not any more. */
function familiesOf(state: State): readonly FamilyState[] {
  return ([4, 6] as const).flatMap((family) => {
    const giving = state.pools.filter(({ pool }) => pool.cidr.family === family && gives(pool));
    if (giving.length === 0) return [];
    const pools = giving.map((count) => poolUse(count, state.reservations));
    return [{ family, pools, freeInBlocks: state.freeInBlocks[family] }];
  });
}
