import type {
  BudgetRecord,
  CronJobRecord,
  EtcdPodRecord,
  JobRecord,
  NodeRecord,
  ObjectRef,
  Owner,
  PodEvent,
  PodRecord,
  StoredResource,
  WorkloadRecord,
} from './records.js';

/*
 * A Kubernetes API as the rest of the program knows it. Lists come page by page, so that neither the API server nor
 * memory suffers from large clusters. Every call ends by its deadline (milliseconds from now, for all pages together)
 * and fails with a TargetError: `denied` names the verb and the resource that the role lacks.
 */

export interface PodQuery {
  /** Null: every namespace. */
  readonly namespace: string | null;
  /** As the API understands it: `status.phase=Pending`. */
  readonly fieldSelector?: string | undefined;
  readonly labelSelector?: string | undefined;
}

export interface KubernetesReader {
  /** Where it is: host and port, for evidence; no credential. */
  readonly target: string;
  /** `v1.36.0` */
  version(deadlineMs: number): Promise<string>;
  pods(query: PodQuery, deadlineMs: number): AsyncIterable<readonly PodRecord[]>;
  /**
   * Pods of the query from now on, each time one of them changes or goes (`gone`). Goes on by itself through bookmarks,
   * closed connections and revisions that are too old (410: it lists again). Ends at the deadline, or when aborted.
   */
  watchPods(query: PodQuery, deadlineMs: number, signal?: AbortSignal): AsyncIterable<PodChange>;
  /** Events about pods with one of these reasons; all of them where the list is empty. */
  podEvents(query: PodEventQuery, deadlineMs: number): AsyncIterable<readonly PodEvent[]>;
  nodes(deadlineMs: number): AsyncIterable<readonly NodeRecord[]>;
  workloads(query: WorkloadQuery, deadlineMs: number): Promise<readonly WorkloadRecord[]>;
  cronJobs(deadlineMs: number): AsyncIterable<readonly CronJobRecord[]>;
  jobs(deadlineMs: number): AsyncIterable<readonly JobRecord[]>;
  budgets(namespace: string, deadlineMs: number): Promise<readonly BudgetRecord[]>;
  /**
   * How many pods that run this controller (ReplicaSet, StatefulSet, DaemonSet, Job) wants now; null: it is gone.
   * `unsupported`: a kind that is not known.
   */
  wantedBy(namespace: string, owner: Owner, deadlineMs: number): Promise<number | null>;
  etcdPods(query: PodQuery, deadlineMs: number): AsyncIterable<readonly EtcdPodRecord[]>;
  /** From the API server's own metrics. */
  storage(deadlineMs: number): Promise<readonly StoredResource[]>;
  /** Objects of Calico's CRDs (group crd.projectcalico.org/v1) as the API gives them; `unsupported`: not installed. */
  calico(resource: CalicoResource, deadlineMs: number): AsyncIterable<readonly unknown[]>;
  /** Whether our identity may do this; asked by `doctor`. */
  mayI(access: ResourceAccess | PathAccess, deadlineMs: number): Promise<boolean>;
}

export interface PodChange {
  readonly pod: PodRecord;
  readonly gone: boolean;
}

export interface PodEventQuery {
  readonly namespace: string | null;
  readonly reasons: readonly string[];
}

export interface WorkloadQuery {
  readonly kind: 'DaemonSet' | 'Deployment';
  readonly labelSelector: string;
}

export type CalicoResource =
  'ippools' | 'ipreservations' | 'ipamconfigs' | 'ipamblocks' | 'blockaffinities' | 'ipamhandles';

export interface ResourceAccess {
  readonly verb: 'get' | 'list' | 'watch' | 'create' | 'delete';
  readonly group: string;
  readonly resource: string;
  readonly subresource?: string | undefined;
}

/** For what is no object: `/metrics`. */
export interface PathAccess {
  readonly verb: 'get';
  readonly path: string;
}

/** What the API server said to an eviction. `protected`: a budget would be broken; `gone`: no such pod any more. */
export type Eviction =
  | { readonly kind: 'evicted' }
  | { readonly kind: 'gone' }
  | { readonly kind: 'protected'; readonly because: string };

/** Acting on one Kubernetes API. Sent once: no retry, whatever happens. */
export interface KubernetesOperator extends KubernetesReader {
  /** By the Eviction API (policy/v1), which respects budgets, and only the pod of exactly this uid. */
  evict(pod: ObjectRef, deadlineMs: number): Promise<Eviction>;
}

/** Hands out the connections of the process's role, by cluster name. Connects when asked first, never at the start. */
export interface KubernetesAccess {
  /** Null: the configuration names no Kubernetes for this cluster. */
  reader(cluster: string): KubernetesReader | null;
  /** Only where the role is `executor`; elsewhere a bug. Null as above. */
  operator(cluster: string): KubernetesOperator | null;
}
