import type { Redis } from 'ioredis';
import type { Mute } from '../../domain/alerting/incident.js';
import type { Mutes } from '../../domain/ports.js';
import { asked, PREFIX } from './connection.js';

const KEY = `${PREFIX}mutes`;

/** One hash, a field for each cluster and rule. What is over is left out, and forgotten with the next that is set. */
export function makeMutes(redis: Redis): Mutes {
  const all = async (): Promise<readonly Mute[]> =>
    Object.values(await redis.hgetall(KEY)).flatMap((json) => parse(json) ?? []);
  return {
    list: (now) => asked(async () => (await all()).filter(({ until }) => until > now)),
    set: (mute) =>
      asked(async () => {
        const over = (await all()).filter(({ until }) => until <= mute.at).map(fieldOf);
        if (over.length > 0) await redis.hdel(KEY, ...over);
        await redis.hset(KEY, fieldOf(mute), JSON.stringify(mute));
      }),
    lift: (cluster, rule) =>
      asked(async () => {
        const field = fieldOf({ cluster, rule });
        const before = parse(await redis.hget(KEY, field));
        // Of two who lift it at once only one has lifted it.
        return (await redis.hdel(KEY, field)) === 1 ? before : null;
      }),
  };
}

/** A rule's id is a file's name and has no blank. */
function fieldOf({ cluster, rule }: Pick<Mute, 'cluster' | 'rule'>): string {
  return `${rule} ${cluster}`;
}

function parse(json: string | null): Mute | null {
  return json === null ? null : (JSON.parse(json) as Mute);
}
