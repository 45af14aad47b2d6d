import type { Redis } from 'ioredis';
import type { Answer } from '../../domain/answer.js';
import type { AnswerStore, Ledger, Locks, SampleStore } from '../../domain/ports.js';
import type { Snapshot } from '../../domain/snapshot.js';
import { asked, PREFIX } from './connection.js';
import { OPEN_KEY } from './operations.js';
import { HOLDER, LOCK, POSTED, UNLOCK } from './scripts.js';

const WEEK_S = 7 * 86_400;

/** Answers, kept for a week: a button under an old message still finds what it asked. */
export function makeAnswerStore(redis: Redis): AnswerStore {
  const key = (id: string): string => `${PREFIX}answer:${id}`;
  return {
    save: (answer) =>
      asked(async () => {
        await redis.set(key(answer.question.id), JSON.stringify(answer), 'EX', WEEK_S);
      }),
    load: (id) => asked(async () => parse(await redis.get(key(id))) as Answer | null),
  };
}

/** The newest sample of each cluster, and the cluster id that its name is bound to. */
export function makeSampleStore(redis: Redis): SampleStore {
  const sample = (cluster: string): string => `${PREFIX}sample:${cluster}`;
  const pin = (cluster: string): string => `${PREFIX}pin:${cluster}`;
  const owners = (cluster: string): string => `${PREFIX}owners:${cluster}`;
  return {
    newest: (cluster) => asked(async () => parse(await redis.get(sample(cluster))) as Snapshot | null),
    save: (snapshot) =>
      asked(async () => {
        await redis.set(sample(snapshot.cluster), JSON.stringify(snapshot), 'EX', WEEK_S);
      }),
    pin: (cluster, clusterId) =>
      asked(async () => {
        await redis.setnx(pin(cluster), clusterId);
        return (await redis.get(pin(cluster))) ?? clusterId;
      }),
    pinned: (cluster) => asked(() => redis.get(pin(cluster))),
    owners: (cluster) => asked(() => redis.hgetall(owners(cluster))),
    remember: (cluster, found) =>
      asked(async () => {
        await redis.hset(owners(cluster), found);
      }),
  };
}

/** The operation lock has no time limit: it is held until its operation has ended, whatever happens to processes. */
export function makeLocks(redis: Redis): Locks {
  const keys = (cluster: string, clusterId: string): [string, string] => [
    `${PREFIX}lock:name:${cluster}`,
    `${PREFIX}lock:id:${clusterId}`,
  ];
  const beat = (id: string): string => `${PREFIX}beat:${id}`;
  return {
    acquire: (cluster, clusterId, operationId) =>
      asked(async () => {
        const locks = keys(cluster, clusterId);
        const fence = await redis.eval(LOCK, 4, ...locks, `${PREFIX}fence`, OPEN_KEY, operationId);
        return fence === 0 ? null : Number(fence);
      }),
    holder: (cluster, clusterId) =>
      asked(async () => {
        const holder = await redis.eval(HOLDER, 3, ...keys(cluster, clusterId), OPEN_KEY);
        return typeof holder === 'string' ? holder : null;
      }),
    release: (cluster, clusterId, operationId) =>
      asked(async () => {
        await redis.eval(UNLOCK, 2, ...keys(cluster, clusterId), operationId);
      }),
    beat: (operationId, ttlMs) =>
      asked(async () => {
        await redis.set(beat(operationId), '1', 'PX', ttlMs);
      }),
    alive: (operationId) => asked(async () => (await redis.exists(beat(operationId))) === 1),
  };
}

/** Which message in Slack shows which version of what. */
export function makeLedger(redis: Redis): Ledger {
  const key = (marker: string): string => `${PREFIX}message:${marker}`;
  return {
    find: (marker) =>
      asked(async () => {
        const { version, channel, ts } = await redis.hgetall(key(marker));
        return channel && ts ? { version: Number(version), channel, ts } : null;
      }),
    keep: (marker, posted) =>
      asked(async () => {
        await redis.eval(POSTED, 1, key(marker), posted.version, posted.channel, posted.ts);
        await redis.expire(key(marker), 13 * WEEK_S);
      }),
    claim: (marker, ttlMs) =>
      asked(async () => (await redis.set(`${key(marker)}:claim`, '1', 'PX', ttlMs, 'NX')) === 'OK'),
    unclaim: (marker) =>
      asked(async () => {
        await redis.del(`${key(marker)}:claim`);
      }),
  };
}

function parse(json: string | null): unknown {
  return json === null ? null : JSON.parse(json);
}
