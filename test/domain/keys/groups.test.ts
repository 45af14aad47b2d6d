import { describe, expect, it } from '@jest/globals';
import { addSize, bytesOf, makeGroups } from '../../../src/domain/keys/groups.js';
import { depthOf, groupEnd, leastDepth, parentOf } from '../../../src/domain/keys/layout.js';
import { estimateOf, marginOf, NO_SIZES, withSize } from '../../../src/domain/keys/estimate.js';
import { fewerKeyRows, keyRows, totalOf } from '../../../src/domain/keys/rows.js';
import type { KeyCursor } from '../../../src/domain/keyspace.js';

function cursor(key: string, version = 1): KeyCursor {
  const bytes = Buffer.from(key);
  return { bytes, start: 0, end: bytes.length, version, valueBytes: 0 };
}

function prefixOf(key: string, asked = ''): string {
  const depth = Math.max(depthOf(key), leastDepth(asked));
  const bytes = Buffer.from(key);
  return bytes.subarray(0, groupEnd(bytes, depth)).toString();
}

describe('the group of a key', () => {
  it.each([
    ['/registry/pods/default/web-1', '/registry/pods/'],
    ['/registry/minions/node-1', '/registry/minions/'],
    ['/registry/ranges/serviceips', '/registry/ranges/'],
    ['/registry/services/specs/default/web', '/registry/services/specs/'],
    ['/registry/crd.projectcalico.org/ipamhandles/x', '/registry/crd.projectcalico.org/ipamhandles/'],
    [
      '/registry/apiextensions.k8s.io/customresourcedefinitions/a.b',
      '/registry/apiextensions.k8s.io/customresourcedefinitions/',
    ],
    ['/kubernetes.io/pods/default/web', '/kubernetes.io/pods/'],
    ['/calico/ipam/v2/handle/k8s-pod-network.abc', '/calico/ipam/v2/handle/'],
    ['/calico/ipam/v2/assignment/ipv4/block/10.0.0.0-26', '/calico/ipam/v2/assignment/'],
    ['/calico/ipam/v2/config', '/calico/ipam/v2/'],
    ['/calico/resources/v3/projectcalico.org/nodes/n1', '/calico/resources/v3/projectcalico.org/nodes/'],
    ['/calico/felix/v2/no-region/host/n1/status', '/calico/felix/v2/'],
    ['/app/config/a/b/c', '/app/config/'],
    ['app/config/a', 'app/config/'],
    ['compact_rev_key', ''],
    ['/alone', '/'],
    ['//double//slashes', '//double/'],
  ])('of %j is %j', (key, prefix) => {
    expect(prefixOf(key)).toBe(prefix);
  });

  it.each([
    ['/registry/pods', '/registry/pods/default/web-1', '/registry/pods/default/'],
    ['/registry/pods/', '/registry/pods/default/web-1', '/registry/pods/default/'],
    ['/registry/pods/default/', '/registry/pods/default/web-1', '/registry/pods/default/'],
    ['/registry', '/registry/pods/default/web-1', '/registry/pods/'],
    ['/app/', '/app/config/a/b', '/app/config/'],
  ])('below an asked %j: of %j it is %j', (asked, key, prefix) => {
    expect(prefixOf(key, asked)).toBe(prefix);
  });

  it.each([
    ['/registry/pods/', '/registry/'],
    ['/registry/', '/'],
    ['/', ''],
    ['a/', ''],
    ['', ''],
  ])('%j lies in %j', (prefix, parent) => {
    expect(parentOf(prefix)).toBe(parent);
  });
});

