import { readdir, readFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import type { Redis } from 'ioredis';
import { percentile } from './statistics.js';

/** /proc counts in hundredths of a second, whatever the kernel's own tick. */
const TICK_MS = 10;

/** Milliseconds on a processor since the process began, by all of its threads. */
export async function cpuMs(pid: number): Promise<number> {
  const stat = await readFile(`/proc/${String(pid)}/stat`, 'utf8');
  // The second field, the program's name in brackets, can hold blanks.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) * TICK_MS;
}

/** The same to the nanosecond, for what hardly works at all. A thread that ends takes its time with it. */
export async function fineCpuMs(pid: number): Promise<number> {
  const folder = `/proc/${String(pid)}/task`;
  const threads = await readdir(folder);
  const spent = await Promise.all(
    threads.map(async (thread) =>
      Number((await readFile(`${folder}/${thread}/schedstat`, 'utf8')).split(' ')[0]),
    ),
  );
  return spent.reduce((sum, ns) => sum + ns, 0) / 1e6;
}

export interface Ages {
  /** Milliseconds, at random moments of random clusters. */
  readonly p50: number;
  readonly p99: number;
  readonly worst: number;
}

/** Looks at a few clusters at a time, so that looking weighs nothing. */
const LOOK_EVERY_MS = 250;
const LOOK_AT = 20;

/** How old the newest samples are, over `forMs`. */
export async function agesOf(redis: Redis, clusters: readonly string[], forMs: number): Promise<Ages> {
  const end = performance.now() + forMs;
  const ages: number[] = [];
  for (let turn = 0; performance.now() < end; turn++) {
    ages.push(...(await look(redis, clusters, turn)));
    await delay(LOOK_EVERY_MS);
  }
  const [p50, p99, worst] = [0.5, 0.99, 1].map((share) => percentile(ages, share)) as [
    number,
    number,
    number,
  ];
  return { p50, p99, worst };
}

/** A prime stride takes its turns through all of them, far from the order in which they are sampled. */
const STRIDE = 389;

async function look(redis: Redis, clusters: readonly string[], turn: number): Promise<readonly number[]> {
  const names = Array.from(
    { length: LOOK_AT },
    (_, at) => clusters[((turn * LOOK_AT + at) * STRIDE) % clusters.length] ?? '',
  );
  const samples = await redis.mget(names.map((name) => `{steward}:sample:${name}`));
  const now = Date.now();
  return samples.map((sample, at) => {
    if (sample === null) throw new Error(`${names[at] ?? ''} has no sample`);
    return now - (JSON.parse(sample) as { at: number }).at;
  });
}

/** How many of them have been sampled at all. */
export async function sampled(redis: Redis, clusters: readonly string[]): Promise<number> {
  return redis.exists(clusters.map((name) => `{steward}:sample:${name}`));
}
