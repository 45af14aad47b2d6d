import { describe, expect, it } from '@jest/globals';
import check from '../../src/checks/ip-pools.js';
import type { AddressUse, StarvingNode } from '../../src/domain/calico/facts.js';
import { unknown } from '../../src/domain/fact.js';
import type { Observation } from '../../src/domain/finding.js';
import { addressUse, poolUse, withAddresses } from '../calico.js';
import { healthy, withFact } from '../facts.js';

function run(changes: Partial<AddressUse>): readonly Observation[] {
  return check.run(withAddresses(healthy(), changes));
}

function told(changes: Partial<AddressUse>): readonly string[] {
  return run(changes).map(({ severity, summary }) => `${severity}: ${summary}`);
}

const FULL = poolUse({ inUse: 1024, blocks: 16, freeBlocks: 0 });
const FINE = 'ok: 1 IP pool, at most 41 % used (default: 420 of 1\u202f024)';

describe('the pools', () => {
  it.each<[string, Partial<AddressUse>, readonly string[]]>([
    ['room', {}, [FINE]],
    [
      '84 %',
      { pools: [poolUse({ inUse: 870 })] },
      ['ok: 1 IP pool, at most 84 % used (default: 870 of 1\u202f024)'],
    ],
    [
      '85 %',
      { pools: [poolUse({ inUse: 871 })] },
      ['warning: Pool default is 85 % used (871 of 1\u202f024 addresses)'],
    ],
    [
      'reserved addresses count',
      { pools: [poolUse({ inUse: 771, reserved: 100 })] },
      ['warning: Pool default is 85 % used (771 of 1\u202f024 addresses)'],
    ],
    [
      'one nearly used up, another with room',
      { pools: [poolUse({ inUse: 1000 }), poolUse({ name: 'second', inUse: 0 })] },
      ['info: Pool default is 97 % used (1\u202f000 of 1\u202f024 addresses); other pools have room'],
    ],
    [
      'the other one serves only some nodes',
      { pools: [poolUse({ inUse: 1000 }), poolUse({ name: 'second', inUse: 0, selective: true })] },
      ['warning: Pool default is 97 % used (1\u202f000 of 1\u202f024 addresses)'],
    ],
    ['used up', { pools: [FULL] }, ['critical: No pod gets an IPv4 address: nothing is free in default']],
    [
      'used up, the other one disabled',
      { pools: [FULL, poolUse({ name: 'old', disabled: true })] },
      ['critical: No pod gets an IPv4 address: nothing is free in default'],
    ],
    [
      'one of two used up',
      { pools: [FULL, poolUse({ name: 'second' })] },
      ['warning: Used up: default; pods get addresses from other pools'],
    ],
    [
      'one used up that serves only some',
      { pools: [{ ...FULL, selective: true }, poolUse({ name: 'second' })] },
      [
        'warning: Used up: default; pods get addresses from other pools; nodes or namespaces bound to it get none',
      ],
    ],
    [
      'another family does not help',
      { pools: [FULL, poolUse({ name: 'six', cidr: 'fd00::/64', capacity: 2 ** 64, inUse: 9, huge: true })] },
      ['critical: No pod gets an IPv4 address: nothing is free in default'],
    ],
    [
      'a disabled pool that is full is none of anybody’s trouble',
      { pools: [poolUse(), { ...FULL, name: 'old', disabled: true }] },
      ['ok: 2 IP pools, at most 41 % used (default: 420 of 1\u202f024)'],
    ],
    [
      'none at all',
      { pools: [], blocks: 0 },
      ['warning: No IP pool of Calico was found where this cluster’s configuration says they are'],
    ],
    [
      'none that gives',
      { pools: [poolUse({ disabled: true })] },
      ['critical: No IP pool gives addresses to new pods: all are disabled, or for other uses'],
    ],
  ])('%s', (_, changes, wanted) => {
    expect(told(changes)).toEqual(wanted);
  });

  it('are shown with their numbers and where these come from', () => {
    const old = { name: 'old', cidr: '10.9.0.0/22', disabled: true, inUse: 3, reserved: 8, blocks: 1 };
    expect(run({ pools: [poolUse(old), poolUse()], strictAffinity: true })[0]?.evidence).toEqual([
      'default 10.0.0.0/22: 420 of 1\u202f024 addresses in use, 10 blocks',
      'old 10.9.0.0/22, disabled: 3 of 1\u202f024 addresses in use, 8 reserved, 1 block',
      'Strict affinity is on: no node borrows from another one’s block',
      'Counted from etcd at revision 1\u202f204\u202f331',
    ]);
  });

  it('of which there are many are not all shown', () => {
    const pools = Array.from({ length: 200 }, (_, index) => poolUse({ name: `pool-${String(index)}` }));
    expect(run({ pools, source: 'kubernetes', revision: null })[0]?.evidence?.slice(8)).toEqual([
      ...['192 more pools, none of them fuller', 'Counted from Calico’s objects in Kubernetes'],
    ]);
  });

  it('that could not be read are unknown', () => {
    const dark = withFact(healthy(), 'ip-pools', unknown('denied', 'it may not read'));
    expect(check.run(dark)).toEqual([
      { severity: 'unknown', summary: 'Could not read Calico’s IP pools', evidence: ['it may not read'] },
    ]);
  });
});

