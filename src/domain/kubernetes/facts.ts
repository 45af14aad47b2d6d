import type {
  EtcdPodRecord,
  NodeRecord,
  Owner,
  PodRecord,
  StoredResource,
  WorkloadRecord,
} from './records.js';

/* What the facts about a Kubernetes cluster hold. */

/**
 * Why a pod hangs, as far as its own state and its events tell.
 * - `address-refused`: the datastore of its address refused the write (Calico's etcd, or what looks like it)
 * - `pool-exhausted`: no address is left; `network`: its network could not be set up for another reason
 * - `image`, `volume`, `config`: what it needs can't be had; `scheduling`: no node takes it; `node`: its node is not well
 * - `unknown`: neither its state nor an event says why
 */
export type HangCause =
  | 'address-refused'
  | 'pool-exhausted'
  | 'network'
  | 'image'
  | 'volume'
  | 'config'
  | 'scheduling'
  | 'node'
  | 'unknown';

export interface HangingPod extends Pick<
  PodRecord,
  'namespace' | 'name' | 'uid' | 'node' | 'createdAt' | 'labels'
> {
  /** Since when it should have been running: since it was given a node, or was created. */
  readonly since: number;
  readonly cause: HangCause;
  /** `certain`: the words name it; `likely`: the words fit it, and others too. */
  readonly confidence: 'certain' | 'likely';
  /** The kubelet's or scheduler's own words, shortened; null: none. */
  readonly words: string | null;
  /** When an event said them last; absent: they are the pod's own. */
  readonly saidAt?: number;
  readonly owner: Owner | null;
}

export interface HangingPods {
  /** Longest-hanging first; at most `MOST_HANGING_KEPT` of each cause. */
  readonly hanging: readonly HangingPod[];
  /** How many hang of each cause, also those that are not listed. */
  readonly counts: Readonly<Partial<Record<HangCause, number>>>;
  /** A pod counts as hanging after so long, milliseconds. */
  readonly afterMs: number;
  /** False: events could not be read, so causes are guessed from the pods' own state. */
  readonly withEvents: boolean;
  /** Why they could not be read. */
  readonly blindBecause?: string;
}

/** CronJobs by how many pods they start. */
export interface CronJobPace {
  readonly namespace: string;
  readonly name: string;
  readonly schedule: string;
  readonly suspended: boolean;
  readonly podsPerHour: number;
  /** `counted`: from the Jobs of the last hour; `planned`: from its schedule. */
  readonly basis: 'counted' | 'planned';
}

export interface CalicoParts {
  /** Null: there is no such DaemonSet (or Deployment). */
  readonly node: WorkloadRecord | null;
  readonly controllers: WorkloadRecord | null;
}

export interface StoredResources {
  /** Most bytes first, then most objects. */
  readonly resources: readonly StoredResource[];
}

export type { EtcdPodRecord, NodeRecord };
