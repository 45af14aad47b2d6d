import type { StoredCounts } from './api/metrics.js';
import type { AddressInUse } from './calico/ipam.js';
import type { BatchControl } from './control/batch.js';
import type { BulkOptions } from './control/bulk.js';
import type { NodeControl } from './control/nodes.js';
import type { PartsControl } from './control/parts.js';
import type { PodControl } from './control/pods.js';
import type { WorkloadControl } from './control/workloads.js';
import type { Faults } from './faults.js';
import type { Identity, PolicyRule } from './identities.js';
import type { LoggedRequest } from './requests.js';
import type { Store } from './store.js';
import type { TlsFiles } from '../tls.js';
import type { Pace } from './world/world.js';

/** Where Calico keeps its addresses. */
export type CalicoOptions =
  | { datastore: 'etcd'; endpoints: string[]; tls?: TlsFiles; padBlocksTo?: number }
  | { datastore: 'kubernetes' };

export interface KubernetesOptions {
  /** Absent: pods are given their node's address, and Calico's custom resources are not installed. */
  calico?: CalicoOptions & { pool?: { cidr: string; blockSize?: number }; strictAffinity?: boolean };
  pace?: Partial<Pace>;
  /** What /version says. */
  version?: string;
  /** Name of the kubeconfig's context. */
  context?: string;
  user?: string;
  /** What the user of `token` may do; everything, where absent. */
  rules?: readonly PolicyRule[];
  /** The real server's is about a minute. */
  bookmarkEveryMs?: number;
  /** How many changes are remembered for watches and pages. */
  historyLimit?: number;
  /** Budgets count for pending pods as well; the real server lets these go. */
  budgetsGuardPending?: boolean;
  metrics?: { counts?: StoredCounts; databaseBytes?: number; modern?: boolean };
  now?: () => number;
}

export interface KubernetesIdentity extends Identity {
  /** Text for client-node and kubectl, also written to the path where one is given. */
  kubeconfig(path?: string): string;
}

export interface LocalKubernetes
  extends NodeControl, WorkloadControl, BatchControl, PodControl, PartsControl, KubernetesIdentity {
  readonly url: string;
  readonly context: string;
  readonly faults: Faults;
  /** May be changed while it runs. */
  readonly pace: Pace;
  /** All that is kept, for what the controls don't do. */
  readonly store: Store;
  /** Somebody else, with a token and rights of their own. */
  identity(user: string, rules?: readonly PolicyRule[]): KubernetesIdentity;
  requests(): readonly LoggedRequest[];
  clearRequests(): void;
  addBulk(options: BulkOptions): void;
  /** What Calico's datastore holds by now, as the simulation knows. */
  addressesInUse(): AddressInUse[];
  stop(): Promise<void>;
}
