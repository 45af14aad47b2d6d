import type { CronJobPace } from '../kubernetes/facts.js';
import type { StoredResource } from '../kubernetes/records.js';

/* What came of looking at a cluster's keys. Plain data, and never a value among it. */

/**
 * `waiting`: for another look at the same cluster; `running`; `done`; `cancelled` and `stopped`: what was seen until then
 * stands.
 */
export type LookState = 'waiting' | 'running' | 'done' | 'cancelled' | 'stopped';

interface Look {
  readonly state: LookState;
  /** As it was asked for; '': everything. */
  readonly prefix: string;
  /** Null: nothing was read yet. */
  readonly member: LookedAt | null;
  readonly startedAt: number;
  readonly tookMs: number;
  /** Why it stopped early; who cancelled it. */
  readonly reason: string | null;
  readonly cancelledBy: string | null;
  /** Prefixes that were folded into their folders, because there were too many to keep apart. */
  readonly folded: number;
}

export interface LookedAt {
  readonly label: string;
  readonly role: 'leader' | 'follower';
}

export interface KeysReport extends Look {
  /** The first and the last revision that was read; the same where no compaction came between. */
  readonly revisions: readonly [number, number] | null;
  /** How many keys there are, as the member said when it began; null: not yet. */
  readonly about: number | null;
  /** Keys a second; null: as fast as it goes. */
  readonly rate: number | null;
  /** `all`: every value's length was read. */
  readonly bytesBy: 'sample' | 'all';
  /** How many values' lengths were read. */
  readonly sizesRead: number;
  readonly total: KeyFigures;
  /** Most bytes first. */
  readonly rows: readonly KeyRow[];
  readonly largest: readonly SizedKey[];
  /** What the API server says that it stores most of; null: this cluster is none's. */
  readonly stored: readonly StoredResource[] | 'unknown' | null;
  /** When this prefix was looked at last; null: never, or too long ago. */
  readonly before: { readonly at: number; readonly keys: number; readonly bytes: number } | null;
}

export interface KeyFigures {
  readonly keys: number;
  readonly revisions: number;
  /** Keys and values together. */
  readonly bytes: number;
  /** Plus or minus, with 95 % confidence; 0: exact. */
  readonly margin: number;
}

export interface KeyRow extends KeyFigures {
  readonly prefix: string;
  readonly name: string | null;
  /** How many prefixes it stands for. */
  readonly prefixes: number;
  readonly before: { readonly keys: number; readonly bytes: number } | null;
}

export interface SizedKey {
  readonly key: string;
  readonly name: string | null;
  readonly bytes: number;
}

export interface ChurnReport extends Look {
  /** How long it was to be watched, and was, milliseconds. */
  readonly forMs: number;
  readonly watchedMs: number;
  readonly total: ChurnFigures;
  /** Most writes first. */
  readonly rows: readonly ChurnRow[];
  readonly keys: readonly ChurnedKey[];
  /** Keys that were created; writes with a lease, and how many leases. */
  readonly created: number;
  readonly leased: number;
  readonly leases: number;
  /** Those that start most pods; null: no Kubernetes, or nobody reads it; `unknown`: it could not be read. */
  readonly cronJobs: readonly CronJobPace[] | 'unknown' | null;
}

export interface ChurnFigures {
  readonly writes: number;
  readonly deletes: number;
  /** Keys and values that were written. */
  readonly bytes: number;
}

export interface ChurnRow extends ChurnFigures {
  readonly prefix: string;
  readonly name: string | null;
  readonly prefixes: number;
}

export interface ChurnedKey extends ChurnFigures {
  readonly key: string;
  readonly name: string | null;
}

/** What is remembered of a look that was finished. */
export interface PastLook {
  readonly at: number;
  readonly total: { readonly keys: number; readonly bytes: number };
  /** By prefix. */
  readonly rows: Readonly<Record<string, { readonly keys: number; readonly bytes: number }>>;
}

export interface Looks {
  last(cluster: string, prefix: string): Promise<PastLook | null>;
  remember(cluster: string, prefix: string, look: PastLook): Promise<void>;
  /** Who asked that the look be stopped; null: nobody. */
  cancelled(id: string): Promise<string | null>;
  cancel(id: string, userId: string): Promise<void>;
  /** One look at a cluster at a time, held by its id until it is given back or not taken again within the time. */
  take(cluster: string, id: string, ttlMs: number): Promise<boolean>;
  giveBack(cluster: string, id: string): Promise<void>;
}
