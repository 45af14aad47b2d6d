import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { AddressUse } from '../../../src/domain/calico/facts.js';
import { makeTally, type Tally } from '../../../src/domain/calico/tally.js';
import { block, blockWith, pool, reservation, type Json } from '../../calico.js';

function counted(fill: (tally: Tally) => void): AddressUse {
  const tally = makeTally();
  fill(tally);
  return tally.finish({ source: 'etcd', revision: 7 });
}

describe('the use of a pool', () => {
  it('is what its blocks do not call free', () => {
    const use = counted((tally) => {
      tally.pool(pool('default', '10.0.0.0/24'));
      tally.block(blockWith('10.0.0.0/26', 'n1', 64));
      tally.block(blockWith('10.0.0.64/26', 'n2', 10));
    });
    // 256 addresses in four blocks of 64; 64 + 10 are given; 256 - 74 = 182; two blocks are still to be claimed.
    expect(use.pools).toEqual([
      {
        ...{ name: 'default', cidr: '10.0.0.0/24', disabled: false, forPods: true, selective: false },
        ...{ capacity: 256, huge: false, inUse: 74, reserved: 0, free: 182 },
        ...{ blocks: 2, blockCapacity: 128, freeBlocks: 2 },
      },
    ]);
    expect(use.nodes).toEqual([
      { node: 'n1', blocks: 1, free: 0, borrowed: 0 },
      { node: 'n2', blocks: 1, free: 54, borrowed: 0 },
    ]);
    expect(use).toMatchObject({ source: 'etcd', revision: 7, blocks: 2, unreadable: 0, starving: [] });
  });

  it('is counted in the first pool that overlaps a block; in none, the block is an orphan', () => {
    const use = counted((tally) => {
      tally.pool(pool('a', '10.0.0.0/25'));
      tally.pool(pool('b', '10.0.0.0/24'));
      tally.block(blockWith('10.0.0.0/26', 'n1', 3));
      tally.block(blockWith('10.0.0.128/26', 'n1', 5));
      tally.block(blockWith('172.16.0.0/26', 'n1', 7));
    });
    expect(use.pools.map(({ name, inUse, free }) => [name, inUse, free])).toEqual([
      ['a', 3, 125],
      ['b', 5, 251],
    ]);
    expect(use).toMatchObject({ blocks: 3, orphanedBlocks: 1, suspectCount: 1 });
    expect(use.suspects).toEqual([{ kind: 'block-without-pool', name: '172.16.0.0/26' }]);
  });

  it('keeps reserved addresses from the free ones, but not those that are in use', () => {
    const use = counted((tally) => {
      tally.pool(pool('p', '10.0.0.0/24'));
      tally.reservation(reservation('gateways', '10.0.0.0/30', '10.0.0.2', '10.0.0.64/26', '192.168.0.0/16'));
      tally.block(block('10.0.0.0/26', 'n1', { 1: {}, 9: {} }));
    });
    // Reserved in the pool: 4 + 64 = 68, one of them (10.0.0.1) is in use: 67. Free: 256 - 2 - 67 = 187.
    // Of four places for blocks one is taken and one is reserved as a whole.
    expect(use.pools[0]).toMatchObject({ inUse: 2, reserved: 67, free: 187, freeBlocks: 2 });
  });

  it('includes addresses that cool down, and those that Windows keeps', () => {
    const windows = Object.fromEntries([0, 1, 2, 63].map((place) => [place, { handle: 'windows-reserved' }]));
    const use = counted((tally) => {
      tally.pool(pool('p', '10.0.0.0/26'));
      tally.block(block('10.0.0.0/26', 'w1', { ...windows, 5: { releasedAt: '2026-03-10T02:59:00Z' } }));
    });
    expect(use.pools[0]).toMatchObject({ inUse: 5, free: 59 });
  });

  it('of a disabled pool stays in use', () => {
    const use = counted((tally) => {
      tally.pool(pool('old', '10.0.0.0/26', { disabled: true }));
      tally.block(blockWith('10.0.0.0/26', 'n1', 20));
    });
    expect(use.pools[0]).toMatchObject({ disabled: true, inUse: 20, free: 44 });
  });

  it('of IPv6 is exact where a number holds it, and marked where not', () => {
    const use = counted((tally) => {
      tally.pool(pool('small', 'fd00::/80'));
      tally.pool(pool('large', 'fd01::/48'));
      tally.block(blockWith('fd00::/122', 'n1', 2));
    });
    expect(use.pools[0]).toMatchObject({ capacity: 2 ** 48, huge: false, inUse: 2, free: 2 ** 48 - 2 });
    expect(use.pools[1]).toMatchObject({ capacity: 2 ** 80, huge: true, inUse: 0, free: 2 ** 80 });
  });

  it('does not go below nothing where a block sticks out of its pool', () => {
    const use = counted((tally) => {
      tally.pool(pool('tiny', '10.0.0.0/30', { blockSize: 30 }));
      tally.block(blockWith('10.0.0.0/26', 'n1', 40));
    });
    expect(use.pools[0]).toMatchObject({ capacity: 4, inUse: 40, free: 0, freeBlocks: 0 });
  });

  it('does without what can’t be understood, and says how much that is', () => {
    const use = counted((tally) => {
      tally.pool(null);
      tally.pool(pool('p', '10.0.0.0/24'));
      tally.reservation({ spec: { reservedCIDRs: ['?'] } });
      tally.config(null);
      tally.block(null);
      tally.block({ ...blockWith('10.0.0.0/26', 'n1', 1), deleted: true });
      tally.unreadable();
    });
    expect(use).toMatchObject({ unreadable: 5, blocks: 0, strictAffinity: false, maxBlocksPerNode: 20 });
  });
});

