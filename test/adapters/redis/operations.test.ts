import { describe, expect, it } from '@jest/globals';
import { makeOperationStore } from '../../../src/adapters/redis/operations.js';
import type { Operation } from '../../../src/domain/operation.js';
import type { ChangeResult } from '../../../src/domain/ports.js';
import { pendingFix } from '../../operations.js';
import { oneRedis } from '../../redis.js';

const redis = oneRedis();

/** A store with one operation in it. */
async function storing(changes: Partial<Operation> = {}) {
  const store = makeOperationStore(redis.client);
  const operation = pendingFix({ id: 'op1', ...changes });
  await store.create(operation);
  return { store, operation };
}

function set(changes: Partial<Operation>): (operation: Operation) => ChangeResult {
  return (operation) => ({ ok: true, operation: { ...operation, ...changes } });
}

describe('operations in Redis', () => {
  it('gives back what was written, and null for what never was', async () => {
    const { store, operation } = await storing();
    expect(await store.load('op1')).toEqual(operation);
    expect(await store.load('another')).toBeNull();
  });

  it('never overwrites an operation by creating another one of the same id', async () => {
    const { store, operation } = await storing();
    await store.swap('op1', set({ reason: 'swapped' }));
    await store.create({ ...operation, reason: 'created again' });
    expect(await store.load('op1')).toMatchObject({ version: 2, reason: 'swapped' });
  });

  it('counts the version up with every swap, whatever the change says of it', async () => {
    const { store } = await storing();
    await store.swap('op1', set({ version: 77 }));
    const swapped = await store.swap('op1', set({ reason: 'second' }));
    expect(swapped).toMatchObject({ ok: true, operation: { version: 3, reason: 'second' } });
    expect(await store.load('op1')).toEqual(swapped.operation);
  });

  it('applies each of a hundred concurrent swaps exactly once', async () => {
    const { store } = await storing({ absorbed: [] });
    const names = Array.from({ length: 100 }, (_, index) => `swap ${String(index)}`);
    const outcomes = await Promise.all(
      names.map((name) =>
        store.swap('op1', (operation) => ({
          ok: true,
          operation: { ...operation, absorbed: [...operation.absorbed, name] },
        })),
      ),
    );
    const loaded = await store.load('op1');
    expect([...loaded!.absorbed].sort()).toEqual([...names].sort());
    expect(loaded!.version).toBe(101);
    expect(new Set(outcomes.map(({ operation }) => operation?.version)).size).toBe(100);
  });

  it('lets exactly one of many swaps win that ask for the same state', async () => {
    const { store } = await storing({ state: 'approved' });
    const outcomes = await Promise.all(
      Array.from({ length: 30 }, () =>
        store.swap('op1', (operation) =>
          operation.state === 'approved'
            ? { ok: true, operation: { ...operation, state: 'running' } }
            : { ok: false, reason: operation.state },
        ),
      ),
    );
    expect(outcomes.filter(({ ok }) => ok)).toHaveLength(1);
    expect(await store.load('op1')).toMatchObject({ version: 2, state: 'running' });
  });

  it('writes nothing where the change refuses, and says what the record is then', async () => {
    const { store, operation } = await storing();
    const refused = await store.swap('op1', () => ({ ok: false, reason: 'not so' }));
    expect(refused).toEqual({ ok: false, reason: 'not so', operation });
    expect(await store.load('op1')).toEqual(operation);
  });

  it('refuses to swap what is not there', async () => {
    const { store } = await storing();
    expect(await store.swap('another', set({}))).toMatchObject({ ok: false, operation: null });
  });

  it('lets a mistake in a change through as what it is, not as a Redis that is away', async () => {
    const { store } = await storing();
    const mistaken = store.swap('op1', () => {
      throw new TypeError('a bug');
    });
    await expect(mistaken).rejects.toThrow(TypeError);
  });

  it('hands out Redis’ own time', async () => {
    const { store } = await storing();
    const before = Date.now();
    const now = await store.now();
    expect(now).toBeGreaterThanOrEqual(before - 1);
    expect(now).toBeLessThanOrEqual(Date.now() + 1);
    const seen: number[] = [];
    await store.swap('op1', (operation, at) => {
      seen.push(at);
      return { ok: true, operation };
    });
    expect(seen[0]).toBeGreaterThanOrEqual(now);
  });

  it('compares the time limit in the swap, by Redis’ clock', async () => {
    const { store } = await storing();
    const now = await store.now();
    const limited = (notAfter: number) =>
      store.swap('op1', (operation) => ({
        ok: true,
        operation: { ...operation, state: 'approved' },
        notAfter,
      }));
    expect(await limited(now - 1)).toMatchObject({ ok: false, reason: 'its time has passed' });
    expect(await store.load('op1')).toMatchObject({ state: 'pending', version: 1 });
    expect(await limited(now + 60_000)).toMatchObject({ ok: true });
  });

  it('keeps an operation among the open ones until it has ended, `unknown` included', async () => {
    const { store } = await storing();
    const open = async () => (await store.open()).map(({ id, state }) => `${id} ${state}`);
    expect(await open()).toEqual(['op1 pending']);
    await store.swap('op1', set({ state: 'unknown' }));
    expect(await open()).toEqual(['op1 unknown']);
    await store.swap('op1', set({ state: 'failed' }));
    expect(await open()).toEqual([]);
    expect(await store.load('op1')).toMatchObject({ state: 'failed' });
  });

  it('lists the newest first, all of them or those of one cluster', async () => {
    const { store, operation } = await storing({ createdAt: 1 });
    const other = { ...operation.plan, cluster: 'other' };
    await store.create({ ...operation, id: 'op2', createdAt: 2, plan: other });
    await store.create({ ...operation, id: 'op3', createdAt: 3 });
    const ids = async (limit: number, cluster?: string) =>
      (await store.recent(limit, cluster)).map(({ id }) => id);
    expect(await ids(10)).toEqual(['op3', 'op2', 'op1']);
    expect(await ids(2)).toEqual(['op3', 'op2']);
    expect(await ids(1, 'other')).toEqual(['op2']);
    expect(await ids(10, operation.plan.cluster)).toEqual(['op3', 'op1']);
  });

  it('leaves a row in the outbox with every change, in the same step', async () => {
    const { store } = await storing();
    const row = () => redis.client.hget('{steward}:outbox', 'operation op1');
    expect(await row()).toBe('1');
    await store.swap('op1', set({ state: 'denied' }));
    expect(await row()).toBe('2');
  });

  it('takes the write for safe where no replicas are configured', async () => {
    const { store } = await storing();
    expect(await store.replicated()).toBe(true);
  });
});
