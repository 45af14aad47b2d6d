/*
 * What is read from a Kubernetes API, in the few fields that are used here. Times are milliseconds since the epoch.
 * Made by the adapter from the API's own objects; plain data, so that it can be saved with a snapshot.
 */

/** One object for good: another one of the same name has another uid. */
export interface ObjectRef {
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
}

/** The owner that recreates or counts it (`controller: true`). */
export interface Owner {
  readonly kind: string;
  readonly name: string;
  readonly uid: string;
}

export interface PodRecord extends ObjectRef {
  readonly labels: Readonly<Record<string, string>>;
  /** Null: no node has been found for it yet. */
  readonly node: string | null;
  readonly phase: 'Pending' | 'Running' | 'Succeeded' | 'Failed' | 'Unknown';
  readonly createdAt: number;
  readonly scheduledAt: number | null;
  /** The scheduler's own words where it finds no node; null: it found one, or has not tried. */
  readonly unschedulable: string | null;
  /** Its containers that wait, with the kubelet's reason: `ContainerCreating`, `ImagePullBackOff`, … */
  readonly waiting: readonly { readonly reason: string; readonly message: string | null }[];
  /** Every address that it was given; empty: none yet. */
  readonly addresses: readonly string[];
  readonly ready: boolean;
  /** It uses its node's own network, and needs no address of its own. */
  readonly hostNetwork: boolean;
  readonly deletingSince: number | null;
  readonly owner: Owner | null;
}

/** What the kubelet, the scheduler or a controller tells of a pod. Kept by Kubernetes for an hour by default. */
export interface PodEvent {
  readonly namespace: string;
  readonly pod: string;
  /** Empty: the event does not say which of that name. */
  readonly podUid: string;
  readonly reason: string;
  readonly message: string;
  readonly count: number;
  readonly firstAt: number;
  readonly lastAt: number;
}

export interface NodeRecord {
  readonly name: string;
  /** `Unknown`: its kubelet has not been heard of. */
  readonly ready: 'True' | 'False' | 'Unknown';
  /** Conditions that are not as they should be, beside Ready: DiskPressure, MemoryPressure, PIDPressure, NetworkUnavailable. */
  readonly troubles: readonly {
    readonly type: string;
    readonly reason: string;
    readonly message: string;
    readonly since: number | null;
  }[];
  readonly cordoned: boolean;
  readonly kubelet: string;
}

/** A DaemonSet or a Deployment. */
export interface WorkloadRecord extends ObjectRef {
  readonly kind: 'DaemonSet' | 'Deployment';
  readonly desired: number;
  readonly ready: number;
  readonly image: string;
  /** Plain values of its first container's environment; what comes from Secrets or ConfigMaps is left out. */
  readonly env: Readonly<Record<string, string>>;
}

export interface CronJobRecord extends ObjectRef {
  readonly schedule: string;
  readonly timeZone: string | null;
  readonly suspended: boolean;
  /** Pods that one run starts when none fails. */
  readonly podsPerRun: number;
  readonly active: number;
  readonly lastScheduledAt: number | null;
}

export interface JobRecord extends ObjectRef {
  readonly createdAt: number;
  readonly owner: Owner | null;
  /** Pods of it that are at work, went well, or failed. */
  readonly active: number;
  readonly succeeded: number;
  readonly failed: number;
}

/** Null: selects nothing (absent); an empty one selects every pod of its namespace. */
export interface LabelSelector {
  readonly labels: Readonly<Record<string, string>>;
  readonly expressions: readonly {
    readonly key: string;
    readonly operator: 'In' | 'NotIn' | 'Exists' | 'DoesNotExist';
    readonly values: readonly string[];
  }[];
}

/** A PodDisruptionBudget. */
export interface BudgetRecord extends ObjectRef {
  readonly selector: LabelSelector | null;
  readonly disruptionsAllowed: number;
  readonly currentHealthy: number;
  readonly desiredHealthy: number;
}

/** A pod that runs etcd: a static pod of kubeadm, Calico's own, or another that says so by its labels. */
export interface EtcdPodRecord extends PodRecord {
  readonly image: string;
  /** Flags of its command line, without the dashes: `quota-backend-bytes` → `8589934592`. */
  readonly flags: Readonly<Record<string, string>>;
  /** `ETCD_…` variables with plain values, which mean the same as flags. */
  readonly env: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly hostAddress: string | null;
}

/** How much the API server stores of one resource. */
export interface StoredResource {
  /** Empty: the core group. */
  readonly group: string;
  readonly resource: string;
  /** Null: the API server does not say. */
  readonly objects: number | null;
  readonly bytes: number | null;
}
