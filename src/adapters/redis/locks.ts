import type { Redis } from 'ioredis';
import type { Locks } from '../../domain/ports.js';
import { asked, PREFIX } from './connection.js';
import { LOCK } from './scripts.js';

export function operationKey(id: string): string {
  return `${PREFIX}operation:${id}`;
}

/** An operation holds its cluster by name and by etcd's own id. */
export function lockKeys(cluster: string, clusterId: string): [string, string] {
  return [`${PREFIX}lock:name:${cluster}`, `${PREFIX}lock:id:${clusterId}`];
}

/**
 * The operation lock has no time limit: it is held until its operation has ended, whatever happens to processes. The
 * swap that ends the operation lets it go: see the operation store.
 */
export function makeLocks(redis: Redis): Locks {
  const beat = (id: string): string => `${PREFIX}beat:${id}`;
  return {
    acquire: (cluster, clusterId, operationId) =>
      asked(async () => {
        const keys = [...lockKeys(cluster, clusterId), `${PREFIX}fence`, operationKey(operationId)];
        const fence = await redis.eval(LOCK, keys.length, ...keys, operationId);
        return fence === 0 ? null : Number(fence);
      }),
    holder: (cluster, clusterId) =>
      asked(
        async () =>
          (await redis.mget(lockKeys(cluster, clusterId))).find((holder) => holder !== null) ?? null,
      ),
    beat: (operationId, ttlMs) =>
      asked(async () => {
        await redis.set(beat(operationId), '1', 'PX', ttlMs);
      }),
    alive: (operationId) => asked(async () => (await redis.exists(beat(operationId))) === 1),
  };
}
