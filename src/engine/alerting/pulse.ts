import type { AlertSettings } from '../../domain/alerting/routing.js';
import type { Cluster } from '../../domain/cluster.js';
import { TargetError } from '../../domain/errors.js';
import type { FleetStore, Heartbeat, Limits, Log, Unsent } from '../../domain/ports.js';

export interface PulseDeps {
  readonly clusters: readonly Cluster[];
  readonly fleet: Pick<FleetStore, 'tried'>;
  readonly outbox: Pick<Unsent, 'oldest'>;
  readonly limits: Limits;
  /** Null: none is configured. */
  readonly heartbeat: Heartbeat | null;
  readonly alerting: Pick<AlertSettings, 'heartbeatEveryMs'>;
  readonly intervalMs: number;
  readonly log: Log;
}

const OUTBOX_MS = 60_000;

/** Tells the dead man's switch that all is watched and told; silent as soon as it is not. */
export async function beatHeart(deps: PulseDeps, now: number): Promise<void> {
  const { heartbeat, limits, alerting, log } = deps;
  if (!heartbeat) return;
  const behind = await behindWith(deps, now);
  if (behind !== null) {
    log.warn({ behind }, 'no heartbeat: the monitor does not keep up');
    return;
  }
  // Of several monitors one beats.
  if (!(await limits.take('heartbeat', 1, alerting.heartbeatEveryMs))) return;
  try {
    await heartbeat.beat();
  } catch (error) {
    if (!(error instanceof TargetError)) throw error;
    log.warn({ err: error }, 'the heartbeat was not taken');
  }
}

/** What it does not keep up with; null: with everything it does. */
async function behindWith(
  { clusters, fleet, outbox, intervalMs }: PulseDeps,
  now: number,
): Promise<string | null> {
  const [tried, oldest] = await Promise.all([fleet.tried(clusters.map(({ name }) => name)), outbox.oldest()]);
  const late = clusters.filter((_cluster, index) => now - (tried[index] ?? 0) > 2 * intervalMs);
  if (late.length > 0) return `${late.length} clusters were not tried within two intervals`;
  return oldest !== null && now - oldest >= OUTBOX_MS ? 'messages wait for more than a minute' : null;
}
