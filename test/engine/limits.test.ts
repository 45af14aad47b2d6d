import { beforeEach, describe, expect, it } from '@jest/globals';
import { until } from '../../infra/local/until.js';
import { makeLimits } from '../../src/adapters/redis/limits.js';
import type { Limits } from '../../src/domain/ports.js';
import { allowedNow } from '../../src/engine/limits.js';
import { oneRedis } from '../redis.js';

const redis = oneRedis();
let limits: Limits;

beforeEach(() => {
  limits = makeLimits(redis.client);
});

const asks = (userId: string, cluster: string | null = null, teamId = 'T1') =>
  allowedNow(
    { limits, commandLimits: { perPersonPerMinute: 3, perClusterPerMinute: 5 } },
    { teamId, userId },
    cluster,
  );

async function times(count: number, ask: () => Promise<{ ok: boolean }>): Promise<readonly boolean[]> {
  const answers: boolean[] = [];
  for (let time = 0; time < count; time++) answers.push((await ask()).ok);
  return answers;
}

describe('how often somebody may ask', () => {
  it('is counted for each person, in all processes together', async () => {
    expect(await times(3, () => asks('U1'))).toEqual([true, true, true]);
    limits = makeLimits(redis.client);
    expect(await asks('U1')).toMatchObject({
      ok: false,
      reason: expect.stringContaining('You have asked 3 times within a minute'),
      instead: [expect.stringContaining('Wait a minute')],
    });
    expect(await asks('U2')).toMatchObject({ ok: true });
    expect(await asks('U1', null, 'T2')).toMatchObject({ ok: true });
  });

  it('is counted for each cluster, whoever asks', async () => {
    for (const user of ['U1', 'U2', 'U3', 'U4', 'U5'])
      expect(await asks(user, 'prod')).toMatchObject({ ok: true });
    expect(await asks('U6', 'prod')).toMatchObject({
      ok: false,
      reason: expect.stringContaining('prod has been asked about 5 times'),
    });
    expect(await asks('U7', 'test')).toMatchObject({ ok: true });
    expect(await asks('U8', null)).toMatchObject({ ok: true });
  });

  it('does not count for a cluster what a person was refused', async () => {
    await times(10, () => asks('U1', 'prod'));
    expect(await asks('U2', 'prod')).toMatchObject({ ok: true });
    expect(await asks('U3', 'prod')).toMatchObject({ ok: true });
    expect(await asks('U4', 'prod')).toMatchObject({ ok: false });
  });

  it('lets no more through where many ask at once', async () => {
    const answers = await Promise.all(Array.from({ length: 40 }, () => asks('U1')));
    expect(answers.filter(({ ok }) => ok)).toHaveLength(3);
  });

  it('begins anew after its time, which further asking does not put off', async () => {
    const take = () => limits.take('key', 1, 100);
    expect(await take()).toBe(true);
    expect(await take()).toBe(false);
    expect(await until(take, { what: 'its time is over', everyMs: 10 })).toBe(true);
  });
});
