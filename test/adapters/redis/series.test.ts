import { beforeEach, describe, expect, it } from '@jest/globals';
import type { Activity, Histogram } from '../../../src/domain/alerting/past.js';
import type { SeriesStore } from '../../../src/domain/ports.js';
import { makeSeriesStore } from '../../../src/adapters/redis/series.js';
import { oneRedis } from '../../redis.js';

const redis = oneRedis();
const held: { store?: SeriesStore } = {};

/** The beginning of an hour. */
const T0 = Date.UTC(2026, 0, 5);
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const MOST_BYTES = 64 * 1024;

beforeEach(() => {
  held.store = makeSeriesStore(redis.client);
});

const store = (): SeriesStore => held.store!;

async function grow(from: number, to: number, everyMs: number): Promise<void> {
  for (let at = from; at < to; at += everyMs) await add(at, 1_000_000 + (at - T0) / 1000);
}

async function add(at: number, sizeBytes: number, inUseBytes: number | null = sizeBytes / 2): Promise<void> {
  await store().add('prod', at, { '1': { sizeBytes, inUseBytes, quotaBytes: 2 ** 31 } });
}

async function points() {
  return (await store().sizes('prod'))[0]?.points ?? [];
}

function histogram(count: number, buckets = 14): Histogram {
  const bounds = Array.from({ length: buckets }, (_, index) => 0.001 * 2 ** index);
  return {
    bounds: [...bounds, Infinity],
    counts: Array.from({ length: buckets + 1 }, (_, i) => count * (i + 1)),
  };
}

function activity(from: number, count = 3): Activity {
  const quiet = { leaderChanges: 0, proposalsFailed: null, slowApplies: 2, peerSendFailures: 0 };
  return {
    ...{ from, to: from + MINUTE, ...quiet, requests: { handled: 90_000 * count, failed: 1 } },
    ...{ walFsync: histogram(count), backendCommit: histogram(7 * count), peerRoundTrip: histogram(1234) },
    unaryRequests: { bounds: [0.005, 0.01, 0.025, 0.05, Infinity], counts: [1, 1, 2, 3, 5] },
  };
}

describe('what is remembered of the sizes', () => {
  it('is nothing where nothing was read', async () => {
    expect([await store().sizes('prod'), await store().activity('prod')]).toEqual([[], []]);
    await store().add('prod', T0, {});
    expect(await store().sizes('prod')).toEqual([]);
  });

  it('comes back as it was given, also what is not known', async () => {
    await add(T0, 2 ** 40 + 1, null);
    await add(T0 + 1, 4096, 1024);
    await store().add('prod', T0, {
      '18446744073709551615': { sizeBytes: 1, inUseBytes: 0, quotaBytes: null },
    });
    const found = await store().sizes('prod');
    expect(found.find(({ memberId }) => memberId === '1')).toEqual({
      memberId: '1',
      quotaBytes: 2 ** 31,
      points: [
        { at: T0, sizeBytes: 2 ** 40 + 1, inUseBytes: null },
        { at: T0 + 1, sizeBytes: 4096, inUseBytes: 1024 },
      ],
    });
    expect(found.find(({ memberId }) => memberId !== '1')).toEqual({
      memberId: '18446744073709551615',
      quotaBytes: null,
      points: [{ at: T0, sizeBytes: 1, inUseBytes: 0 }],
    });
  });

  it('leaves out moments that are not newer than the last one', async () => {
    for (const at of [T0, T0 + 15_000, T0 + 15_000, T0 + 5_000]) await add(at, at - T0);
    expect((await points()).map(({ at }) => at)).toEqual([T0, T0 + 15_000]);
  });

  it('begins anew where a clock was ahead, and keeps what came before', async () => {
    const now = Date.now();
    for (const at of [now - MINUTE, now + 48 * HOUR, now]) await add(at, 1000);
    expect((await points()).map(({ at }) => at)).toEqual([now - MINUTE, now]);
  });

  it('becomes coarser with age, without a gap and without an overlap', async () => {
    await grow(T0, T0 + 6 * 24 * HOUR, 10 * MINUTE);
    await grow(T0 + 6 * 24 * HOUR, T0 + 6 * 24 * HOUR + 6 * HOUR, 30_000);
    const found = await points();
    const spans = found.map((point) => ('spanMs' in point ? point.spanMs : 0));
    expect(new Set(spans)).toEqual(new Set([HOUR, 5 * MINUTE, 0]));
    expect(spans).toEqual([...spans].sort((one, other) => other - one));
    found.slice(1).forEach((point, index) => {
      const before = found[index]!;
      expect(point.at - before.at).toBeGreaterThanOrEqual(spans[index]!);
      expect(point.at - before.at).toBeLessThanOrEqual(HOUR);
    });
    expect(found[0]!.at).toBe(T0);
    // The largest of the first hour is its last reading.
    expect(found[0]).toMatchObject({ sizeBytes: 1_003_000, inUseBytes: 501_500, leastInUseBytes: 500_000 });
  });

  it('and of the activity stays below 64 KiB a member for a month, however busy', async () => {
    for (let at = T0; at < T0 + 31 * 24 * HOUR; at += 4 * MINUTE) await add(at, 2 ** 33 - 1);
    const from = T0 + 31 * 24 * HOUR;
    for (let turn = 0; turn < 800; turn++) {
      const sizes = { sizeBytes: 2 ** 33 - turn, inUseBytes: 2 ** 32 + turn, quotaBytes: 2 ** 33 };
      const did = activity(from + turn * 15_000, 1_000_000 + turn);
      await store().add('prod', from + turn * 15_000, { '1': { ...sizes, activity: did } });
    }
    const keys = await redis.client.keys('*series*');
    const bytes = await Promise.all(keys.map((key) => redis.client.memory('USAGE', key, 'SAMPLES', 0)));
    const total = bytes.reduce<number>((sum, one) => sum + (one ?? 0), 0);
    expect(total).toBeLessThan(MOST_BYTES);
    // And is worth it.
    expect(total).toBeGreaterThan(MOST_BYTES / 2);
    const found = await points();
    expect(found.at(-1)!.at - found[0]!.at).toBeGreaterThan(20 * 24 * HOUR);
    for (const key of keys) expect(await redis.client.pttl(key)).toBeGreaterThan(21 * 24 * HOUR);
  }, 60_000);
});

