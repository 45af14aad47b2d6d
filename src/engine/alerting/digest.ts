import type { Outlook, Incident } from '../../domain/alerting/incident.js';
import type { Digest } from '../../domain/alerting/routing.js';
import type { Cluster } from '../../domain/cluster.js';
import type { Operation } from '../../domain/operation.js';
import type { AlertStore, Clock, Notice, NoticeStore, OperationStore, Outbox } from '../../domain/ports.js';
import { digestLines, digestTitle, localDay, type ClusterNews, type Period } from './digest-lines.js';

export interface DigestDeps {
  readonly clusters: readonly Cluster[];
  /** Null: none is wanted. */
  readonly digest: Digest | null;
  readonly alerts: Pick<AlertStore, 'outlooks' | 'recent'>;
  readonly operations: Pick<OperationStore, 'recent'>;
  readonly notices: NoticeStore;
  readonly outbox: Outbox;
  readonly clock: Clock;
}

const DAY_MS = 86_400_000;
/** The newest; a fleet that has more of them within a week has told its people already. */
const MOST_INCIDENTS = 1000;
const MOST_OPERATIONS = 300;
/** Incidents of this cluster are of the monitor itself. */
const ALL = '*';

/** Posts to each channel what is worth knowing of its clusters, once for each day or week, however often it runs. */
export async function postDigest(deps: DigestDeps): Promise<void> {
  const { clusters, digest, alerts, operations, clock } = deps;
  if (digest === null) return;
  const now = clock.now();
  const period = { now, since: now - (digest.every === 'week' ? 7 : 1) * DAY_MS, digest };
  const [outlooks, incidents, acts] = await Promise.all([
    alerts.outlooks(clusters.map(({ name }) => name)),
    alerts.recent(MOST_INCIDENTS),
    operations.recent(MOST_OPERATIONS),
  ]);
  const happened = { incidents: incidents.filter(within(period)), operations: acts.filter(doneIn(period)) };
  const news = clusters.map((cluster, index) => newsOf(cluster, outlooks[index] ?? null, happened));
  for (const [channel, ofChannel] of byChannel(news)) {
    const own = happened.incidents.filter((one) => one.cluster === ALL && one.channel === channel);
    await postOne(deps, { channel, news: ofChannel, own, period });
  }
}

function within({ since }: Period): (incident: Incident) => boolean {
  return ({ state, openedAt, resolved }) =>
    state === 'firing' || openedAt > since || (resolved?.at ?? 0) > since;
}

/** What was denied or ran out did nothing. */
function doneIn({ since }: Period): (operation: Operation) => boolean {
  return ({ startedAt, conclusion }) => startedAt !== undefined && (conclusion?.at ?? startedAt) > since;
}

interface Happened {
  readonly incidents: readonly Incident[];
  readonly operations: readonly Operation[];
}

function newsOf(cluster: Cluster, outlook: Outlook | null, happened: Happened): ClusterNews & Placed {
  const { name, channels } = cluster;
  return {
    name,
    outlook,
    channel: channels[0],
    incidents: happened.incidents.filter((one) => one.cluster === name),
    operations: happened.operations.filter(({ plan }) => plan.cluster === name),
  };
}

interface Placed {
  /** Where its incidents go where nothing else is configured. */
  readonly channel: string | undefined;
}

function byChannel<T extends Placed>(news: readonly T[]): ReadonlyMap<string, readonly T[]> {
  const channels = new Map<string, T[]>();
  for (const one of news) {
    if (one.channel !== undefined) channels.set(one.channel, [...(channels.get(one.channel) ?? []), one]);
  }
  return channels;
}

interface Posting {
  readonly channel: string;
  readonly news: readonly ClusterNews[];
  /** The monitor's own incidents. */
  readonly own: readonly Incident[];
  readonly period: Period;
}

async function postOne(deps: DigestDeps, { channel, news, own, period }: Posting): Promise<void> {
  const id = `digest-${channel}-${localDay(period.now, period.digest.zone)}`;
  if (!(await deps.notices.load(id))) {
    const title = digestTitle(news, period);
    const notice: Notice = { id, version: 1, channel, title, lines: digestLines(news, own, period) };
    await deps.notices.save(notice);
  }
  await deps.outbox.put({ kind: 'notice', id, version: 1 });
}
