import { makeKubernetesAccess } from '../adapters/kubernetes/access.js';
import { rightText } from '../adapters/kubernetes/errors.js';
import {
  CALICO_RIGHTS,
  EXECUTOR_RIGHTS,
  READER_RIGHTS,
  TO_READ_METRICS,
} from '../adapters/kubernetes/resources.js';
import type { ConfiguredCluster } from '../config/config.js';
import { TargetError } from '../domain/errors.js';
import type { KubernetesReader, PathAccess, ResourceAccess } from '../domain/kubernetes/ports.js';

const DEADLINE_MS = 3000;
/** Older ones may work, and nobody has tried. */
const OLDEST_MINOR = 28;

type Say = (line: string) => void;

/** A cluster's Kubernetes: whether it answers, how old it is, and each right that is missing. */
export async function kubernetes(entry: ConfiguredCluster, operates: boolean, say: Say): Promise<boolean> {
  const { cluster, connection } = entry;
  if (!connection.kubernetes) return true;
  const access = makeKubernetesAccess({ connections: () => connection, canOperate: operates });
  try {
    const reader = access.reader(cluster.name);
    const operator = operates ? access.operator(cluster.name) : null;
    const seen = reader === null || (await asReader(reader, cluster, say));
    return (operator === null || (await asOperator(operator, cluster.name, say))) && seen;
  } finally {
    access.close();
  }
}

async function asReader(
  reader: KubernetesReader,
  { name, calico }: ConfiguredCluster['cluster'],
  say: Say,
): Promise<boolean> {
  const where = `${name} Kubernetes ${reader.target}`;
  try {
    const version = await reader.version(DEADLINE_MS);
    say(
      `✓ ${where}: ${version}${isOld(version) ? `, which is older than 1.${OLDEST_MINOR}: not tried` : ''}`,
    );
    // Where Calico keeps its data in etcd, its objects in Kubernetes are not looked at.
    const rights = calico ? READER_RIGHTS : [...READER_RIGHTS, ...CALICO_RIGHTS];
    const missing = await missingOf(reader, rights);
    if (!(await reader.mayI(TO_READ_METRICS, DEADLINE_MS))) {
      say(`✓ ${where}: without ${rightText(TO_READ_METRICS)}, so how much it stores is not known`);
    }
    return sayMissing(missing, { where, manifest: 'reader.yaml' }, say);
  } catch (error) {
    return sayFailed(error, where, say);
  }
}

async function asOperator(operator: KubernetesReader, name: string, say: Say): Promise<boolean> {
  const where = `${name} Kubernetes ${operator.target} (as the one who operates)`;
  try {
    const missing = await missingOf(operator, [...READER_RIGHTS, ...EXECUTOR_RIGHTS]);
    return sayMissing(missing, { where, manifest: 'executor.yaml' }, say);
  } catch (error) {
    return sayFailed(error, where, say);
  }
}

async function missingOf(
  reader: KubernetesReader,
  rights: readonly ResourceAccess[],
): Promise<readonly ResourceAccess[]> {
  const allowed = await Promise.all(rights.map((right) => reader.mayI(right, DEADLINE_MS)));
  return rights.filter((_, index) => allowed[index] !== true);
}

function sayMissing(
  missing: readonly (ResourceAccess | PathAccess)[],
  { where, manifest }: { readonly where: string; readonly manifest: string },
  say: Say,
): boolean {
  if (missing.length === 0) {
    say(`✓ ${where}: our role has every right that it needs`);
    return true;
  }
  const list = missing.map(rightText).join(', ');
  say(`✗ ${where}: our role may not ${list}. infra/kubernetes/${manifest} gives these rights.`);
  return false;
}

function sayFailed(error: unknown, where: string, say: Say): boolean {
  const code = error instanceof TargetError ? error.code : 'failed';
  say(`✗ ${where}: ${error instanceof Error ? error.message : String(error)} ${mendingOf(code)}`);
  return false;
}

function mendingOf(code: string): string {
  if (code === 'tls') return 'Check the authority in the kubeconfig, and https against http.';
  if (code === 'auth') return 'Check the user of this context: its token, certificate or plugin.';
  if (code === 'unreachable' || code === 'timeout') return 'Check the server’s address, and the network.';
  return 'Try kubectl with the same kubeconfig and context.';
}

function isOld(version: string): boolean {
  const [, major, minor] = /^v?(\d+)\.(\d+)/.exec(version) ?? [];
  return major === '1' && Number(minor) < OLDEST_MINOR;
}