describe('nodes that can’t get a block', () => {
  const node = (name: string, changes: Partial<StarvingNode> = {}): StarvingNode => ({
    ...{ node: name, family: 4, reason: 'no-block-left', blocks: 1, borrows: false },
    ...changes,
  });

  it.each<[string, Partial<AddressUse>, readonly string[]]>([
    [
      'borrow',
      { starving: [node('n1', { borrows: true })] },
      ['warning: n1 can’t get a block of its own, and borrows: every block is taken'],
    ],
    [
      'may not borrow',
      { starving: [node('n1', { reason: 'strict-affinity' }), node('n2', { reason: 'strict-affinity' })] },
      [
        'critical: n1 and n2 can’t give a new pod an address: every block is taken, and strict affinity forbids to borrow',
      ],
    ],
    [
      'are at their limit',
      {
        starving: ['n1', 'n2', 'n3'].map((name) => node(name, { reason: 'block-limit' })),
        maxBlocksPerNode: 4,
      },
      ['critical: n1 and 2 more can’t give a new pod an address: at the limit of 4 blocks for one node'],
    ],
    [
      'get none because nobody does',
      { starving: [node('n1', { reason: 'no-new-blocks' })] },
      ['critical: n1 can’t give a new pod an address: new blocks are switched off (`autoAllocateBlocks`)'],
    ],
  ])('%s', (_, changes, wanted) => {
    expect(told(changes).slice(1)).toEqual(wanted);
  });

  it('are not told once more where the pool is used up', () => {
    const starving = [node('n1'), node('n2', { reason: 'strict-affinity' })];
    expect(run({ pools: [FULL], starving })).toHaveLength(1);
    expect(run({ pools: [FULL], starving: [node('n1', { reason: 'block-limit' })] })).toHaveLength(2);
  });

  it('will be there soon where no block is left and nobody may borrow', () => {
    const pools = [poolUse({ blocks: 16, freeBlocks: 0 })];
    expect(told({ pools, strictAffinity: true })[1]).toMatch(
      /^warning: Every block is taken, and strict affinity/,
    );
    expect(told({ pools })).toHaveLength(1);
    expect(told({ strictAffinity: true })).toHaveLength(1);
  });
});

describe('what does not add up', () => {
  it.each<[Partial<AddressUse>, string]>([
    [{ suspectCount: 1 }, 'info: Suspects only: 1 handle that no block mentions'],
    [{ suspectCount: 1, orphanedBlocks: 1 }, 'info: Suspects only: 1 block of no pool'],
    [
      { suspectCount: 30_007, orphanedBlocks: 7 },
      'info: Suspects only: 30\u202f000 handles that no block mentions and 7 blocks of no pool',
    ],
    [{ unreadable: 2 }, 'unknown: 2 of Calico’s objects could not be understood: the counts may be too low'],
    [
      { notRead: ['the IPAM configuration'] },
      'info: Some of Calico’s settings could not be read: its defaults are taken for them',
    ],
  ])('%j', (changes, wanted) => {
    expect(told(changes)).toEqual([FINE, wanted]);
  });

  it('is never deleted by the bot', () => {
    expect(run(addressUse({ suspectCount: 3 }))[1]?.advice).toBe(
      'Let `calicoctl ipam check` judge them before anybody deletes one; the bot never does',
    );
  });
});
