import { describe, expect, it } from '@jest/globals';
import { makeAnswerStore, makeLedger, makeSampleStore } from '../../../src/adapters/redis/records.js';
import type { SeenRevision } from '../../../src/domain/runbook.js';
import type { Snapshot } from '../../../src/domain/snapshot.js';
import { healthy, HOUR, NOW, withoutStatus, withStatus } from '../../facts.js';
import { oneRedis } from '../../redis.js';

const redis = oneRedis();

describe('which message shows what', () => {
  it('is found again by its marker', async () => {
    const ledger = makeLedger(redis.client);
    expect(await ledger.find('a')).toBeNull();
    await ledger.keep('a', { version: 3, channel: 'C1', ts: '17.1' });
    expect(await ledger.find('a')).toEqual({ version: 3, channel: 'C1', ts: '17.1' });
  });

  it.each([
    ['an older version never replaces a newer one', 2, 3],
    ['a newer version replaces an older one', 4, 4],
    ['the same version may move to another message', 3, 3],
  ])('%s', async (_title, version, kept) => {
    const ledger = makeLedger(redis.client);
    await ledger.keep('a', { version: 3, channel: 'C1', ts: 'first' });
    await ledger.keep('a', { version, channel: 'C1', ts: 'second' });
    expect(await ledger.find('a')).toMatchObject({ version: kept, ts: version < 3 ? 'first' : 'second' });
  });

  it('compares versions as numbers', async () => {
    const ledger = makeLedger(redis.client);
    await ledger.keep('a', { version: 9, channel: 'C1', ts: '1' });
    await ledger.keep('a', { version: 10, channel: 'C1', ts: '1' });
    expect(await ledger.find('a')).toMatchObject({ version: 10 });
  });

  it('lets one at a time deliver, and the next one after that', async () => {
    const ledger = makeLedger(redis.client);
    const claims = await Promise.all(Array.from({ length: 10 }, () => ledger.claim('a', 60_000)));
    expect(claims.filter(Boolean)).toHaveLength(1);
    expect(await ledger.claim('b', 60_000)).toBe(true);
    await ledger.unclaim('a');
    expect(await ledger.claim('a', 60_000)).toBe(true);
  });
});

describe('samples', () => {
  it('keep the newest one of each cluster', async () => {
    const samples = makeSampleStore(redis.client);
    expect(await samples.newest('calico-prod')).toBeNull();
    await samples.save(healthy());
    await samples.save({ ...healthy(), tookMs: 99 });
    await samples.save({ ...healthy(), cluster: 'other' });
    expect(await samples.newest('calico-prod')).toEqual({ ...healthy(), tookMs: 99 });
  });

  it('bind a name to the id of the first contact, for good', async () => {
    const samples = makeSampleStore(redis.client);
    expect(await samples.pinned('prod')).toBeNull();
    expect(await samples.pin('prod', '17237436991929493444')).toBe('17237436991929493444');
    expect(await samples.pin('prod', '5')).toBe('17237436991929493444');
    expect(await samples.pinned('prod')).toBe('17237436991929493444');
    expect(await samples.pin('other', '5')).toBe('5');
  });

  it('tell everybody the same id, however many see the cluster first', async () => {
    const samples = makeSampleStore(redis.client);
    const ids = await Promise.all(Array.from({ length: 20 }, (_, id) => samples.pin('prod', String(id))));
    expect(new Set(ids).size).toBe(1);
  });
});

describe('revisions', () => {
  /** Read so long after the first one; what is null did not answer. */
  const sample = (ms: number, ...revisions: readonly (number | null)[]): Snapshot =>
    revisions.reduce<Snapshot>(
      (snapshot, revision, index) => {
        const member = `m${String(index + 1)}`;
        return revision === null
          ? withoutStatus(snapshot, member)
          : withStatus(snapshot, member, { revision });
      },
      { ...healthy(), at: NOW + ms },
    );

  async function seen(...snapshots: readonly Snapshot[]): Promise<readonly SeenRevision[]> {
    const samples = makeSampleStore(redis.client);
    for (const snapshot of snapshots) await samples.save(snapshot);
    const rows = await samples.revisions('calico-prod');
    return rows.map(({ at, revision }) => ({ at: at - NOW, revision }));
  }

  it('are none at first', async () => {
    expect(await seen()).toEqual([]);
  });

  it('are those that every member has, about once a minute, oldest first', async () => {
    const every15s = [0, 1, 2, 3, 4, 5, 6, 7, 8].map((turn) =>
      sample(turn * 15_000, 100 + turn, 90 + turn, 95 + turn),
    );
    expect(await seen(...every15s)).toEqual([
      { at: 0, revision: 90 },
      { at: 60_000, revision: 94 },
      { at: 120_000, revision: 98 },
    ]);
  });

  it('are those of the members that answer', async () => {
    expect(await seen(sample(0, 100, null, 95))).toEqual([{ at: 0, revision: 95 }]);
  });

  it('are not noted where nobody answers', async () => {
    expect(await seen(sample(0, null, null, null))).toEqual([]);
  });

  it('go back a day and an hour, and end by themselves', async () => {
    const rows = await seen(sample(0, 1, 1, 1), sample(60_000, 2, 2, 2), sample(25 * HOUR + 30_000, 3, 3, 3));
    expect(rows.map(({ revision }) => revision)).toEqual([2, 3]);
    const ttl = await redis.client.pttl('{steward}:revisions:calico-prod');
    expect(ttl).toBeGreaterThan(24 * HOUR);
    expect(ttl).toBeLessThanOrEqual(25 * HOUR);
  });

  it('forget what a clock noted that was ahead', async () => {
    expect(await seen(sample(HOUR, 9, 9, 9), sample(0, 1, 1, 1))).toEqual([{ at: 0, revision: 1 }]);
  });

  it('belong to one cluster', async () => {
    const samples = makeSampleStore(redis.client);
    await samples.save({ ...healthy(), cluster: 'other' });
    expect(await samples.revisions('calico-prod')).toEqual([]);
    expect(await samples.revisions('other')).toEqual([{ at: NOW, revision: 1_204_331 }]);
  });
});

describe('answers', () => {
  it('are found by their id, for a while', async () => {
    const answers = makeAnswerStore(redis.client);
    const question = {
      id: 'q1',
      version: 1,
      verb: 'status',
      cluster: 'prod',
      options: {},
      asker: { teamId: 'T1', userId: 'U1' },
      place: { channel: 'C1' },
      askedAt: 1,
      facts: [],
    };
    const answer = { question, answeredAt: 2, body: { kind: 'mishap' as const, reference: 'abc' } };
    await answers.save(answer);
    expect(await answers.load('q1')).toEqual(answer);
    expect(await answers.load('q2')).toBeNull();
    expect(await redis.client.ttl('{steward}:answer:q1')).toBeGreaterThan(6 * 86_400);
  });
});