describe('groups', () => {
  it('sum keys and writes', () => {
    const groups = makeGroups('');
    for (const [key, version] of [
      ['/a/b/1', 1],
      ['/a/b/2', 5],
      ['/a/c/1', 2],
      ['x', 7],
    ] as const)
      groups.add(cursor(key, version));
    const rows = keyRows(groups.list(), null).map(({ prefix, keys, revisions }) => [prefix, keys, revisions]);
    expect(rows).toEqual([
      ['/a/b/', 2, 6],
      ['/a/c/', 1, 2],
      ['', 1, 7],
    ]);
  });

  it('stay few in a keyspace of a million first folders, and lose no key', () => {
    const groups = makeGroups('', 100);
    for (let index = 0; index < 20_000; index++)
      groups.add(cursor(`/f${String(index).padStart(6, '0')}/x/1`));
    expect(groups.list().length).toBeLessThanOrEqual(101);
    expect(totalOf(groups.list())).toMatchObject({ keys: 20_000, revisions: 20_000 });
    expect(groups.folded()).toBeGreaterThan(10_000);
  });

  it('keep what is large when what is small is folded into the folder above', () => {
    const groups = makeGroups('', 10);
    for (let index = 0; index < 500; index++) groups.add(cursor(`/a/large/${String(index)}`));
    for (let index = 0; index < 100; index++) groups.add(cursor(`/b/s${String(index).padStart(3, '0')}/1`));
    const large = groups.list().find(({ prefix }) => prefix === '/a/large/');
    expect(large?.keys).toBe(500);
    expect(groups.list().find(({ prefix }) => prefix === '/b/')?.folded).toBeGreaterThan(80);
  });

  it('a value’s length that comes after its group was folded counts where it went', () => {
    const groups = makeGroups('', 4);
    const early = groups.add(cursor('/a/1/x'));
    for (let index = 0; index < 20; index++) groups.add(cursor(`/b/${String(index).padStart(2, '0')}/x`));
    addSize(early, 1000, true);
    const total = groups.list().reduce((sum, group) => sum + group.first.sum, 0);
    expect(total).toBe(1000);
  });

  it('a hostile prefix compares with nothing that was not remembered', () => {
    const groups = makeGroups('');
    groups.add(cursor('constructor/x/y'));
    const past = { at: 1, total: { keys: 0, bytes: 0 }, rows: {} };
    expect(keyRows(groups.list(), past)[0]?.before).toBeNull();
  });
});

describe('bytes by a sample', () => {
  const sizes = (lengths: readonly number[]) => lengths.reduce(withSize, NO_SIZES);

  it('are exact where every value was read', () => {
    expect(estimateOf({ keys: 3, first: sizes([1, 2, 3]), others: NO_SIZES })).toEqual({
      bytes: 6,
      variance: 0,
    });
  });

  it('stand for the rest by the others, not by the first', () => {
    const { bytes } = estimateOf({ keys: 102, first: sizes([1000, 1000]), others: sizes([10, 10, 10]) });
    expect(bytes).toBe(2000 + 100 * 10);
  });

  it('have a margin that holds in about 95 of 100 samples', () => {
    let state = 7;
    const random = (): number => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647;
    let held = 0;
    for (let round = 0; round < 200; round++) {
      const values = Array.from({ length: 2000 }, () => Math.floor(100 + 900 * random() ** 3));
      const truth = values.reduce((sum, value) => sum + value, 0);
      const others = sizes(values.slice(30).filter(() => random() < 0.1));
      const estimate = estimateOf({ keys: 2000, first: sizes(values.slice(0, 30)), others });
      if (Math.abs(estimate.bytes - truth) <= marginOf(estimate)) held++;
    }
    expect(held).toBeGreaterThan(180);
    expect(held).toBeLessThanOrEqual(200);
  });

  it('count the keys themselves, too', () => {
    const groups = makeGroups('');
    const group = groups.add(cursor('/a/b/12345'));
    addSize(group, 100, true);
    expect(bytesOf(group)).toEqual({ bytes: 110, variance: 0 });
  });
});

it('many rows become the first ones and one for all others', () => {
  const groups = makeGroups('');
  for (let index = 0; index < 30; index++)
    for (let key = 0; key <= index; key++)
      groups.add(cursor(`/a/p${String(index).padStart(2, '0')}/${String(key)}`));
  const rows = fewerKeyRows(keyRows(groups.list(), null), 20);
  expect(rows).toHaveLength(20);
  expect(rows.at(-1)).toMatchObject({ prefix: '', prefixes: 11, keys: 66 });
  expect(rows.reduce((sum, { keys }) => sum + keys, 0)).toBe(465);
});
