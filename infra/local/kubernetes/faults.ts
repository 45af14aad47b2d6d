import type { Watch } from './api/watch.js';

/** Which requests a fault is for; all that is left out fits. */
export interface FaultFilter {
  method?: string;
  /** In the path, as written or by a pattern. */
  path?: string | RegExp;
}

export interface Faults {
  /** The next so many requests are answered as by an overloaded server: 429, with Retry-After in seconds. */
  tooManyRequests(count: number, options?: FaultFilter & { retryAfter?: number }): void;
  /** Every answer comes so much later; 0 ends it. */
  slow(ms: number, filter?: FaultFilter): void;
  /** The next so many requests are answered with this code and text, as by a proxy in front. */
  answer(count: number, options: FaultFilter & { code: number; body?: string }): void;
  /** Connections are cut without an answer, until `comeBack`. */
  goAway(filter?: FaultFilter): void;
  comeBack(): void;
  /** All tokens given out so far, and all revisions for watches up to now, are too old: 410. */
  expireContinueTokens(): void;
  /** Ends all open watches. `gone` also makes their revisions too old. */
  closeWatches(how: 'end' | 'drop' | 'gone'): void;
}

/** What a fault does to one request. */
export interface Verdict {
  delayMs: number;
  cut: boolean;
  instead?: { code: number; body: string; headers?: Record<string, string> };
}

export interface FaultScript extends Faults {
  of(method: string, path: string): Verdict;
}

interface Planned {
  left: number;
  filter: FaultFilter;
  instead: NonNullable<Verdict['instead']>;
}

// Plain text, as the server answers before it has looked at what is asked.
const OVERLOADED = 'Too many requests, please try again later.\n';

export function makeFaults(watches: Set<Watch>, forget: () => void): FaultScript {
  let planned: Planned[] = [];
  let slowness: { ms: number; filter: FaultFilter } = { ms: 0, filter: {} };
  let away: FaultFilter | undefined;
  const close = (how: 'end' | 'drop' | 'gone'): void => [...watches].forEach((watch) => watch.close(how));

  return {
    tooManyRequests(count, { retryAfter = 1, ...filter } = {}) {
      const headers = { 'Retry-After': String(retryAfter) };
      planned.push({ left: count, filter, instead: { code: 429, body: OVERLOADED, headers } });
    },
    answer(count, { code, body = '', ...filter }) {
      planned.push({ left: count, filter, instead: { code, body } });
    },
    slow: (ms, filter = {}) => void (slowness = { ms, filter }),
    goAway(filter = {}) {
      away = filter;
      close('drop');
    },
    comeBack: () => void (away = undefined),
    expireContinueTokens: forget,
    closeWatches(how) {
      if (how === 'gone') forget();
      close(how);
    },
    of(method, path) {
      const next = planned.find(({ filter }) => fits(filter, { method, path }));
      if (next) next.left--;
      planned = planned.filter(({ left }) => left > 0);
      return {
        delayMs: fits(slowness.filter, { method, path }) ? slowness.ms : 0,
        cut: away !== undefined && fits(away, { method, path }),
        ...(next ? { instead: next.instead } : {}),
      };
    },
  };
}

function fits(filter: FaultFilter, request: { method: string; path: string }): boolean {
  if (filter.method && filter.method !== request.method) return false;
  if (filter.path === undefined) return true;
  return typeof filter.path === 'string'
    ? request.path.includes(filter.path)
    : filter.path.test(request.path);
}
