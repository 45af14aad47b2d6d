import type { Parts } from './parts.js';

const SWEEP_EVERY_MS = 5000;
const OUTBOX_SWEEP_EVERY_MS = 5000;
/** Early enough to be seen in the morning, wherever the office is. */
const DAILY = { pattern: '0 6 * * *', tz: 'UTC' };

/** Samples, sweeps and posts only read: nothing that acts on a target ever stands under a scheduler. */
export async function schedule(parts: Parts): Promise<void> {
  const { queues, clusters, config } = parts;
  const every = config.monitor.intervalMs;
  await queues.monitor.upsertJobScheduler('sweep', { every: SWEEP_EVERY_MS }, { name: 'sweep', data: {} });
  for (const { name } of clusters) {
    const template = { name: 'sample', data: { cluster: name } };
    await queues.monitor.upsertJobScheduler(`sample-${name}`, { every }, template);
  }
  const posting = await schedulePosting(parts);
  const samples = clusters.map(({ name }) => `sample-${name}`);
  await forgetOthers(queues.monitor, new Set(['sweep', ...posting, ...samples]));
}

/** Answers the keys of what it has scheduled. */
async function schedulePosting({ queues, config, log }: Parts): Promise<readonly string[]> {
  if (config.slack.alertsChannel === null) {
    log.warn(
      {},
      'no slack.alertsChannel: where the audit chains stand is not posted, so a cut end may go unseen',
    );
    return [];
  }
  const template = { name: 'post-heads', data: {} };
  await queues.monitor.upsertJobScheduler('post-heads', DAILY, template);
  return ['post-heads'];
}

/** A cluster that left the configuration is not sampled any more. */
async function forgetOthers(queue: Parts['queues']['monitor'], wanted: ReadonlySet<string>): Promise<void> {
  for (const { key } of await queue.getJobSchedulers()) {
    if (!wanted.has(key)) await queue.removeJobScheduler(key);
  }
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
