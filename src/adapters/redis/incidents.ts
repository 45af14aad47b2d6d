import type { Redis } from 'ioredis';
import type { AlertBook, Incident, Outlook } from '../../domain/alerting/incident.js';
import type { AlertStore, BookChange } from '../../domain/ports.js';
import { asked, PREFIX } from './connection.js';
import { OUTBOX_KEY } from './operations.js';
import { OUTBOX_ROW } from './scripts.js';

/** Incidents that have ended are kept for a quarter of a year. */
const KEPT_MS = 90 * 86_400_000;
/** Two monitors and a person's click may meet on one book: each round at least one of them wins. */
const MOST_ATTEMPTS = 100;

const OPEN_KEY = `${PREFIX}incidents:open`;
const RECENT_KEY = `${PREFIX}incidents`;
const OUTLOOKS_KEY = `${PREFIX}outlooks`;

const bookKey = (cluster: string): string => `${PREFIX}alerts:${cluster}`;
const incidentKey = (id: string): string => `${PREFIX}incident:${id}`;

/**
 * KEYS: book, open set, recent set, outbox, then a record for each incident. ARGV: expected version ('' for none), new
 * version, JSON of the book, now (ms), then for each incident: id, version, JSON, opened (ms), '1' when it fires, '1' when
 * pagers are told of it. All in one step, so that what has changed is shown whatever happens to the process.
 */
const SWAP_BOOK = `${OUTBOX_ROW}
local known = redis.call('HGET', KEYS[1], 'version') or ''
if known ~= ARGV[1] then return 'conflict' end
redis.call('HSET', KEYS[1], 'version', ARGV[2], 'json', ARGV[3])
local kept = ${String(KEPT_MS)}
for i = 5, #KEYS do
  local a = 5 + (i - 5) * 6
  redis.call('SET', KEYS[i], ARGV[a + 2])
  redis.call('ZADD', KEYS[3], ARGV[a + 3], ARGV[a])
  if ARGV[a + 4] == '1' then
    redis.call('SADD', KEYS[2], ARGV[a])
  else
    redis.call('SREM', KEYS[2], ARGV[a])
    redis.call('PEXPIRE', KEYS[i], kept)
  end
  outbox_row(KEYS[4], 'incident ' .. ARGV[a], ARGV[a + 1])
  if ARGV[a + 5] == '1' then outbox_row(KEYS[4], 'page ' .. ARGV[a], ARGV[a + 1]) end
end
if #KEYS > 4 then redis.call('ZREMRANGEBYSCORE', KEYS[3], '-inf', ARGV[4] - kept) end
return 'ok'`;

/** One book for each cluster, and a record for each incident; all written by one script only. */
export function makeAlertStore(redis: Redis): AlertStore {
  const incidents = async (ids: readonly string[]): Promise<readonly Incident[]> => {
    if (ids.length === 0) return [];
    const found = await redis.mget(ids.map(incidentKey));
    return found.flatMap((json) => (json === null ? [] : [JSON.parse(json) as Incident]));
  };
  return {
    load: (cluster) => asked(async () => (await load(redis, cluster)).book),
    swap: (cluster, change) => swap(redis, cluster, change),
    incident: (id) => asked(async () => (await incidents([id]))[0] ?? null),
    open: () => asked(async () => incidents(await redis.smembers(OPEN_KEY))),
    recent: (limit, cluster) =>
      asked(async () => {
        const ids = await redis.zrevrange(RECENT_KEY, 0, cluster === undefined ? limit - 1 : 500);
        const found = await incidents(ids);
        return found.filter((one) => cluster === undefined || one.cluster === cluster).slice(0, limit);
      }),
    saveOutlook: (outlook) =>
      asked(async () => {
        await redis.hset(OUTLOOKS_KEY, outlook.cluster, JSON.stringify(outlook));
      }),
    outlooks: (clusters) =>
      asked(async () => {
        if (clusters.length === 0) return [];
        const found = await redis.hmget(OUTLOOKS_KEY, ...clusters);
        return found.map((json) => (json === null ? null : (JSON.parse(json) as Outlook)));
      }),
  };
}

interface Loaded {
  readonly book: AlertBook;
  readonly now: number;
  readonly stored: boolean;
}

/** With Redis' own time, in one round trip. */
async function load(redis: Redis, cluster: string): Promise<Loaded> {
  const [json, [seconds, micros]] = await Promise.all([redis.hget(bookKey(cluster), 'json'), redis.time()]);
  const now = Number(seconds) * 1000 + Math.floor(Number(micros) / 1000);
  const book = json === null ? emptyBook(cluster, now) : (JSON.parse(json) as AlertBook);
  return { book, now, stored: json !== null };
}

/** Version 0: it was never written. */
function emptyBook(cluster: string, watchedSince: number): AlertBook {
  return { cluster, version: 0, watchedSince, trend: null, lastBackupAt: null, rules: {}, incidents: [] };
}

/** Only Redis' failures are failures of the target: what `change` throws is a bug, and stays one. */
async function swap(redis: Redis, cluster: string, change: BookChange): Promise<readonly Incident[]> {
  for (let attempt = 0; attempt < MOST_ATTEMPTS; attempt++) {
    const loaded = await asked(() => load(redis, cluster));
    const changed = change(loaded.book);
    if (changed === null) return [];
    const next = { ...changed, version: loaded.book.version + 1 };
    const grown = grownIn(next, loaded.book);
    if ((await asked(() => write(redis, loaded, { next, grown }))) === 'ok') return grown;
  }
  throw new Error(`the alerts of ${cluster} changed under every one of ${String(MOST_ATTEMPTS)} attempts`);
}

/** What is to be shown anew. */
function grownIn(next: AlertBook, before: AlertBook): readonly Incident[] {
  const versions = new Map(before.incidents.map(({ id, version }) => [id, version]));
  return next.incidents.filter(({ id, version }) => version > (versions.get(id) ?? 0));
}

interface Written {
  readonly next: AlertBook;
  readonly grown: readonly Incident[];
}

function write(redis: Redis, { book, now, stored }: Loaded, { next, grown }: Written): Promise<unknown> {
  const records = grown.map(({ id }) => incidentKey(id));
  const keys = [bookKey(next.cluster), OPEN_KEY, RECENT_KEY, OUTBOX_KEY, ...records];
  const rows = grown.flatMap((incident) => [
    incident.id,
    String(incident.version),
    JSON.stringify(incident),
    String(incident.openedAt),
    incident.state === 'firing' ? '1' : '0',
    incident.worst === 'critical' ? '1' : '0',
  ]);
  const expected = stored ? String(book.version) : '';
  const values = [expected, String(next.version), JSON.stringify(next), String(now), ...rows];
  return redis.eval(SWAP_BOOK, keys.length, ...keys, ...values);
}
