import type { Redis } from 'ioredis';
import { TargetError } from '../../domain/errors.js';
import { asked } from './connection.js';

/** A Redis that throws keys away when it is full would throw away approvals and locks. */
export async function refuseEviction(redis: Redis): Promise<void> {
  const info = await asked(() => redis.info('memory'));
  const policy = /maxmemory_policy:(\S+)/.exec(info)?.[1] ?? 'noeviction';
  if (policy === 'noeviction') return;
  throw new TargetError(
    'failed',
    'redis',
    `Redis evicts keys (maxmemory-policy ${policy}); set maxmemory-policy noeviction`,
  );
}
