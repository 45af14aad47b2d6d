import type { Digest } from '../domain/alerting/routing.js';
import type { Parts } from './parts.js';

const SWEEP_EVERY_MS = 5000;
const OUTBOX_SWEEP_EVERY_MS = 5000;
/** Early enough to be seen in the morning, wherever the office is. */
const DAILY = { pattern: '0 6 * * *', tz: 'UTC' };

/** How many schedulers are written at a time. */
const AT_ONCE = 50;
/** The golden ratio's part: however many there are, each next one falls into the widest gap. */
const APART = (Math.sqrt(5) - 1) / 2;

interface Wanted {
  readonly key: string;
  readonly repeat:
    { readonly every: number; readonly offset?: number } | { readonly pattern: string; readonly tz: string };
  readonly name: string;
  readonly data: Readonly<Record<string, string>>;
}

type MonitorQueue = Parts['queues']['monitor'];

/** Samples, sweeps and posts only read: nothing that acts on a target ever stands under a scheduler. */
export async function schedule(parts: Parts): Promise<void> {
  const { queues, clusters, config } = parts;
  const every = config.monitor.intervalMs;
  const samples = clusters.map(({ name }, index) => ({
    key: `sample-${name}`,
    repeat: { every, offset: offsetOf(index, every) },
    name: 'sample',
    data: { cluster: name },
  }));
  const wanted: readonly Wanted[] = [
    { key: 'sweep', repeat: { every: SWEEP_EVERY_MS }, name: 'sweep', data: {} },
    { key: 'survey', repeat: { every }, name: 'survey', data: {} },
    ...samples,
    ...posting(parts),
    ...digest(config.alerts.digest),
  ];
  await bringAbout(queues.monitor, wanted);
}

/** Never 0, which BullMQ takes for none: then it would begin at once. */
function offsetOf(index: number, every: number): number {
  return 1 + Math.floor(((index * APART) % 1) * (every - 1));
}

/** Those that stand already go on as they are: a restart neither shifts nor repeats a sample. */
async function bringAbout(queue: MonitorQueue, wanted: readonly Wanted[]): Promise<void> {
  const standing = new Map((await queue.getJobSchedulers()).map((one) => [one.key, one]));
  const missing = wanted.filter(({ key, repeat }) => !goesOn(standing.get(key), repeat));
  for (let from = 0; from < missing.length; from += AT_ONCE) {
    await Promise.all(missing.slice(from, from + AT_ONCE).map((one) => upsert(queue, one)));
  }
  const keys = new Set(wanted.map(({ key }) => key));
  // A cluster that left the configuration is not sampled any more.
  const others = [...standing.keys()].filter((key) => !keys.has(key));
  await Promise.all(others.map((key) => queue.removeJobScheduler(key)));
}

type Standing = Awaited<ReturnType<MonitorQueue['getJobSchedulers']>>[number];

/** One whose next job should have begun long ago has lost it, and is set up anew. */
function goesOn(standing: Standing | undefined, repeat: Wanted['repeat']): boolean {
  if (!standing) return false;
  if ('pattern' in repeat) return standing.pattern === repeat.pattern && standing.tz === repeat.tz;
  const next = standing.next ?? 0;
  return Number(standing.every) === repeat.every && next > Date.now() - 2 * repeat.every;
}

async function upsert(queue: MonitorQueue, { key, repeat, name, data }: Wanted): Promise<void> {
  await queue.upsertJobScheduler(key, repeat, { name, data });
}

function posting({ config, log }: Parts): readonly Wanted[] {
  if (config.slack.alertsChannel !== null) {
    return [{ key: 'post-heads', repeat: DAILY, name: 'post-heads', data: {} }];
  }
  const words =
    'no slack.alertsChannel: where the audit chains stand is not posted, so a cut end may go unseen';
  log.warn({}, words);
  return [];
}

function digest(settings: Digest | null): readonly Wanted[] {
  if (settings === null) return [];
  const { every, atMinute, weekday, zone } = settings;
  const day = every === 'week' ? weekday.slice(0, 3).toLowerCase() : '*';
  const pattern = `${String(atMinute % 60)} ${String(Math.floor(atMinute / 60))} * * ${day}`;
  return [{ key: 'post-digest', repeat: { pattern, tz: zone }, name: 'post-digest', data: {} }];
}

/** Rows whose job got lost between two writes of a process that died are queued again. */
export function sweepOutbox({ outbox, log, releasers }: Parts): void {
  let before = new Set<string>();
  const look = async (): Promise<void> => {
    const rows = await outbox.list();
    const keys = rows.map((row) => `${row.kind} ${row.id} ${String(row.version)}`);
    // What stood here at the last look too, and is still not shown, may have lost its job.
    await Promise.all(rows.filter((_, index) => before.has(keys[index] ?? '')).map((row) => outbox.put(row)));
    before = new Set(keys);
  };
  const timer = setInterval(() => {
    look().catch((error: unknown) => {
      log.warn({ err: error }, 'the outbox could not be looked through');
    });
  }, OUTBOX_SWEEP_EVERY_MS);
  releasers.push('outbox sweep', () => {
    clearInterval(timer);
    return undefined;
  });
}
