/**
 * Why a target (etcd, its metrics, Redis, Slack) did not do what it was asked.
 * - `unreachable`: no connection, so nothing was done; `timeout`: connected or not, no answer before the deadline
 * - `tls`: the handshake failed; `auth`: user, password or token refused; `denied`: known, but not allowed
 * - `wrong-cluster`: it answers with another cluster id than the one pinned
 * - `no-space`, `compacted`, `no-leader`, `not-leader`, `too-many-requests`: etcd's own refusals
 * - `unavailable`: the connection broke under way, so what was asked may have been done; `failed`: any other refusal
 * - `unsupported`: this version does not have the call; `not-read`: nobody asked for this fact
 */
export type TargetErrorCode =
  | 'unreachable'
  | 'timeout'
  | 'tls'
  | 'auth'
  | 'denied'
  | 'wrong-cluster'
  | 'no-space'
  | 'compacted'
  | 'no-leader'
  | 'not-leader'
  | 'too-many-requests'
  | 'unsupported'
  | 'not-read'
  | 'unavailable'
  | 'failed';

/** A target's refusal or failure. Made only in adapters; everything else that is thrown is a bug. */
export class TargetError extends Error {
  readonly code: TargetErrorCode;
  /** What was asked: an endpoint, `redis`, `slack`. */
  readonly target: string;
  readonly retryable: boolean;

  // eslint-disable-next-line max-params -- an error takes what, where and why, and the rest by name
  constructor(code: TargetErrorCode, target: string, message: string, options: TargetErrorOptions = {}) {
    super(message, options.cause === undefined ? {} : { cause: options.cause });
    this.name = 'TargetError';
    this.code = code;
    this.target = target;
    this.retryable = options.retryable ?? false;
  }
}

export interface TargetErrorOptions {
  readonly retryable?: boolean;
  readonly cause?: unknown;
}

/** An expected yes or no. A no always carries a sentence for the person who asked. */
export type Verdict<T = undefined> = { readonly ok: true; readonly value: T } | Refusal;

export interface Refusal {
  readonly ok: false;
  readonly reason: string;
  /** What can be done instead; whole sentences. */
  readonly instead?: readonly string[];
  /** User ids that the reason names, as `<@ID>`. */
  readonly people?: readonly string[];
  /** It passes by itself, within minutes. */
  readonly passes?: boolean;
}

export function yes<T>(value: T): Verdict<T> {
  return { ok: true, value };
}

export function no(reason: string, instead: readonly string[] = []): Refusal {
  return { ok: false, reason, instead };
}
