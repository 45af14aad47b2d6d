import { follow } from '../../domain/alerting/follow.js';
import type { AlertSettings } from '../../domain/alerting/routing.js';
import type { Cluster } from '../../domain/cluster.js';
import { ALL_CLUSTERS } from '../../domain/pause.js';
import type { AlertStore, Ids } from '../../domain/ports.js';
import { announce, type AnnounceDeps } from './announce.js';
import { settled } from './around.js';

export interface UnwatchedDeps extends AnnounceDeps {
  readonly alerts: AlertStore;
  readonly alerting: AlertSettings;
  readonly ids: Ids;
  readonly clusters: readonly Cluster[];
  readonly intervalMs: number;
  readonly metricsIntervalMs: number;
}

/** Longer than a change of the configuration takes to reach every monitor: until then another one may sample it. */
const LEFT_MS = 3_600_000;

/**
 * A cluster that left the configuration is not sampled any more, so nothing would ever end its incidents: they are ended
 * here, or they would stay open, and be paged, for ever.
 */
export async function endUnwatched(deps: UnwatchedDeps, now: number): Promise<void> {
  const watched = new Set([ALL_CLUSTERS, ...deps.clusters.map(({ name }) => name)]);
  const open = (await deps.alerts.open()).filter(({ cluster }) => !watched.has(cluster));
  const names = [...new Set(open.map(({ cluster }) => cluster))];
  const outlooks = await deps.alerts.outlooks(names);
  const left = names.filter((_name, index) => now - (outlooks[index]?.at ?? 0) > LEFT_MS);
  for (const name of left) {
    const circumstances = {
      ...settled(deps, { cluster: name, environment: null, channel: '' }),
      ...{ now, mutes: [], quiet: null, blind: false, picture: null },
    };
    // No rule is judged any more, which ends what each of them has seen.
    const shown = await deps.alerts.swap(name, (book) => follow(book, [], circumstances).book);
    await announce(deps, shown, now);
  }
}
