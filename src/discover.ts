import { resolve } from 'node:path';
import { makeKubernetesAccess } from './adapters/kubernetes/access.js';
import type { KubernetesSource } from './adapters/kubernetes/kubeconfig.js';
import type { Environment } from './config/config.js';
import { readText } from './config/files.js';
import { inClusterServer, readKubeContext } from './config/kubeconfig.js';
import { layoutOf, LOOKS, type Look } from './discover/looks.js';
import { foundClusters } from './discover/proposal.js';
import { proposalText } from './discover/yaml.js';
import { no, TargetError, yes, type Verdict } from './domain/errors.js';
import type { KubernetesReader } from './domain/kubernetes/ports.js';
import type { EtcdPodRecord } from './domain/kubernetes/records.js';

const DEADLINE_MS = 30_000;

export interface DiscoverFlags {
  readonly kubeconfig?: string;
  readonly context?: string;
  readonly inCluster?: boolean;
}

export interface DiscoverIo {
  readonly env: Environment;
  /** The proposal. */
  say(text: string): void;
  /** What was looked at, and what went wrong. */
  tell(line: string): void;
}

interface Place {
  readonly source: KubernetesSource;
  /** Names clusters that have no name of their own; null: from within. */
  readonly name: string | null;
}

/** Finds etcd clusters in a Kubernetes and proposes a configuration for them. Only reads. Answers the exit code. */
export async function discover(flags: DiscoverFlags, io: DiscoverIo): Promise<number> {
  const place = placeOf(flags, io.env);
  if (!place.ok) {
    io.tell(place.reason);
    return 1;
  }
  const { source, name } = place.value;
  const access = makeKubernetesAccess({ connections: () => ({ kubernetes: source }), canOperate: false });
  try {
    const reader = access.reader('');
    if (!reader) throw new Error('there is no reader for a source that was given');
    const { pods, failed } = await look(reader, io);
    const clusters = foundClusters(pods, name);
    if (clusters.length === 0) {
      io.tell(`${nothing(failed)} Write the configuration by hand: infra/config.example.yaml shows how.`);
      return 1;
    }
    const { kubeconfig } = source;
    // The file's current context may be another one tomorrow.
    const wayIn = kubeconfig ? { kubeconfig: kubeconfig.path, context: name } : { kubeconfig };
    io.say(proposalText(clusters, wayIn).trimEnd());
    return 0;
  } finally {
    access.close();
  }
}

function placeOf({ kubeconfig, context, inCluster }: DiscoverFlags, env: Environment): Verdict<Place> {
  if (inCluster === true) {
    if (kubeconfig !== undefined || context !== undefined) {
      return no('Give either --in-cluster, or --kubeconfig and --context.');
    }
    const server = inClusterServer(env);
    if (!server.ok) return no(`There is no --in-cluster here: ${server.reason}.`);
    return yes({ source: { server: server.value, kubeconfig: null, context: null }, name: null });
  }
  if (kubeconfig === undefined) return no('Give --kubeconfig FILE, or --in-cluster.');
  const path = resolve(kubeconfig);
  const content = readText(path);
  if (!content.ok) return no(`${content.reason}.`);
  const found = readKubeContext(content.value, context ?? null);
  if (!found.ok) return no(`${path} ${found.reason.replace(/[^?]$/, '$&.')}`);
  const { server, context: name } = found.value;
  const source = { server, kubeconfig: { path, content: content.value }, context: context ?? null };
  return yes({ source, name });
}

function nothing(failed: number): string {
  if (failed === LOOKS.length) return 'Nothing could be looked at there.';
  return failed === 0 ? 'No etcd was found there.' : 'No etcd was found in what could be looked at there.';
}

interface Looked {
  readonly pods: readonly EtcdPodRecord[];
  readonly failed: number;
}

/** One look that fails does not hide what the others find. */
async function look(reader: KubernetesReader, io: DiscoverIo): Promise<Looked> {
  const found = new Map<string, EtcdPodRecord>();
  let failed = 0;
  io.tell(`Looking for etcd at ${reader.target}:`);
  for (const one of LOOKS) {
    try {
      const count = await gather(reader, one, found);
      io.tell(`  ${one.what}: ${count === 0 ? 'none' : String(count)}`);
    } catch (error) {
      if (!(error instanceof TargetError)) throw error;
      failed++;
      io.tell(`  ${one.what}: not known. ${error.message}`);
    }
  }
  return { pods: [...found.values()], failed };
}

/** Answers how many pods this look has found that no look before it had. */
async function gather(
  reader: KubernetesReader,
  { query }: Look,
  found: Map<string, EtcdPodRecord>,
): Promise<number> {
  const before = found.size;
  for await (const page of reader.etcdPods(query, DEADLINE_MS)) {
    for (const pod of page) if (layoutOf(pod)) found.set(pod.uid, pod);
  }
  return found.size - before;
}
