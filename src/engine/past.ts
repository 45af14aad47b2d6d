import { pastOf } from '../domain/alerting/seen.js';
import type { Cluster } from '../domain/cluster.js';
import type { AlertStore, Clock } from '../domain/ports.js';
import type { Snapshot } from '../domain/snapshot.js';

export interface PastDeps {
  readonly alerts?: Pick<AlertStore, 'load'> | undefined;
  readonly clock: Clock;
}

/** With what the monitor has seen, where a diagnosis joins it with what Kubernetes says. */
export async function withPast(
  { alerts, clock }: PastDeps,
  { name, kubernetes }: Cluster,
  snapshot: Snapshot,
): Promise<Snapshot> {
  if (kubernetes === null || !alerts) return snapshot;
  return { ...snapshot, past: pastOf(await alerts.load(name), clock.now()) };
}
