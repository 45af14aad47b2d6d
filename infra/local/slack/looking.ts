export interface WatchOptions {
  what: string;
  timeoutMs?: number;
}

/** Waits for something to be seen, without asking again and again: whoever changes something says so. */
export interface Looking {
  /** Looks at once, and whenever something changed, until there is something. */
  until<T>(look: () => T | undefined, options: WatchOptions): Promise<T>;
  changed(): void;
}

const defaultTimeoutMs = 10_000;

export function makeLooking(): Looking {
  const looks = new Set<() => void>();

  function until<T>(
    look: () => T | undefined,
    { what, timeoutMs = defaultTimeoutMs }: WatchOptions,
  ): Promise<T> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        looks.delete(again);
        reject(new Error(`Waited ${timeoutMs} ms in vain until ${what}`));
      }, timeoutMs);
      const settle = (): void => {
        clearTimeout(timer);
        looks.delete(again);
      };
      const again = (): void => {
        try {
          const found = look();
          if (found === undefined) return;
          settle();
          resolve(found);
        } catch (error) {
          settle();
          reject(error instanceof Error ? error : new Error(String(error)));
        }
      };
      looks.add(again);
      again();
    });
  }

  return { until, changed: () => [...looks].forEach((look) => look()) };
}
