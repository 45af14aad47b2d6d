import { describe, expect, it } from '@jest/globals';
import { makeLooks } from '../../../src/adapters/redis/looks.js';
import { until } from '../../../infra/local/until.js';
import { oneRedis } from '../../redis.js';

const redis = oneRedis();
const LOOK = { at: 7, total: { keys: 1, bytes: 2 }, rows: { '/a/': { keys: 1, bytes: 2 } } };

describe('looks at a cluster’s keys', () => {
  it('are remembered for each cluster and prefix, for three months', async () => {
    const looks = makeLooks(redis.client);
    await looks.remember('prod', '/a/', LOOK);
    expect(await looks.last('prod', '/a/')).toEqual(LOOK);
    expect(await looks.last('prod', '')).toBeNull();
    expect(await looks.last('other', '/a/')).toBeNull();
    expect(await redis.client.ttl('{steward}:look:prod:/a/')).toBeGreaterThan(89 * 86_400);
  });

  it('come one at a time, again to the one that has the turn, and by time to another', async () => {
    const looks = makeLooks(redis.client);
    expect(await looks.take('prod', 'one', 5000)).toBe(true);
    expect(await looks.take('prod', 'two', 5000)).toBe(false);
    expect(await looks.take('other', 'two', 5000)).toBe(true);
    expect(await looks.take('prod', 'one', 100)).toBe(true);
    await until(() => looks.take('prod', 'two', 5000), { what: 'the turn has run out' });
    await looks.giveBack('prod', 'one');
    expect(await looks.take('prod', 'one', 5000)).toBe(false);
    await looks.giveBack('prod', 'two');
    expect(await looks.take('prod', 'one', 5000)).toBe(true);
  });

  it('are to stop once somebody says so', async () => {
    const looks = makeLooks(redis.client);
    expect(await looks.cancelled('q1')).toBeNull();
    await looks.cancel('q1', 'U1');
    expect(await looks.cancelled('q1')).toBe('U1');
    expect(await looks.cancelled('q2')).toBeNull();
  });
});