describe('borrowed addresses', () => {
  it('are those of a pod on another node than the block’s', () => {
    const use = counted((tally) => {
      tally.pool(pool('p', '10.0.0.0/24'));
      tally.block(
        block('10.0.0.0/26', 'n1', {
          ...{ 0: {}, 1: { node: 'n2' }, 2: { node: 'n2' }, 3: { node: 'n3' } },
          4: { node: 'n4', releasedAt: '2026-03-10T02:59:00Z' },
        }),
      );
      tally.block(block('10.0.0.64/26', null, { 0: { node: 'n5' } }));
    });
    expect(use.borrowed).toBe(3);
    expect(use.nodes.map(({ node, borrowed }) => [node, borrowed])).toEqual([
      ['n1', 0],
      ['n2', 2],
      ['n3', 1],
    ]);
  });
});

interface Scene {
  readonly pools: readonly Json[];
  readonly blocks: readonly Json[];
  readonly reserved?: string;
  readonly config?: Json;
  readonly nodes?: readonly string[];
}

function staged({ pools, blocks, reserved, config, nodes = [] }: Scene): AddressUse {
  return counted((tally) => {
    for (const raw of pools) tally.pool(raw);
    if (reserved !== undefined) tally.reservation(reservation('r', reserved));
    if (config) tally.config(config);
    for (const raw of blocks) tally.block(raw);
    for (const node of nodes) tally.node(node);
  });
}

describe('a node that can’t get a block', () => {
  const sized = (length: number): Json => pool('p', `10.0.0.0/${String(length)}`);
  const full = blockWith('10.0.0.0/26', 'n1', 64);
  const blocks = [full, blockWith('10.0.0.64/26', 'n2', 10)];
  const disabled = (cidr: string): Json => pool('old', cidr, { disabled: true });
  const n1 = { node: 'n1', family: 4, reason: 'no-block-left', blocks: 1, borrows: false } as const;

  const cases: readonly (readonly [string, Scene, AddressUse['starving']])[] = [
    ['a block is left', { pools: [sized(24)], blocks }, []],
    ['none is left: it borrows', { pools: [sized(25)], blocks }, [{ ...n1, borrows: true }]],
    [
      'none is left, and it has none at all: as well',
      { pools: [sized(25)], blocks, nodes: ['n3', 'n1'] },
      [
        { ...n1, borrows: true },
        { ...n1, node: 'n3', blocks: 0, borrows: true },
      ],
    ],
    [
      'none is left, and it may not borrow',
      { pools: [sized(25)], blocks, config: { strict_affinity: true, auto_allocate_blocks: true } },
      [{ ...n1, reason: 'strict-affinity' }],
    ],
    ['the pool is used up: nothing to borrow either', { pools: [sized(26)], blocks: [full] }, [n1]],
    ['what is left is reserved', { pools: [sized(25)], blocks: [full], reserved: '10.0.0.64/26' }, [n1]],
    [
      'it has as many as it may have: Calico does not even borrow',
      { pools: [sized(16)], blocks, config: { auto_allocate_blocks: true, maxBlocksPerHost: 1 } },
      [{ ...n1, reason: 'block-limit' }],
    ],
    [
      'nobody gets a new one',
      { pools: [sized(16)], blocks, config: { auto_allocate_blocks: false } },
      [{ ...n1, reason: 'no-new-blocks' }],
    ],
    [
      'its own room is in a pool that is disabled',
      {
        pools: [sized(26), disabled('10.1.0.0/26')],
        blocks: [blockWith('10.0.0.0/26', 'n2', 1), blockWith('10.1.0.0/26', 'n1', 1)],
      },
      [{ ...n1, blocks: 0, borrows: true }],
    ],
    [
      'each family counts for itself',
      { pools: [sized(16), pool('six', 'fd00::/122')], blocks: [blockWith('fd00::/122', 'n1', 64)] },
      [{ ...n1, family: 6 }],
    ],
    ['no pool gives addresses: that is another trouble', { pools: [disabled('10.0.0.0/24')], blocks }, []],
    [
      'those that can’t borrow come first',
      {
        pools: [sized(25), pool('six', 'fd00::/122')],
        blocks: [...blocks, blockWith('fd00::/122', 'n2', 64)],
        nodes: [],
      },
      [
        { ...n1, family: 6, blocks: 0 },
        { ...n1, node: 'n2', family: 6 },
        { ...n1, borrows: true },
      ],
    ],
  ];

  it.each(cases)('%s', (_, scene, wanted) => {
    expect(staged(scene).starving).toEqual(wanted);
  });
});

