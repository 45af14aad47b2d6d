import { expect, it } from '@jest/globals';
import { makeFleetStore } from '../../../src/adapters/redis/fleet.js';
import { oneRedis } from '../../redis.js';

const redis = oneRedis();

it('knows when each cluster was tried last', async () => {
  const fleet = makeFleetStore(redis.client);
  await fleet.markTried('prod', 5);
  await fleet.markTried('prod', 1_795_452_400_123);
  expect(await fleet.tried(['never', 'prod'])).toEqual([null, 1_795_452_400_123]);
  expect(await fleet.tried([])).toEqual([]);
});

it('knows since when the monitor is blind', async () => {
  const fleet = makeFleetStore(redis.client);
  expect(await fleet.blindSince()).toBeNull();
  await fleet.setBlind(7);
  expect(await fleet.blindSince()).toBe(7);
  await fleet.setBlind(null);
  expect(await fleet.blindSince()).toBeNull();
});
