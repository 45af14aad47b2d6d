import type { Cluster } from '../../domain/cluster.js';
import type { Clock, Limits, Log, NoticeStore, Outbox, SeriesStore } from '../../domain/ports.js';
import { percent } from '../../domain/units.js';

export interface MemoryDeps {
  readonly series: Pick<SeriesStore, 'memoryShare' | 'thin' | 'relax'>;
  readonly clusters: readonly Cluster[];
  readonly notices: NoticeStore;
  readonly outbox: Outbox;
  readonly limits: Limits;
  readonly alertsChannel: string | null;
  readonly clock: Clock;
  readonly log: Log;
}

/** Shares of Redis' memory: from where samples give way to approvals, and from where there is room again. */
const FULL = 0.8;
const ROOMY = 0.7;
const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;

/** Samples thin first: an approval must never fail because they filled the store. Looked at once a minute. */
export async function giveMemoryBack(deps: MemoryDeps, now: number): Promise<void> {
  if (!(await deps.limits.take('memory', 1, MINUTE_MS))) return;
  const used = await deps.series.memoryShare();
  if (used === null) return;
  if (used < ROOMY) return deps.series.relax();
  if (used < FULL) return;
  const rows = await deps.series.thin(deps.clusters.map(({ name }) => name));
  deps.log.warn({ used, rows }, 'Redis is nearly full: samples were thinned');
  await say(deps, used, now);
}

/** One message a day, whichever monitor finds it. */
async function say(deps: MemoryDeps, used: number, now: number): Promise<void> {
  const channel = deps.alertsChannel ?? deps.clusters[0]?.channels[0];
  const id = `memory-${String(Math.floor(now / DAY_MS))}`;
  if (channel === undefined || (await deps.notices.load(id))) return;
  const lines = [
    `Redis uses ${percent(used)} of its memory. I keep only coarse sizes until it is under ${percent(ROOMY)}.`,
    'Approvals and incidents go on as before. Give Redis more `maxmemory`, or watch fewer clusters.',
  ];
  await deps.notices.save({ id, version: 1, channel, title: 'Redis is nearly full', lines });
  await deps.outbox.put({ kind: 'notice', id, version: 1 });
}