describe('handles', () => {
  it('that no block mentions are suspects, of which a few are named', () => {
    const use = counted((tally) => {
      tally.pool(pool('p', '10.0.0.0/24'));
      tally.block(block('10.0.0.0/26', 'n1', { 0: { handle: 'alive' } }));
      tally.handle('alive');
      for (let index = 0; index < 70; index++) tally.handle(`leaked-${String(index)}`);
    });
    expect(use).toMatchObject({ handles: 71, suspectCount: 70 });
    expect(use.suspects).toHaveLength(50);
    expect(use.suspects[0]).toEqual({ kind: 'handle-without-block', name: 'leaked-0' });
  });
});

/** The same, counted address by address. */
function byHand(states: readonly ('given' | 'free')[], reserved: readonly boolean[]) {
  const count = (wanted: (place: number) => boolean): number =>
    states.filter((_, place) => wanted(place)).length;
  return {
    inUse: count((place) => states[place] === 'given'),
    reserved: count((place) => states[place] !== 'given' && reserved[place] === true),
    free: count((place) => states[place] !== 'given' && reserved[place] !== true),
  };
}

describe('whatever is given and reserved', () => {
  it('in use, reserved and free make up the capacity, and each is what a count by hand says', () => {
    const places = fc.array(fc.boolean(), { minLength: 8, maxLength: 8 });
    const blocks = fc.array(fc.option(places), { minLength: 8, maxLength: 8 });
    const ranges = fc.array(fc.tuple(fc.nat(63), fc.integer({ min: 26, max: 32 })), { maxLength: 4 });
    fc.assert(
      fc.property(blocks, ranges, (given, reservations) => {
        const use = counted((tally) => {
          tally.pool(pool('p', '10.0.0.0/26', { blockSize: 29 }));
          for (const [at, length] of reservations)
            tally.reservation(reservation('r', `10.0.0.${at}/${length}`));
          given.forEach((taken, index) => {
            if (taken === null) return;
            const held = Object.fromEntries(taken.flatMap((is, place) => (is ? [[place, {}]] : [])));
            tally.block(block(`10.0.0.${index * 8}/29`, 'n1', held));
          });
        });
        const states = given.flatMap((taken) =>
          Array.from({ length: 8 }, (_, place) => (taken?.[place] ? ('given' as const) : ('free' as const))),
        );
        const reserved = states.map((_, place) =>
          reservations.some(([at, length]) => at >> (32 - length) === place >> (32 - length)),
        );
        const room = given.filter(
          (taken, index) => taken === null && !reserved.slice(index * 8, index * 8 + 8).every(Boolean),
        ).length;
        const [counts] = use.pools;
        expect(counts).toMatchObject({ capacity: 64, freeBlocks: room, ...byHand(states, reserved) });
        expect((counts?.inUse ?? 0) + (counts?.reserved ?? 0) + (counts?.free ?? 0)).toBe(64);
      }),
      { seed: 20_260_310, numRuns: 300 },
    );
  });
});
