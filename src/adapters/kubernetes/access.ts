import type {
  KubernetesAccess,
  KubernetesOperator,
  KubernetesReader,
} from '../../domain/kubernetes/ports.js';
import { makeClient, type Client } from './client.js';
import { makeCredentials } from './credentials.js';
import { evict } from './evict.js';
import type { KubernetesSource } from './kubeconfig.js';
import { makeReader } from './reader.js';

/** How a cluster's Kubernetes is reached, and as whom. */
export interface KubernetesConnections {
  readonly kubernetes?: KubernetesSource | undefined;
  /** The executor's own identity; default: the same. */
  readonly operateKubernetes?: KubernetesSource | undefined;
}

export interface KubernetesAccessDeps {
  /** By the cluster's configured name. */
  readonly connections: (cluster: string) => KubernetesConnections;
  readonly canOperate: boolean;
}

export interface Closeable {
  close(): void;
}

/** One client for each identity; none of them loads or connects to anything before it is asked. */
export function makeKubernetesAccess(deps: KubernetesAccessDeps): KubernetesAccess & Closeable {
  const { connections, canOperate } = deps;
  const clients = keepClients();
  const readers = keep(makeReader);
  const operators = keep(makeOperator);
  return {
    reader(cluster) {
      const { kubernetes } = connections(cluster);
      return kubernetes ? readers(clients.of(kubernetes)) : null;
    },
    operator(cluster) {
      if (!canOperate) throw new Error(`This process may not act on ${cluster}: its role is not executor`);
      const { kubernetes, operateKubernetes = kubernetes } = connections(cluster);
      return operateKubernetes ? operators(clients.of(operateKubernetes)) : null;
    },
    close: () => clients.close(),
  };
}

export function makeOperator(client: Client): KubernetesOperator {
  const reader: KubernetesReader = makeReader(client);
  return { ...reader, evict: (pod, deadlineMs) => evict(client, pod, deadlineMs) };
}

/** Clusters that share a Kubernetes and an identity share its connections. */
function keepClients() {
  const made = new Map<string, Client & Closeable>();
  return {
    of(source: KubernetesSource): Client {
      const { server, kubeconfig, context, root } = source;
      const key = JSON.stringify([server, kubeconfig?.path, context, root]);
      const known = made.get(key) ?? clientOf(source);
      made.set(key, known);
      return known;
    },
    close(): void {
      for (const client of made.values()) client.close();
      made.clear();
    },
  };
}

function clientOf(source: KubernetesSource): Client & Closeable {
  const credentials = makeCredentials(source);
  return { ...makeClient(hostOf(source.server), credentials), close: () => credentials.close() };
}

/** Host and port name it in messages; a URL may hold a user. */
function hostOf(server: string): string {
  if (!URL.canParse(server)) return 'kubernetes';
  const { host, port, protocol } = new URL(server);
  return port === '' ? `${host}:${protocol === 'https:' ? '443' : '80'}` : host;
}

function keep<T>(make: (client: Client) => T): (client: Client) => T {
  const made = new WeakMap<Client, T>();
  return (client) => {
    const known = made.get(client) ?? make(client);
    made.set(client, known);
    return known;
  };
}