describe('what is remembered of the activity', () => {
  const give = (at: number, did: Activity) =>
    store().add('prod', at, { '1': { sizeBytes: 1, inUseBytes: 1, quotaBytes: 1, activity: did } });

  it('comes back as it was given', async () => {
    const silent = { ...activity(T0), requests: null, walFsync: null, unaryRequests: null };
    await give(T0, silent);
    await give(T0 + MINUTE, activity(T0 + MINUTE));
    const found = await store().activity('prod');
    expect(found).toEqual([{ memberId: '1', activity: [silent, activity(T0 + MINUTE)] }]);
  });

  it('is half an hour', async () => {
    for (let turn = 0; turn < 45; turn++) await give(T0 + turn * MINUTE, activity(T0 + (turn - 1) * MINUTE));
    const [member] = await store().activity('prod');
    expect(member!.activity[0]!.to).toBe(T0 + 14 * MINUTE);
    expect(member!.activity).toHaveLength(31);
  });

  it('gives up histograms that no etcd has, and keeps the rest', async () => {
    const bounds = Array.from({ length: 2000 }, (_, index) => index);
    await give(T0, { ...activity(T0), walFsync: { bounds, counts: bounds } });
    const [member] = await store().activity('prod');
    expect(member!.activity).toEqual([
      { ...activity(T0), walFsync: null, backendCommit: null, peerRoundTrip: null, unaryRequests: null },
    ]);
  });
});

describe('when memory is short', () => {
  it('only coarse sizes are kept, until there is room again', async () => {
    await grow(T0, T0 + HOUR, 30_000);
    expect(await store().thin(['prod', 'never-seen'])).toBe(120);
    await grow(T0 + HOUR, T0 + 2 * HOUR, 30_000);
    const spans = (await points()).map((point) => ('spanMs' in point ? point.spanMs : 0));
    expect(spans).toEqual(Array.from({ length: 24 }, () => 5 * MINUTE));
    await store().relax();
    await grow(T0 + 2 * HOUR, T0 + 2 * HOUR + MINUTE, 30_000);
    const found = await points();
    expect(found).toHaveLength(26);
    expect(found.slice(-2)).toEqual([
      { at: T0 + 2 * HOUR, sizeBytes: 1_007_200, inUseBytes: 503_600 },
      { at: T0 + 2 * HOUR + 30_000, sizeBytes: 1_007_230, inUseBytes: 503_615 },
    ]);
  });

  it('is told by Redis itself, where it has a limit', async () => {
    expect(await store().memoryShare()).toBeNull();
    await redis.client.config('SET', 'maxmemory', '1gb');
    const share = await store().memoryShare();
    await redis.client.config('SET', 'maxmemory', '0');
    expect(share).toBeGreaterThan(0);
    expect(share).toBeLessThan(0.1);
  });
});
