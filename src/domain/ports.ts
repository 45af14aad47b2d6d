import type { Person } from './actor.js';
import type { Answer, Question } from './answer.js';
import type { Operation } from './operation.js';
import type { Pause } from './pause.js';
import type { SeenRevision } from './runbook.js';
import type { Snapshot } from './snapshot.js';

export type * from './alerting/ports.js';
export type * from './audit.js';
export type * from './etcd.js';
export type { Looks } from './keys/report.js';
export type * from './keyspace.js';
export type * from './kubernetes/ports.js';
export type * from './outbox.js';

/** Wall clock and waiting, handed in so that tests can hold the time. */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Resolves after so many milliseconds, or at once when the signal aborts. */
  pause(ms: number, signal?: AbortSignal): Promise<void>;
}

export interface Ids {
  /** Opaque, unguessable, safe in a button and in a job id (no colon). */
  next(): string;
}

/** Files of the executor's machine, for backups. */
export interface BackupStore {
  /** Bytes that can still be written there; creates the directory (0700) where it is missing. */
  freeBytes(directory: string): Promise<number>;
  /** Writes to a temporary name (0600), checks the trailing SHA-256, then gives it its name. */
  save(
    path: { directory: string; name: string },
    content: AsyncIterable<Uint8Array>,
    onBytes: OnBytes,
  ): Promise<SavedBackup>;
  /** A finished backup by its name; null where there is none. */
  find(directory: string, name: string): Promise<Pick<SavedBackup, 'path' | 'bytes'> | null>;
  /** Removes all but the newest `keep` backups whose names begin with the prefix; answers what it removed. */
  prune(directory: string, prefix: string, keep: number): Promise<readonly string[]>;
}

/** Told how many bytes have been written so far. */
export type OnBytes = (bytes: number) => void;

export interface SavedBackup {
  readonly path: string;
  readonly bytes: number;
  readonly sha256: string;
}

/** The newest samples and last readings of every cluster. */
export interface SampleStore {
  newest(cluster: string): Promise<Snapshot | null>;
  save(snapshot: Snapshot): Promise<void>;
  /** Binds the name to the id at first contact; answers the id that it is bound to. */
  pin(cluster: string, clusterId: string): Promise<string>;
  pinned(cluster: string): Promise<string | null>;
  /** Member ids by endpoint, as they answered last. */
  owners(cluster: string): Promise<Readonly<Record<string, string>>>;
  remember(cluster: string, owners: Readonly<Record<string, string>>): Promise<void>;
  /** The revisions of the last day, oldest first, about one a minute. */
  revisions(cluster: string): Promise<readonly SeenRevision[]>;
}

export interface AnswerStore {
  save(answer: Answer): Promise<void>;
  load(id: string): Promise<Answer | null>;
}

/**
 * Operations, each one record. `swap` runs `change` on the newest record and writes it by compare-and-swap, again
 * when somebody was faster, so `change` must be pure. The time that it gets is the store's own clock, and the swap
 * is refused when that clock has passed `notAfter` of the changed record meanwhile.
 */
export interface OperationStore {
  create(operation: Operation): Promise<void>;
  load(id: string): Promise<Operation | null>;
  swap(id: string, change: Change): Promise<Swapped>;
  recent(limit: number, cluster?: string): Promise<readonly Operation[]>;
  /** Those that somebody still has to look after: see `isOpen`. */
  open(): Promise<readonly Operation[]>;
  /** Milliseconds since the epoch, by the store's clock. */
  now(): Promise<number>;
  /** False: replicas are configured, and none of them has acknowledged what was written last. */
  replicated(): Promise<boolean>;
}

export type Change = (operation: Operation, now: number) => ChangeResult;

export type ChangeResult =
  | { readonly ok: true; readonly operation: Operation; readonly notAfter?: number | undefined }
  | { readonly ok: false; readonly reason: string };

export type Swapped =
  | { readonly ok: true; readonly operation: Operation }
  | { readonly ok: false; readonly reason: string; readonly operation: Operation | null };

/**
 * One operation per cluster at a time, on its name and on its cluster id. Held by an operation, not by a process, until
 * the swap that ends the operation.
 */
export interface Locks {
  /** Answers the fence, a number that grows with every acquisition; null: held by another operation. */
  acquire(cluster: string, clusterId: string, operationId: string): Promise<number | null>;
  holder(cluster: string, clusterId: string): Promise<string | null>;
  /** A sign of life of the process that runs the operation; it goes silent by itself. */
  beat(operationId: string, ttlMs: number): Promise<void>;
  alive(operationId: string): Promise<boolean>;
}

/** Clusters for which nothing starts now. */
export interface Pauses {
  /** The pause that holds for this cluster: its own, else the one of all clusters. */
  holding(cluster: string): Promise<Pause | null>;
  list(): Promise<readonly Pause[]>;
  set(pause: Pause): Promise<void>;
  /** Answers the pause that was lifted; null: there was none. */
  lift(scope: string): Promise<Pause | null>;
}

/**
 * One-use tokens that this machine has consumed, kept outside Redis: a Redis that was set back, or a record that somebody
 * wrote back after its use, starts nothing a second time.
 */
export interface SpentTokens {
  /** True: it is spent now, and on the disk. False: it had been spent before. */
  spend(token: string): Promise<boolean>;
}

/** How often somebody may ask. */
export interface Limits {
  /** False: `key` has been used `most` times within the last `perMs` already. */
  take(key: string, most: number, perMs: number): Promise<boolean>;
}

/** Questions that wait for what a modal asks: by opaque id, for half an hour, taken once. */
export interface Drafts {
  keep(question: Question): Promise<void>;
  take(id: string): Promise<Question | null>;
}

/** Asking for work. Each call returns once the job is in Redis, or fails within a second. */
export interface Jobs {
  ask(job: QuestionJob, question: Question): Promise<void>;
  /** The job carries the id only; `turn` keeps a handed-over run apart from the one before. */
  run(operationId: string, turn: number): Promise<void>;
  watch(operationId: string, inMs: number): Promise<void>;
}

/** Jobs that answer a question: file names in `jobs`. */
export type QuestionJob =
  | 'examine'
  | 'propose'
  | 'list-clusters'
  | 'list-operations'
  | 'list-history'
  | 'list-incidents'
  | 'pause'
  | 'resume'
  | 'mute'
  | 'unmute'
  | 'scan-keys'
  | 'watch-churn';

/** What Slack knows of people; fails with a TargetError when it does not answer. Cached for minutes. */
export interface Directory {
  person(userId: string): Promise<Person>;
  isMember(channel: string, userId: string): Promise<boolean>;
  /** Shared with another organisation, or about to be; false where Slack does not say. */
  isShared(channel: string): Promise<boolean>;
  groupMembers(groupId: string): Promise<readonly string[]>;
}

/** Signs approvals, so that whoever can write to Redis still can't start anything. */
export interface Signer {
  sign(text: string): string;
  verify(text: string, signature: string): boolean;
}

export interface Log {
  info(fields: Readonly<Record<string, unknown>>, message: string): void;
  warn(fields: Readonly<Record<string, unknown>>, message: string): void;
  error(fields: Readonly<Record<string, unknown>>, message: string): void;
}
