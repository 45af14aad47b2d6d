import type { Redis } from 'ioredis';
import type { Limits } from '../../domain/ports.js';
import { asked, PREFIX } from './connection.js';
import { TAKE } from './scripts.js';

/** A counter that forgets itself: the first use of a key begins its time. */
export function makeLimits(redis: Redis): Limits {
  return {
    take: (key, most, perMs) =>
      asked(async () => Number(await redis.eval(TAKE, 1, `${PREFIX}limit:${key}`, perMs)) <= most),
  };
}
