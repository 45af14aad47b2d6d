import { describe, expect, it } from '@jest/globals';
import { makeAnswerStore, makeLedger, makeSampleStore } from '../../../src/adapters/redis/records.js';
import { healthy } from '../../facts.js';
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
