import type { Redis } from 'ioredis';
import type { Looks, PastLook } from '../../domain/keys/report.js';
import { asked, PREFIX } from './connection.js';

const DAY_S = 86_400;
const KEPT_S = 90 * DAY_S;

/** Again by the one who has it, or by anybody where nobody has. */
const TAKE = `
local holder = redis.call('GET', KEYS[1])
if holder and holder ~= ARGV[1] then return 0 end
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
return 1`;

const GIVE_BACK = `
if redis.call('GET', KEYS[1]) == ARGV[1] then redis.call('DEL', KEYS[1]) end
return 1`;

/** Looks at a cluster's keys: what the last one found, who is at it, and which are to stop. */
export function makeLooks(redis: Redis): Looks {
  const last = (cluster: string, prefix: string): string => `${PREFIX}look:${cluster}:${prefix}`;
  const turn = (cluster: string): string => `${PREFIX}looking:${cluster}`;
  const stop = (id: string): string => `${PREFIX}look-cancelled:${id}`;
  return {
    last: (cluster, prefix) =>
      asked(async () => {
        const json = await redis.get(last(cluster, prefix));
        return json === null ? null : (JSON.parse(json) as PastLook);
      }),
    remember: (cluster, prefix, look) =>
      asked(async () => {
        await redis.set(last(cluster, prefix), JSON.stringify(look), 'EX', KEPT_S);
      }),
    cancelled: (id) => asked(() => redis.get(stop(id))),
    cancel: (id, userId) =>
      asked(async () => {
        await redis.set(stop(id), userId, 'EX', DAY_S);
      }),
    take: (cluster, id, ttlMs) =>
      asked(async () => (await redis.eval(TAKE, 1, turn(cluster), id, ttlMs)) === 1),
    giveBack: (cluster, id) =>
      asked(async () => {
        await redis.eval(GIVE_BACK, 1, turn(cluster), id);
      }),
  };
}
