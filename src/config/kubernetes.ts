import type { KubernetesSettings } from '../domain/cluster.js';
import type { ClusterEntry, KubernetesEntry } from './cluster-schema.js';
import type { Environment, KubernetesConnection } from './config.js';
import { besideConfig, readText } from './files.js';
import { inClusterServer, readKubeContext } from './kubeconfig.js';
import type { Path, Problems } from './problems.js';
import { sealed } from './secret.js';

/** Exactly one way in, and the executor's own identity only beside the reader's. */
export function checkKubernetes(problems: Problems, path: Path, { kubernetes, operate }: ClusterEntry): void {
  if (kubernetes) checkWay(problems, [...path, 'kubernetes'], kubernetes);
  if (!operate?.kubernetes) return;
  const place = [...path, 'operate', 'kubernetes'];
  checkWay(problems, place, operate.kubernetes);
  if (kubernetes || problems.has([...path, 'kubernetes'])) return;
  problems.add(place, 'is given, but this cluster has no `kubernetes`; add it, or take this out');
}

function checkWay(problems: Problems, path: Path, { kubeconfig, inCluster, context }: KubernetesEntry): void {
  if (problems.has(path)) return;
  if (inCluster && kubeconfig !== undefined) {
    problems.add(path, 'has both `kubeconfig` and `inCluster`; keep one of them');
  } else if (inCluster && context !== undefined) {
    problems.add([...path, 'context'], 'goes with `kubeconfig`, not with `inCluster`; take it out');
  } else if (!inCluster && kubeconfig === undefined) {
    problems.add(path, 'says no way in; give `kubeconfig`, or `inCluster: true`');
  }
}

interface Source {
  readonly path: Path;
  readonly file: string;
  readonly env: Environment;
}

/** Undefined: there is none, or it can't be used, which is a problem by then. */
export function readKubernetes(
  problems: Problems,
  { path, file, env }: Source,
  entry: KubernetesEntry | undefined,
): KubernetesConnection | undefined {
  if (!entry || problems.has(path)) return undefined;
  if (entry.inCluster) {
    const server = inClusterServer(env);
    if (server.ok) return sealed({ server: server.value, kubeconfig: null, context: null });
    problems.add([...path, 'inCluster'], `is true, but ${server.reason}`);
    return undefined;
  }
  const given = besideConfig(file, entry.kubeconfig ?? '');
  const content = readText(given);
  if (!content.ok) {
    problems.add([...path, 'kubeconfig'], `${content.reason}; give a file that this process can read`);
    return undefined;
  }
  const context = entry.context ?? null;
  const found = readKubeContext(content.value, context);
  if (found.ok) {
    const kubeconfig = { path: given, content: content.value };
    return sealed({ server: found.value.server, kubeconfig, context });
  }
  problems.add([...path, context === null ? 'kubeconfig' : 'context'], `${given} ${found.reason}`);
  return undefined;
}

/** As kubectl is called by hand to make a change. */
export function kubernetesSettings(entry: ClusterEntry, file: string): KubernetesSettings | null {
  if (!entry.kubernetes) return null;
  const { kubeconfig, context } = entry.operate?.kubernetes ?? entry.kubernetes;
  return {
    kubeconfig: kubeconfig === undefined ? null : besideConfig(file, kubeconfig),
    context: context ?? null,
    patienceMs: entry.podPatience,
  };
}
