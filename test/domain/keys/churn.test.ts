import { describe, expect, it } from '@jest/globals';
import { makeChurn } from '../../../src/domain/keys/churn.js';
import type { ChangeCursor } from '../../../src/domain/keyspace.js';

function change(key: string, changes: Partial<ChangeCursor> = {}): ChangeCursor {
  const bytes = Buffer.from(key);
  return {
    bytes,
    start: 0,
    end: bytes.length,
    version: 2,
    valueBytes: 10,
    deleted: false,
    lease: 0,
    ...changes,
  };
}

describe('churn', () => {
  it('sums writes, deletes and bytes for each prefix and each key, most changes first', () => {
    const churn = makeChurn('');
    churn.add(change('/registry/events/a/1', { version: 1 }));
    churn.add(change('/registry/events/a/1', { lease: 5 }));
    churn.add(change('/registry/events/a/1', { deleted: true, valueBytes: 0, version: 0 }));
    churn.add(change('/registry/pods/a/1', { lease: 5 }));
    expect(churn.total()).toEqual({ writes: 3, deletes: 1, bytes: 2 * 30 + 28 });
    expect(churn.rows()).toEqual([
      {
        prefix: '/registry/events/',
        name: 'Kubernetes events',
        prefixes: 1,
        writes: 2,
        deletes: 1,
        bytes: 60,
      },
      { prefix: '/registry/pods/', name: 'Kubernetes pods', prefixes: 1, writes: 1, deletes: 0, bytes: 28 },
    ]);
    expect([churn.created(), churn.leased(), churn.leases()]).toEqual([1, 2, 1]);
    expect(churn.keys(new Map())[0]).toMatchObject({
      key: '/registry/events/a/1',
      name: 'Kubernetes events a/1',
      writes: 2,
    });
  });

  it('stays of one size whatever comes, loses no change, and keeps the keys that change most', () => {
    const churn = makeChurn('');
    for (let index = 0; index < 20_000; index++) {
      churn.add(change(`/f${String(index)}/x/y`));
      if (index % 10 === 0) churn.add(change('/often/changed/key'));
    }
    expect(churn.total().writes).toBe(22_000);
    expect(churn.rows().length).toBeLessThanOrEqual(1001);
    expect(churn.folded()).toBeGreaterThan(15_000);
    expect(churn.keys(new Map())[0]).toMatchObject({ key: '/often/changed/key', writes: 2000 });
  });
});
