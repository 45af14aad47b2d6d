import type { Redis } from 'ioredis';

/** Share of Redis' memory that is used; null: it has no limit, so that the machine's is the limit. */
export async function memoryShare(redis: Redis): Promise<number | null> {
  const info = await redis.info('memory');
  const of = (name: string): number => Number(new RegExp(`^${name}:(\\d+)`, 'm').exec(info)?.[1] ?? 0);
  const most = of('maxmemory');
  return most === 0 ? null : of('used_memory') / most;
}
