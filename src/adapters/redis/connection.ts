import { Redis } from 'ioredis';
import { TargetError } from '../../domain/errors.js';

/** Commands answer or fail within this: a person waits behind most of them. */
const COMMAND_TIMEOUT_MS = 1000;
const RECONNECT_EVERY_MS = 500;

/** Every key of ours begins so; the braces keep them in one slot of a Redis Cluster. */
export const PREFIX = '{steward}:';

export type OnRedisError = (error: Error) => void;

/** For records and for producers: fails at once while Redis is away, instead of letting a person wait. */
export function connectFast(url: string, onError: OnRedisError): Redis {
  const redis = new Redis(url, {
    enableOfflineQueue: false,
    maxRetriesPerRequest: 1,
    commandTimeout: COMMAND_TIMEOUT_MS,
    connectTimeout: COMMAND_TIMEOUT_MS,
    retryStrategy: () => RECONNECT_EVERY_MS,
  });
  redis.on('error', onError);
  return redis;
}

/** For workers, which wait for Redis as long as it takes. */
export function connectPatient(url: string, onError: OnRedisError): Redis {
  const redis = new Redis(url, { maxRetriesPerRequest: null, retryStrategy: () => RECONNECT_EVERY_MS });
  redis.on('error', onError);
  return redis;
}

/** Redis' failure as a TargetError, so that the person is told what is away. */
export async function asked<T>(ask: () => Promise<T>): Promise<T> {
  try {
    return await ask();
  } catch (error) {
    if (error instanceof TargetError) throw error;
    const message = error instanceof Error ? error.message : String(error);
    throw new TargetError('unavailable', 'redis', `Redis does not answer (${message})`, {
      retryable: true,
      cause: error,
    });
  }
}

/** Ready for commands, or a TargetError that says why not. */
export async function ready(redis: Redis, withinMs = 5000): Promise<void> {
  if (redis.status === 'ready') return;
  await asked(
    () =>
      new Promise<void>((resolve, reject) => {
        const timer = setTimeout(() => {
          reject(new Error('no connection'));
        }, withinMs);
        redis.once('ready', () => {
          clearTimeout(timer);
          resolve();
        });
      }),
  );
}
