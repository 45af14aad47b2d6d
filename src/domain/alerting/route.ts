import type { Route } from './routing.js';
import type { AlertSeverity } from './rule.js';

interface Addressed {
  readonly cluster: string;
  readonly environment: string | null;
  readonly severity: AlertSeverity;
}

/** The channel of the first route that fits; else the cluster's own. An empty list fits all. */
export function channelFor(routes: readonly Route[], addressed: Addressed, otherwise: string): string {
  return routes.find((route) => fits(route, addressed))?.channel ?? otherwise;
}

function fits(
  { clusters, environments, severities }: Route,
  { cluster, environment, severity }: Addressed,
): boolean {
  const allows = (list: readonly string[], one: string | null): boolean =>
    list.length === 0 || (one !== null && list.includes(one));
  return allows(clusters, cluster) && allows(environments, environment) && allows(severities, severity);
}
