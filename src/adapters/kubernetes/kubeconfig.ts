import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { parse } from 'yaml';
import type { KubeConfig, User } from '@kubernetes/client-node';
import { at, list, text } from './json.js';

/** Where an API server is, and as whom it is asked. */
export interface KubernetesSource {
  /** The API server's URL, as the kubeconfig or the environment has it. */
  readonly server: string;
  /** Null: from within the cluster, by the pod's service account. */
  readonly kubeconfig: { readonly path: string; readonly content: string } | null;
  /** Null: the current one. */
  readonly context: string | null;
  /** Where the service account's files are mounted, for tests; default: where Kubernetes mounts them. */
  readonly root?: string | undefined;
}

export interface Loaded {
  readonly config: KubeConfig;
  readonly content: string | null;
}

/** As it is now; what has been loaded is kept while its file is the same, for the sake of its plugins' tokens. */
export async function loadKubeConfig(source: KubernetesSource, last: Loaded | null): Promise<Loaded> {
  const content = source.kubeconfig && (await contentOf(source.kubeconfig));
  if (last?.content === content) return last;
  const { KubeConfig } = await import('@kubernetes/client-node');
  const config = new KubeConfig();
  if (source.kubeconfig === null || content === null) config.loadFromCluster(source.root);
  else fill(config, content, source);
  return { config, content };
}

/** A file that is gone for the moment, while somebody replaces it, was good when the program started. */
async function contentOf({ path, content }: { path: string; content: string }): Promise<string> {
  return readFile(path, 'utf8').catch(() => content);
}

/** Entries of no use to us may be wrong as they like. */
function fill(config: KubeConfig, content: string, { kubeconfig, context }: KubernetesSource): void {
  const directory = dirname(kubeconfig?.path ?? '.');
  config.loadFromString(content, { onInvalidEntry: 'filter' });
  config.makePathsAbsolute(directory);
  if (context !== null) config.setCurrentContext(context);
  const user = config.getCurrentUser();
  if (user) mend(user, content, { directory, server: config.getCurrentCluster()?.server ?? '' });
}

/** What kubectl knows and the library does not: token files, plugins beside the file, and what plugins are told. */
function mend(
  user: User,
  content: string,
  { directory, server }: { readonly directory: string; readonly server: string },
): void {
  const entry = list(at(parse(content), 'users')).find((one) => at(one, 'name') === user.name);
  const tokenFile = text(at(entry, 'user', 'tokenFile'));
  if (tokenFile !== null && text(user.token) === null) {
    const config = { tokenFile: resolve(directory, tokenFile) };
    Object.assign(user, { authProvider: { name: 'tokenFile', config } });
  }
  const exec: unknown = user.exec;
  const command = text(at(exec, 'command'));
  if (typeof exec !== 'object' || exec === null || command === null) return;
  const told = {
    apiVersion: at(exec, 'apiVersion'),
    kind: 'ExecCredential',
    spec: { cluster: { server }, interactive: false },
  };
  const env = [...list(at(exec, 'env')), { name: 'KUBERNETES_EXEC_INFO', value: JSON.stringify(told) }];
  Object.assign(exec, { env, command: command.includes('/') ? resolve(directory, command) : command });
}
