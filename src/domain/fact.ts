import type { TargetErrorCode } from './errors.js';

/** Something read from a target at one moment. What could not be read says why, and is never taken for good news. */
export type Fact<T> = Known<T> | Unknown;

export interface Known<T> {
  readonly known: true;
  readonly value: T;
  /** When it was read, milliseconds since the epoch. */
  readonly at: number;
  /** How long the reading took, milliseconds. */
  readonly tookMs: number;
}

export interface Unknown {
  readonly known: false;
  readonly code: TargetErrorCode;
  /** One sentence for a person; holds no secret. */
  readonly reason: string;
  readonly at: number;
  readonly tookMs: number;
}

export function known<T>(value: T, at = 0, tookMs = 0): Known<T> {
  return { known: true, value, at, tookMs };
}

// eslint-disable-next-line max-params -- the fields of a plain record, in their order
export function unknown(code: TargetErrorCode, reason: string, at = 0, tookMs = 0): Unknown {
  return { known: false, code, reason, at, tookMs };
}

/** The value, or undefined where it could not be read. */
export function valueOf<T>(fact: Fact<T> | undefined): T | undefined {
  return fact?.known ? fact.value : undefined;
}
