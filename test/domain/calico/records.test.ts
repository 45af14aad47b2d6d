import { describe, expect, it } from '@jest/globals';
import { fromJson } from '../../../src/domain/calico/json.js';
import {
  affinityNode,
  isDeleted,
  parseAffinity,
  parseBlock,
  parseConfig,
  parseHandle,
  parsePool,
  parseReservation,
} from '../../../src/domain/calico/records.js';
import { block, blockWith, crd, pool, reservation } from '../../calico.js';

describe('an IP pool', () => {
  it('is the same in etcd and as a CRD', () => {
    const raw = pool('default', '10.0.0.0/16');
    const wanted = { name: 'default', cidrText: '10.0.0.0/16', blockPrefix: 26, disabled: false };
    expect(parsePool(raw)).toMatchObject({ ...wanted, forPods: true, selective: false });
    expect(parsePool(crd('default', raw['spec'] as never))).toEqual(parsePool(raw));
  });

  it.each([
    [{ disabled: true }, { disabled: true }],
    [{ blockSize: 24 }, { blockPrefix: 24 }],
    [{ blockSize: 8 }, { blockPrefix: 16 }],
    [{ allowedUses: ['Tunnel'] }, { forPods: false }],
    [{ allowedUses: ['Workload', 'Tunnel'] }, { forPods: true }],
    [{ assignmentMode: 'Manual' }, { forPods: false }],
    [{ nodeSelector: 'rack == "1"' }, { selective: true }],
    [{ nodeSelector: ' all( ) ' }, { selective: false }],
    [{ namespaceSelector: 'team == "a"' }, { selective: true }],
    [
      { blockSize: '26', disabled: 'yes', allowedUses: 7 },
      { blockPrefix: 26, disabled: false, forPods: true },
    ],
  ])('with %j', (spec, wanted) => {
    expect(parsePool(pool('p', '10.0.0.0/16', spec))).toMatchObject(wanted);
  });

  it('of IPv6 has blocks of 64 addresses, too', () => {
    expect(parsePool(pool('p', 'fd00::/48'))).toMatchObject({ blockPrefix: 122 });
  });

  it.each([null, 7, 'x', [], {}, { spec: {} }, { spec: { cidr: 'x' } }, { spec: { cidr: 7 } }])(
    'that is %j can’t be understood',
    (raw) => {
      expect(parsePool(raw)).toBeNull();
    },
  );
});

describe('a block', () => {
  const given = { 0: { handle: 'h1' }, 5: { handle: 'h2', node: 'n2' } };
  const wanted = {
    ...{ node: 'n1', capacity: 8, unallocated: [1, 2, 3, 4, 6, 7], handles: ['h1', 'h2'] },
    holders: [
      { node: 'n1', released: false },
      { node: 'n2', released: false },
    ],
  };

  it('is the same in etcd and as a CRD', () => {
    expect(parseBlock(block('10.0.0.0/29', 'n1', given))).toMatchObject(wanted);
    expect(parseBlock(crd('10-0-0-0-29', block('10.0.0.0/29', 'n1', given)))).toMatchObject(wanted);
  });

  it.each([
    ['host:a', 'a'],
    ['virtual:load-balancer', null],
    ['host:', null],
    [null, null],
    [7, null],
  ])('with the affinity %j belongs to %j', (affinity, node) => {
    expect(parseBlock({ ...blockWith('10.0.0.0/30', 'x', 0), affinity })?.node).toBe(node);
  });

  it('of old has its node in another field', () => {
    const { affinity: _, ...old } = blockWith('10.0.0.0/30', 'x', 0);
    expect(parseBlock({ ...old, hostAffinity: 'n9' })?.node).toBe('n9');
  });

  it('that is full has no list of free places, or null', () => {
    const { unallocated: _, ...full } = blockWith('10.0.0.0/30', 'n1', 4);
    expect(parseBlock(full)?.unallocated).toEqual([]);
    expect(parseBlock({ ...full, unallocated: null })?.unallocated).toEqual([]);
    const { unallocated: __, ...half } = blockWith('10.0.0.0/30', 'n1', 1);
    expect(parseBlock(half)?.unallocated).toEqual([1, 2, 3]);
  });

  it('may have fields that nobody knows, and attributes that nobody uses', () => {
    const raw = { ...blockWith('10.0.0.0/30', 'n1', 1), sequenceNumberForAllocation: { 0: 1 }, fresh: [1] };
    expect(parseBlock({ ...raw, attributes: [null, 7, {}] })).toMatchObject({
      handles: [],
      unallocated: [1, 2, 3],
    });
  });

  it.each([
    ['no range', { cidr: 'x' }],
    ['a range too large for a block', { cidr: '10.0.0.0/8' }],
    ['a place out of the block', { unallocated: [0, 4] }],
    ['places that are no numbers', { unallocated: ['0'] }],
    ['something else than places', { unallocated: 'all' }],
    ['neither places nor allocations', { unallocated: null, allocations: null }],
  ])('with %s can’t be understood', (_, change) => {
    expect(parseBlock({ ...blockWith('10.0.0.0/30', 'n1', 1), ...change })).toBeNull();
  });
});

