import { beforeEach, describe, expect, it } from '@jest/globals';
import { makeLocks } from '../../../src/adapters/redis/locks.js';
import { makeOperationStore } from '../../../src/adapters/redis/operations.js';
import { makePauses } from '../../../src/adapters/redis/pauses.js';
import { makeSampleStore } from '../../../src/adapters/redis/records.js';
import type { Operation } from '../../../src/domain/operation.js';
import type { ChangeResult } from '../../../src/domain/ports.js';
import { full, healthy, HOUR } from '../../facts.js';
import { pendingFix } from '../../operations.js';
import { oneRedis } from '../../redis.js';
import { makeMemory, type Memory } from './memory.js';

const redis = oneRedis();

const inRedis = (): Omit<Memory, 'remember'> => ({
  operations: makeOperationStore(redis.client),
  locks: makeLocks(redis.client),
  pauses: makePauses(redis.client),
  samples: makeSampleStore(redis.client),
});

function set(changes: Partial<Operation>): (operation: Operation) => ChangeResult {
  return (operation) => ({ ok: true, operation: { ...operation, ...changes } });
}

const by = { teamId: 'T1', userId: 'U1' };

/** What the engine relies on, of the one that ships and of the one that the property tests use. */
describe.each([
  ['Redis', inRedis],
  ['memory', () => makeMemory(() => Date.now())],
])('records in %s', (_where, make) => {
  let store: ReturnType<typeof inRedis>;
  let operation: Operation;

  beforeEach(async () => {
    store = make();
    operation = pendingFix({ id: 'op1', createdAt: Date.now() });
    await store.operations.create(operation);
  });

  const lock = (id = 'op1', cluster = 'calico-prod', clusterId = operation.plan.clusterId) =>
    store.locks.acquire(cluster, clusterId, id);
  const holder = () => store.locks.holder('calico-prod', operation.plan.clusterId);

  it('give back what was written, as plain data that nobody shares', async () => {
    expect(await store.operations.load('op1')).toEqual(operation);
    expect(await store.operations.load('op1')).not.toBe(await store.operations.load('op1'));
    expect(await store.operations.load('another')).toBeNull();
    await store.operations.swap('op1', set({ token: undefined, reason: 'gone' }));
    expect(Object.keys((await store.operations.load('op1'))!)).not.toContain('token');
  });

  it('are created once, and changed by one swap at a time', async () => {
    await store.operations.create({ ...operation, reason: 'again' });
    const names = Array.from({ length: 40 }, (_, at) => String(at));
    const swaps = names.map((name) =>
      store.operations.swap('op1', (now) => set({ absorbed: [...now.absorbed, name] })(now)),
    );
    const outcomes = await Promise.all(swaps);
    const loaded = (await store.operations.load('op1'))!;
    expect([loaded.version, loaded.reason]).toEqual([41, operation.reason]);
    expect([...loaded.absorbed].sort()).toEqual([...names].sort());
    expect(new Set(outcomes.map((outcome) => outcome.operation?.version)).size).toBe(40);
  });

  it('are left alone where the change refuses, fails or comes too late', async () => {
    const refused = await store.operations.swap('op1', () => ({ ok: false, reason: 'no' }));
    expect(refused).toEqual({ ok: false, reason: 'no', operation });
    const late = await store.operations.swap('op1', (now) => ({ ok: true, operation: now, notAfter: 1 }));
    expect(late).toEqual({ ok: false, reason: 'its time has passed', operation });
    const broken = store.operations.swap('op1', () => {
      throw new TypeError('a bug');
    });
    await expect(broken).rejects.toThrow('a bug');
    expect(await store.operations.swap('nobody', set({}))).toMatchObject({ ok: false, operation: null });
    expect(await store.operations.load('op1')).toEqual(operation);
  });

  it('are handed the clock of the store', async () => {
    const times: number[] = [await store.operations.now()];
    await store.operations.swap('op1', (now, at) => (times.push(at), set({})(now)));
    for (const time of times) expect(Math.abs(time - Date.now())).toBeLessThan(HOUR);
  });

  it.each<[string, Partial<Operation>, number]>([
    ['waits', { state: 'approved' }, 1],
    ['runs', { state: 'running' }, 1],
    ['is not known', { state: 'unknown' }, 1],
    ['has failed', { state: 'failed' }, 0],
    ['is watched', { state: 'succeeded', watch: { until: 9e15, state: 'watching' } }, 1],
    ['was quiet', { state: 'succeeded', watch: { until: 1, state: 'quiet' } }, 0],
  ])('are open or not: one that %s', async (_how, changes, count) => {
    await store.operations.swap('op1', set(changes));
    expect(await store.operations.open()).toHaveLength(count);
  });

  it('are listed newest first, of one cluster or of all', async () => {
    const plan = { ...operation.plan, cluster: 'other' };
    await store.operations.create({ ...operation, id: 'op2', plan, createdAt: operation.createdAt + 1 });
    const ids = async (limit: number, cluster?: string) =>
      (await store.operations.recent(limit, cluster)).map(({ id }) => id);
    expect(await ids(9)).toEqual(['op2', 'op1']);
    expect(await ids(1)).toEqual(['op2']);
    expect(await ids(9, 'calico-prod')).toEqual(['op1']);
  });

  it('hold a cluster by its name and by its id, with a fence that grows', async () => {
    await store.operations.create({ ...operation, id: 'op2' });
    const first = await lock();
    expect(await lock()).toBeGreaterThan(first!);
    expect(await lock('op2')).toBeNull();
    expect(await lock('op2', 'other')).toBeNull();
    expect(await lock('op2', 'calico-prod', '1')).toBeNull();
    expect(await lock('op2', 'other', '1')).toBeGreaterThan(first!);
    expect(await holder()).toBe('op1');
  });

  it('let it go in the swap that ends the operation, and never for one that has ended', async () => {
    await lock();
    await store.operations.swap('op1', set({ state: 'running' }));
    expect(await holder()).toBe('op1');
    await store.operations.swap('op1', set({ state: 'failed' }));
    expect(await holder()).toBeNull();
    expect(await lock()).toBeNull();
    expect(await lock('nobody')).toBeNull();
    expect(await holder()).toBeNull();
  });

  it('do not let another one’s cluster go', async () => {
    await store.operations.create({ ...operation, id: 'op2' });
    await lock();
    await store.operations.swap('op2', set({ state: 'failed' }));
    expect(await holder()).toBe('op1');
  });

  it('know who is alive, for a while', async () => {
    expect(await store.locks.alive('op1')).toBe(false);
    await store.locks.beat('op1', HOUR);
    expect([await store.locks.alive('op1'), await store.locks.alive('op2')]).toEqual([true, false]);
  });

  it('know which pause holds: the cluster’s own, else the one of all', async () => {
    const all = { scope: '*', by, reason: 'all', at: 1 };
    const own = { scope: 'calico-prod', by, reason: 'own', at: 2 };
    expect(await store.pauses.holding('calico-prod')).toBeNull();
    await store.pauses.set(all);
    await store.pauses.set(own);
    expect(await store.pauses.holding('calico-prod')).toEqual(own);
    expect(await store.pauses.list()).toHaveLength(2);
    expect(await store.pauses.lift('calico-prod')).toEqual(own);
    expect(await store.pauses.lift('calico-prod')).toBeNull();
    expect(await store.pauses.holding('calico-prod')).toEqual(all);
  });

  it('keep the newest sample, and bind a name to the first cluster id', async () => {
    expect([await store.samples.newest('calico-prod'), await store.samples.pinned('a')]).toEqual([
      null,
      null,
    ]);
    const sample = full(healthy());
    await store.samples.save(sample);
    expect(await store.samples.newest('calico-prod')).toEqual(sample);
    expect([await store.samples.pin('a', '1'), await store.samples.pin('a', '2')]).toEqual(['1', '1']);
    expect(await store.samples.pinned('a')).toBe('1');
  });
});
