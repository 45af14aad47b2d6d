import type { Cluster } from '../domain/cluster.js';
import type { ConfiguredCluster, Role } from './config.js';
import { checkBackup, checkPair, etcdctlFlags, readConnection } from './connection.js';
import { checkEndpoints, checkMetrics, parseEndpoint } from './endpoints.js';
import { checkChannels } from './identifiers.js';
import { checkEnvironment, checkNames, checkUnique, type Placed } from './names.js';
import { checkPolicies, effectivePolicy, policyLayers } from './policy.js';
import type { Path, Problems } from './problems.js';
import type { Settings } from './schema.js';
import { sealed } from './secret.js';

interface Surroundings {
  readonly settings: Settings;
  readonly role: Role;
  /** The configuration's own file. */
  readonly file: string;
}

export function readClusters(
  problems: Problems,
  clusters: readonly Placed[],
  surroundings: Surroundings,
): readonly ConfiguredCluster[] {
  checkUnique(problems, clusters);
  checkPolicies(problems, surroundings.settings, clusters);
  return clusters.map((placed) => readCluster(problems, placed, surroundings));
}

function readCluster(problems: Problems, placed: Placed, surroundings: Surroundings): ConfiguredCluster {
  const { settings, role, file } = surroundings;
  const { index, entry } = placed;
  const path = ['clusters', index];
  checkNames(problems, path, entry);
  checkEnvironment(problems, path, { entry, settings });
  checkEndpoints(problems, path, entry);
  checkMetrics(problems, path, entry);
  checkBackup(problems, path, entry);
  checkPair(problems, path, entry);
  checkReach(problems, path, { settings, placed });
  const layers = policyLayers(settings, index, entry);
  // The role `bot` holds no etcd credential: where it runs, the files need not even be there.
  const connection = role === 'bot' ? sealed({}) : readConnection(problems, { path, entry, file });
  return { cluster: { ...toCluster(placed, surroundings), policy: effectivePolicy(layers) }, connection };
}

/** A cluster that no channel belongs to could not be asked about, and its incidents would go nowhere. */
function checkReach(problems: Problems, path: Path, given: { settings: Settings; placed: Placed }): void {
  const { channels } = given.placed.entry;
  const place = [...path, 'channels'];
  checkChannels(problems, place, channels);
  const reachable = channels.length > 0 || given.settings.slack.alertsChannel !== undefined;
  if (reachable || problems.has(place) || problems.has(['slack'])) return;
  problems.add(place, 'is missing; list a channel’s id here, or set slack.alertsChannel for all clusters');
}

function toCluster({ entry }: Placed, { settings, file }: Surroundings): Omit<Cluster, 'policy'> {
  const shared = settings.slack.alertsChannel === undefined ? [] : [settings.slack.alertsChannel];
  return {
    name: entry.name,
    aliases: entry.aliases,
    environment: entry.environment ?? null,
    endpoints: entry.endpoints.map(oneSpelling),
    quotaBytes: entry.quota ?? null,
    clusterId: entry.clusterId ?? null,
    channels: entry.channels.length > 0 ? entry.channels : shared,
    settleMs: entry.settle,
    reraiseWatchMs: entry.reraiseWatch,
    backup: entry.backup ?? null,
    etcdctlFlags: etcdctlFlags(entry, file),
  };
}

function oneSpelling(endpoint: string): string {
  const parsed = parseEndpoint(endpoint);
  return parsed.ok ? parsed.value : endpoint;
}
