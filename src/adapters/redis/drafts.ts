import type { Redis } from 'ioredis';
import type { Question } from '../../domain/answer.js';
import type { Drafts } from '../../domain/ports.js';
import { asked, PREFIX } from './connection.js';

/** As long as Slack keeps a modal's way back open. */
const KEPT_S = 1800;

export function makeDrafts(redis: Redis): Drafts {
  const key = (id: string): string => `${PREFIX}draft:${id}`;
  return {
    keep: (question) =>
      asked(async () => {
        await redis.set(key(question.id), JSON.stringify(question), 'EX', KEPT_S);
      }),
    take: (id) =>
      asked(async () => {
        const json = await redis.getdel(key(id));
        return json === null ? null : (JSON.parse(json) as Question);
      }),
  };
}
