import type { Redis } from 'ioredis';
import type { FleetStore } from '../../domain/ports.js';
import { asked, PREFIX } from './connection.js';

const TRIED = `${PREFIX}tried`;
const BLIND = `${PREFIX}blind`;

/** What the monitors share about the monitoring itself. */
export function makeFleetStore(redis: Redis): FleetStore {
  return {
    blindSince: () => asked(async () => numberOf(await redis.get(BLIND))),
    setBlind: (since) =>
      asked(async () => {
        if (since === null) await redis.del(BLIND);
        else await redis.set(BLIND, since);
      }),
    tried: (clusters) =>
      asked(async () => (clusters.length === 0 ? [] : (await redis.hmget(TRIED, ...clusters)).map(numberOf))),
    markTried: (cluster, at) =>
      asked(async () => {
        await redis.hset(TRIED, cluster, at);
      }),
  };
}

function numberOf(text: string | null): number | null {
  return text === null ? null : Number(text);
}
