import { createHash } from 'node:crypto';
import type { Redis } from 'ioredis';
import type { MemberActivity, SizeBucket, SizePoint, SizeSeries } from '../../domain/alerting/past.js';
import type { MemberSample, SeriesStore } from '../../domain/ports.js';
import { asked, PREFIX } from './connection.js';
import { memoryShare } from './memory.js';
import { beginOf, bucketOf, packActivity, pointOf, unpackActivity } from './series-codec.js';
import { ADD, HOUR_MS, SLOT_MS, THIN } from './series-scripts.js';

const COARSE = `${PREFIX}series-coarse`;
const ADD_SHA = createHash('sha1').update(ADD).digest('hex');
const ACTIVITY_MS = 30 * 60_000;

/** By member: its last moment (ms) and its quota; see the scripts. */
function indexKey(cluster: string): string {
  return `${PREFIX}series:${cluster}`;
}

function keysOf(cluster: string, id: string): readonly [string, string, string, string] {
  const base = `${indexKey(cluster)}:${id}`;
  return [`${base}:raw`, `${base}:slots`, `${base}:hours`, `${base}:activity`];
}

/** The past of every member: how it is kept is told in `series-scripts`. */
export function makeSeriesStore(redis: Redis): SeriesStore {
  return {
    add: (cluster, at, members) => asked(() => add(redis, { cluster, at, members })),
    sizes: (cluster) => asked(() => sizes(redis, cluster)),
    activity: (cluster) => asked(() => activity(redis, cluster)),
    memoryShare: () => asked(() => memoryShare(redis)),
    thin: (clusters) =>
      asked(async () => {
        await redis.set(COARSE, '1');
        let gone = 0;
        for (const cluster of clusters) gone += await thin(redis, cluster);
        return gone;
      }),
    relax: () =>
      asked(async () => {
        await redis.del(COARSE);
      }),
  };
}

interface Addition {
  readonly cluster: string;
  readonly at: number;
  readonly members: Readonly<Record<string, MemberSample>>;
}

async function add(redis: Redis, { cluster, at, members }: Addition): Promise<void> {
  const entries = Object.entries(members);
  if (entries.length === 0) return;
  const keys = [indexKey(cluster), COARSE, ...entries.flatMap(([id]) => keysOf(cluster, id))];
  const values = entries.flatMap(([id, { sizeBytes, inUseBytes, quotaBytes, activity: did }]) => [
    ...[id, sizeBytes, inUseBytes ?? '', quotaBytes ?? ''],
    did ? packActivity(did) : '',
  ]);
  try {
    await redis.evalsha(ADD_SHA, keys.length, ...keys, at, ...values);
  } catch (error) {
    // Known by its digest only once it was sent whole, since Redis started.
    if (!(error instanceof Error) || !error.message.startsWith('NOSCRIPT')) throw error;
    await redis.eval(ADD, keys.length, ...keys, at, ...values);
  }
}

interface Indexed {
  readonly id: string;
  readonly lastAt: number;
  readonly quotaBytes: number | null;
}

async function indexed(redis: Redis, cluster: string): Promise<readonly Indexed[]> {
  return Object.entries(await redis.hgetall(indexKey(cluster))).map(([id, row]) => {
    const [at, quota] = row.split(' ');
    return { id, lastAt: Number(at), quotaBytes: quota === '-' ? null : Number(quota) };
  });
}

async function sizes(redis: Redis, cluster: string): Promise<readonly SizeSeries[]> {
  const members = await indexed(redis, cluster);
  return Promise.all(
    members.map(async ({ id, quotaBytes }) => {
      const [raw, slots, hours] = keysOf(cluster, id);
      const rows = await Promise.all([hours, slots, raw].map((key) => redis.lrangeBuffer(key, 0, -1)));
      return { memberId: id, quotaBytes, points: joined(rows) };
    }),
  );
}

/** Of the coarser rows only those that ended before the finer ones begin. */
function joined([hours = [], slots = [], raw = []]: readonly Buffer[][]): readonly (
  SizePoint | SizeBucket
)[] {
  const slotsFrom = beginsAt(raw, SLOT_MS);
  const slotsShown = slots.filter((row) => beginOf(row) < slotsFrom);
  const hoursFrom = Math.min(beginsAt(slots, HOUR_MS), beginsAt(raw, HOUR_MS));
  return [
    ...hours.filter((row) => beginOf(row) < hoursFrom).map((row) => bucketOf(row, HOUR_MS)),
    ...slotsShown.map((row) => bucketOf(row, SLOT_MS)),
    ...raw.map(pointOf),
  ];
}

function beginsAt([first]: readonly Buffer[], spanMs: number): number {
  return first ? Math.floor(beginOf(first) / spanMs) * spanMs : Infinity;
}

async function activity(redis: Redis, cluster: string): Promise<readonly MemberActivity[]> {
  const members = await indexed(redis, cluster);
  const newest = Math.max(...members.map(({ lastAt }) => lastAt));
  return Promise.all(
    members.map(async ({ id }) => {
      const rows = await redis.lrange(keysOf(cluster, id)[3], 0, -1);
      const lately = rows.map(unpackActivity).filter(({ to }) => to >= newest - ACTIVITY_MS);
      return { memberId: id, activity: lately };
    }),
  );
}

async function thin(redis: Redis, cluster: string): Promise<number> {
  const keys = (await indexed(redis, cluster)).flatMap(({ id }) => keysOf(cluster, id).slice(0, 2));
  return keys.length === 0 ? 0 : Number(await redis.eval(THIN, keys.length, ...keys));
}
