import type { Redis } from 'ioredis';
import type { Answer } from '../../domain/answer.js';
import type { AnswerStore, Ledger, SampleStore } from '../../domain/ports.js';
import type { Snapshot } from '../../domain/snapshot.js';
import { asked, PREFIX } from './connection.js';
import { rememberRevision, seenRevisions } from './revisions.js';
import { POSTED } from './scripts.js';

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

/** The newest sample of each cluster, the revisions of its last day, and the cluster id that its name is bound to. */
export function makeSampleStore(redis: Redis): SampleStore {
  const sample = (cluster: string): string => `${PREFIX}sample:${cluster}`;
  const pin = (cluster: string): string => `${PREFIX}pin:${cluster}`;
  const owners = (cluster: string): string => `${PREFIX}owners:${cluster}`;
  return {
    newest: (cluster) => asked(async () => parse(await redis.get(sample(cluster))) as Snapshot | null),
    save: (snapshot) =>
      asked(async () => {
        await redis.set(sample(snapshot.cluster), JSON.stringify(snapshot), 'EX', WEEK_S);
        await rememberRevision(redis, snapshot);
      }),
    pin: (cluster, clusterId) =>
      asked(async () => {
        await redis.setnx(pin(cluster), clusterId);
        return (await redis.get(pin(cluster))) ?? clusterId;
      }),
    pinned: (cluster) => asked(() => redis.get(pin(cluster))),
    owners: (cluster) => asked(() => redis.hgetall(owners(cluster))),
    revisions: (cluster) => asked(() => seenRevisions(redis, cluster)),
    remember: (cluster, found) =>
      asked(async () => {
        await redis.hset(owners(cluster), found);
      }),
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
        const { version, channel, ts } = posted;
        await redis.eval(POSTED, 1, key(marker), version, channel, ts, 13 * WEEK_S);
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