describe('the rest', () => {
  it.each([
    [
      { strict_affinity: true, maxBlocksPerHost: 4 },
      { strictAffinity: true, newBlocks: false, maxBlocksPerNode: 4 },
    ],
    [{ auto_allocate_blocks: true }, { strictAffinity: false, newBlocks: true, maxBlocksPerNode: 20 }],
    [
      { spec: { strictAffinity: true, autoAllocateBlocks: true, maxBlocksPerHost: 0 } },
      { strictAffinity: true, newBlocks: true, maxBlocksPerNode: 20 },
    ],
  ])('the configuration %j', (raw, wanted) => {
    expect(parseConfig(raw)).toEqual(wanted);
  });

  it('a configuration that is none is not understood', () => {
    expect([parseConfig(null), parseConfig('x'), parseConfig([])]).toEqual([null, null, null]);
  });

  it('a reservation names addresses and ranges', () => {
    expect(parseReservation(reservation('r', '10.0.0.1', '10.0.0.8/29'))).toHaveLength(2);
    expect(parseReservation({ spec: {} })).toEqual([]);
    expect(parseReservation(reservation('r', 'nonsense'))).toBeNull();
    expect(parseReservation({ spec: { reservedCIDRs: [7] } })).toBeNull();
    expect(parseReservation({ spec: { reservedCIDRs: 'all' } })).toBeNull();
  });

  it('an affinity names its node, in the key and as a CRD', () => {
    expect(affinityNode('/calico/ipam/v2/host/n1/ipv4/block/10.0.0.64-26')).toBe('n1');
    expect(affinityNode('/calico/ipam/v2/host/virtual/load-balancer')).toBeNull();
    expect(
      parseAffinity(crd('n1-10-0-0-64-26', { node: 'n1', cidr: '10.0.0.64/26', state: 'confirmed' })),
    ).toBe('n1');
    expect(parseAffinity(crd('x', { node: 'load-balancer', type: 'virtual' }))).toBeNull();
  });

  it('a handle’s own name is in its spec: the object’s name is in lower case', () => {
    expect(parseHandle(crd('k8s-pod-network.ab', { handleID: 'k8s-pod-network.AB' }))).toBe(
      'k8s-pod-network.AB',
    );
    expect(parseHandle({})).toBeNull();
  });

  it('what the CRDs only mark as deleted is gone', () => {
    expect(
      [true, 'true', false, 'false', undefined].map((deleted) => isDeleted({ spec: { deleted } })),
    ).toEqual(...[[true, true, false, false, false]]);
  });

  it('a value that is no JSON is nothing', () => {
    expect([Buffer.from('{"a"'), Buffer.alloc(0), Buffer.of(0xff, 0)].map(fromJson)).toEqual([
      null,
      null,
      null,
    ]);
  });
});
