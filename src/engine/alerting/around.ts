import type { Circumstances } from '../../domain/alerting/circumstances.js';
import type { Trend } from '../../domain/alerting/past.js';
import { pictureOf } from '../../domain/alerting/picture.js';
import { channelFor } from '../../domain/alerting/route.js';
import type { AlertSettings } from '../../domain/alerting/routing.js';
import type { Cluster } from '../../domain/cluster.js';
import type { FleetStore, Ids, Locks, Mutes } from '../../domain/ports.js';
import { isOpenAt, type MaintenanceWindow } from '../../domain/window.js';

export interface AroundDeps {
  readonly mutes: Pick<Mutes, 'list'>;
  readonly fleet: Pick<FleetStore, 'blindSince'>;
  readonly locks: Pick<Locks, 'holder'>;
  readonly ids: Ids;
  readonly alerting: AlertSettings;
  /** For what neither a route nor a cluster's own channel takes; null: none is configured. */
  readonly alertsChannel: string | null;
  readonly intervalMs: number;
  readonly metricsIntervalMs: number;
}

interface Moment {
  readonly now: number;
  readonly clusterId: string | null;
  readonly trend: Trend | null;
}

/** What explains or holds back what fires on a cluster now. */
export async function circumstancesOf(
  deps: AroundDeps,
  cluster: Cluster,
  { now, clusterId, trend }: Moment,
): Promise<Circumstances> {
  const [mutes, blindSince, holder] = await Promise.all([
    deps.mutes.list(now),
    deps.fleet.blindSince(),
    deps.locks.holder(cluster.name, clusterId ?? ''),
  ]);
  const [channel = deps.alertsChannel ?? ''] = cluster.channels;
  return {
    ...settled(deps, { cluster: cluster.name, environment: cluster.environment, channel }),
    now,
    mutes,
    quiet: quietBy(cluster, { now, busy: holder !== null }),
    blind: blindSince !== null,
    picture: pictureOf(trend, now),
  };
}

interface Home {
  readonly cluster: string;
  readonly environment: string | null;
  /** Where what no route takes is told. */
  readonly channel: string;
}

type Settled = Pick<
  Circumstances,
  'cluster' | 'environment' | 'settings' | 'holdMs' | 'channelFor' | 'newId'
>;

/** What does not change from one sample to the next. */
export function settled(
  deps: Pick<AroundDeps, 'alerting' | 'ids' | 'intervalMs' | 'metricsIntervalMs'>,
  { cluster, environment, channel }: Home,
): Settled {
  return {
    cluster,
    environment,
    settings: deps.alerting,
    holdMs: { sample: 2 * deps.intervalMs, metrics: 2 * deps.metricsIntervalMs },
    channelFor: (severity) => channelFor(deps.alerting.routes, { cluster, environment, severity }, channel),
    newId: () => deps.ids.next(),
  };
}

const DAY_MINUTES = 1440;
const MOST_MINUTES = DAY_MINUTES / 2;

/** Hours in which something is done explain trouble. Whole days on which changes are allowed would silence it for good. */
function explains({ fromMinute, toMinute }: MaintenanceWindow): boolean {
  const minutes = (toMinute - fromMinute + DAY_MINUTES) % DAY_MINUTES;
  return minutes > 0 && minutes <= MOST_MINUTES;
}

/** A cluster without windows may be changed at any time, which is no reason to be quiet at any time. */
function quietBy(
  { windows }: Cluster,
  { now, busy }: { readonly now: number; readonly busy: boolean },
): Circumstances['quiet'] {
  if (busy) return { kind: 'own-operation', text: 'my own operation runs' };
  const short = windows.filter(explains);
  if (short.length > 0 && isOpenAt(short, now))
    return { kind: 'window', text: 'a maintenance window is open' };
  return null;
}
