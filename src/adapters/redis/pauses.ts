import type { Redis } from 'ioredis';
import { ALL_CLUSTERS, type Pause } from '../../domain/pause.js';
import type { Pauses } from '../../domain/ports.js';
import { asked, PREFIX } from './connection.js';

const KEY = `${PREFIX}pauses`;

/** One hash, a field for each scope: they hold until somebody lifts them. */
export function makePauses(redis: Redis): Pauses {
  return {
    holding: (cluster) =>
      asked(async () => {
        const [own, all] = await redis.hmget(KEY, cluster, ALL_CLUSTERS);
        return parse(own ?? all ?? null);
      }),
    list: () =>
      asked(async () => Object.values(await redis.hgetall(KEY)).flatMap((json) => parse(json) ?? [])),
    set: (pause) =>
      asked(async () => {
        await redis.hset(KEY, pause.scope, JSON.stringify(pause));
      }),
    lift: (scope) =>
      asked(async () => {
        const before = parse(await redis.hget(KEY, scope));
        await redis.hdel(KEY, scope);
        return before;
      }),
  };
}

function parse(json: string | null): Pause | null {
  return json === null ? null : (JSON.parse(json) as Pause);
}
