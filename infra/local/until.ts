import { setTimeout as delay } from 'node:timers/promises';

export interface UntilOptions {
  /** Names the condition in the error: "until <what>". */
  what: string;
  /** Long by default: only what fails takes it, and the busiest machine should not fail. */
  timeoutMs?: number;
  everyMs?: number;
}

type Falsy = false | 0 | '' | null | undefined;

/** Waits until the condition gives something truthy, and returns that. A condition that throws is not yet met. */
export async function until<T>(
  condition: () => T | Promise<T>,
  { what, timeoutMs = 30_000, everyMs = 50 }: UntilOptions,
): Promise<Exclude<T, Falsy>> {
  const deadline = Date.now() + timeoutMs;
  let lastError: unknown;
  do {
    try {
      const value = await within(condition(), Math.max(1, deadline - Date.now()));
      if (value) return value as Exclude<T, Falsy>;
      lastError = undefined;
    } catch (error) {
      lastError = error;
    }
    await delay(Math.min(everyMs, Math.max(0, deadline - Date.now())));
  } while (Date.now() < deadline);
  throw timedOut(what, timeoutMs, lastError);
}

/** A condition that hangs must not outlive the deadline either. */
async function within<T>(value: T | Promise<T>, ms: number): Promise<T> {
  const timer = new AbortController();
  const expired = delay(ms, undefined, { signal: timer.signal }).then(() => {
    throw new Error(`no answer within ${ms} ms`);
  });
  expired.catch(() => {});
  try {
    return await Promise.race([value, expired]);
  } finally {
    timer.abort();
  }
}

function timedOut(what: string, timeoutMs: number, cause: unknown): Error {
  const detail =
    cause === undefined ? '' : `: ${cause instanceof Error ? cause.message : JSON.stringify(cause)}`;
  return new Error(`Waited ${timeoutMs} ms in vain until ${what}${detail}`, { cause });
}
