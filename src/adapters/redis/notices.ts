import type { Redis } from 'ioredis';
import type { Notice, NoticeStore } from '../../domain/ports.js';
import { asked, PREFIX } from './connection.js';

const KEPT_S = 90 * 86_400;

/** Messages of the bot's own accord, kept for a quarter of a year. */
export function makeNoticeStore(redis: Redis): NoticeStore {
  const key = (id: string): string => `${PREFIX}notice:${id}`;
  return {
    save: (notice) =>
      asked(async () => {
        await redis.set(key(notice.id), JSON.stringify(notice), 'EX', KEPT_S);
      }),
    load: (id) =>
      asked(async () => {
        const json = await redis.get(key(id));
        return json === null ? null : (JSON.parse(json) as Notice);
      }),
  };
}
