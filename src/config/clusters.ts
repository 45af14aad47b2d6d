import type { Cluster } from '../domain/cluster.js';
import type { ConfiguredCluster, Environment, Role } from './config.js';
import { checkBackup, checkPairs, etcdctlFlags, readConnection } from './connection.js';
import { checkEndpoints, checkMetrics, parseEndpoint } from './endpoints.js';
import { checkChannels } from './identifiers.js';
import { checkKubernetes, kubernetesSettings } from './kubernetes.js';
import { checkEnvironment, checkNames, checkUnique, type Placed } from './names.js';
import { checkPolicies } from './policy-checks.js';
import { policiesOf } from './policy.js';
import type { Path, Problems } from './problems.js';
import type { Settings } from './schema.js';
import { checkWindows, windowsOf } from './windows.js';

interface Surroundings {
  readonly settings: Settings;
  readonly role: Role;
  /** The configuration's own file. */
  readonly file: string;
  readonly env: Environment;
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
  const { settings, role, file, env } = surroundings;
  const { index, entry } = placed;
  const path = ['clusters', index];
  checkNames(problems, path, entry);
  checkEnvironment(problems, path, { entry, settings });
  checkEndpoints(problems, path, entry);
  checkMetrics(problems, path, entry);
  checkBackup(problems, path, entry);
  checkPairs(problems, path, entry);
  checkWindows(problems, path, entry);
  checkKubernetes(problems, path, entry);
  checkReach(problems, path, { settings, placed });
  const connection = readConnection(problems, { path, entry, file, role, env });
  return { cluster: toCluster(placed, surroundings), connection };
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

function toCluster(placed: Placed, { settings, file }: Surroundings): Cluster {
  const { entry } = placed;
  const shared = settings.slack.alertsChannel === undefined ? [] : [settings.slack.alertsChannel];
  return {
    name: entry.name,
    aliases: entry.aliases,
    environment: entry.environment ?? null,
    endpoints: entry.endpoints.map(oneSpelling),
    quotaBytes: entry.quota ?? null,
    clusterId: entry.clusterId ?? null,
    channels: [
      ...new Set([...(entry.channels.length > 0 ? entry.channels : shared), ...routed(settings, entry)]),
    ],
    settleMs: entry.settle,
    reraiseWatchMs: entry.reraiseWatch,
    backup: entry.backup ?? null,
    kubernetes: kubernetesSettings(entry, file),
    calico: entry.calico,
    etcdctlFlags: etcdctlFlags(entry, file),
    ...policiesOf(settings, placed),
    changes: entry.changes,
    windows: windowsOf(entry),
  };
}

/** Where a route may tell of it, its buttons and its commands have to work, too. */
function routed({ alerts }: Settings, { name, environment = '' }: Placed['entry']): readonly string[] {
  const fits = (list: readonly string[], one: string): boolean => list.length === 0 || list.includes(one);
  return alerts.routes
    .filter(({ clusters, environments }) => fits(clusters, name) && fits(environments, environment))
    .map(({ channel }) => channel);
}

function oneSpelling(endpoint: string): string {
  const parsed = parseEndpoint(endpoint);
  return parsed.ok ? parsed.value : endpoint;
}
