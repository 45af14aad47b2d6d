import { setTimeout as pause } from 'node:timers/promises';

/** Until when all that one question takes has to be done. */
export interface Deadline {
  /** Whole milliseconds, as they are told. */
  readonly ms: number;
  /** Aborts at the deadline, and when the asker gives up. */
  readonly signal: AbortSignal;
  readonly left: () => number;
}

/** The client's library knows none: a hung API server would be waited for without end. */
export function makeDeadline(ms: number, stop?: AbortSignal): Deadline {
  const end = performance.now() + ms;
  const late = Math.max(1, Math.ceil(ms));
  return {
    ms: late,
    signal: stop ? either(late, stop) : AbortSignal.timeout(late),
    left: () => end - performance.now(),
  };
}

/** Not by AbortSignal.any, which holds a timer's signal weakly: once collected it would never abort. */
function either(ms: number, stop: AbortSignal): AbortSignal {
  const controller = new AbortController();
  const { signal } = controller;
  const timer = setTimeout(() => controller.abort(new DOMException('too late', 'TimeoutError')), ms);
  const giveUp = (): void => {
    clearTimeout(timer);
    controller.abort(stop.reason);
  };
  timer.unref();
  if (stop.aborted) giveUp();
  else stop.addEventListener('abort', giveUp, { once: true, signal });
  return signal;
}

/** The asker does not wait longer, though the work itself can't be stopped. */
export async function within<T>({ signal }: Deadline, work: Promise<T>): Promise<T> {
  signal.throwIfAborted();
  let stop: (() => void) | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    stop = () => reject(signal.reason as Error);
    signal.addEventListener('abort', stop);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    if (stop) signal.removeEventListener('abort', stop);
  }
}

/** False: the deadline comes first, so there is no use in waiting. */
export async function waitFor(ms: number, { signal, left }: Deadline): Promise<boolean> {
  if (signal.aborted || ms >= left()) return false;
  return pause(ms, true, { signal }).catch(() => false);
}

/** Waits, but not beyond the deadline. */
export async function rest(ms: number, { signal, left }: Deadline): Promise<void> {
  await pause(Math.max(0, Math.min(ms, left())), undefined, { signal }).catch(() => undefined);
}
