import { createHash } from 'node:crypto';
import type { Cluster } from '../../domain/cluster.js';
import type { Access } from '../../domain/ports.js';
import { makeMember, makeMemberReader, type Closeable, type Connection } from './member.js';
import type { Tls } from './client.js';
import type { Identity } from './session.js';
import type { Login } from './token.js';

/** How a cluster is reached, and as whom. */
export interface Connections {
  readonly tls?: Tls | undefined;
  readonly auth?: Login | undefined;
  /** The executor's own identity; default: the same. */
  readonly operateTls?: Tls | undefined;
  readonly operateAuth?: Login | undefined;
  /** Metrics URLs in the order of the endpoints; default: each client URL and /metrics. */
  readonly metrics?: readonly string[] | undefined;
}

export interface AccessDeps {
  readonly connections: (cluster: Cluster) => Connections;
  readonly canOperate: boolean;
}

/** Clients live long: a new one costs a handshake and, with a password, a token through raft. */
export function makeAccess({ connections, canOperate }: AccessDeps): Access & Closeable {
  const readers = keep(makeMemberReader);
  const operators = keep(makeMember);

  return {
    reader(cluster) {
      const { tls, auth, metrics } = connections(cluster);
      return { members: readers.of(cluster, { tls, auth }, metrics) };
    },
    operator(cluster) {
      if (!canOperate)
        throw new Error(`This process may not act on ${cluster.name}: its role is not executor`);
      const { tls, auth, operateTls = tls, operateAuth = auth, metrics } = connections(cluster);
      return { members: operators.of(cluster, { tls: operateTls, auth: operateAuth }, metrics) };
    },
    close() {
      readers.close();
      operators.close();
    },
  };
}

/** One per endpoint and identity. The key holds a digest, not the secrets. */
function keep<T extends Closeable>(make: (endpoint: string, connection: Connection) => T) {
  const made = new Map<string, T>();

  function one(endpoint: string, connection: Connection): T {
    const key = createHash('sha256')
      .update(JSON.stringify([endpoint, connection]))
      .digest('base64');
    const known = made.get(key) ?? make(endpoint, connection);
    made.set(key, known);
    return known;
  }

  return {
    of(cluster: Cluster, identity: Identity, metrics: readonly string[] = []): readonly T[] {
      return cluster.endpoints.map((endpoint, index) =>
        one(endpoint, { ...identity, metricsUrl: metrics[index] }),
      );
    },
    close() {
      for (const member of made.values()) member.close();
      made.clear();
    },
  };
}
