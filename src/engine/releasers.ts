import type { Log } from '../domain/ports.js';

/** Whoever opens something pushes its undo; the end undoes in reverse order, all of it, once. */
export interface Releasers {
  push(what: string, release: () => Promise<unknown> | undefined): void;
  releaseAll(): Promise<void>;
}

export function makeReleasers(log: Log): Releasers {
  const stack: { readonly what: string; readonly release: () => Promise<unknown> | undefined }[] = [];
  return {
    push: (what, release) => stack.push({ what, release }),
    async releaseAll() {
      for (let last = stack.pop(); last; last = stack.pop()) {
        try {
          await last.release();
        } catch (error) {
          log.warn({ what: last.what, err: error }, 'could not be closed');
        }
      }
    },
  };
}
