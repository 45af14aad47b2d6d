import type { ApiRequest } from './api/request.js';

export interface LoggedRequest {
  readonly at: number;
  readonly method: string;
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  /** As the authorisation calls it: list, watch, get, create, delete. */
  readonly verb: string;
  /** Null: nobody that is known. */
  readonly user: string | null;
  /** Null: no answer yet, or none at all. */
  status: number | null;
  /** What an eviction was asked with; null: another request, or no answer yet. */
  body: Readonly<Record<string, unknown>> | null;
}

export interface RequestLog {
  add(request: ApiRequest, user: string | null): LoggedRequest;
  all(): readonly LoggedRequest[];
  clear(): void;
}

const MOST_KEPT = 20_000;

export function makeRequestLog(now: () => number): RequestLog {
  let entries: LoggedRequest[] = [];
  return {
    add({ method, path, query, verb }, user) {
      const asked = { method, path, query: Object.fromEntries(query), verb, user };
      const entry: LoggedRequest = { at: now(), ...asked, status: null, body: null };
      entries.push(entry);
      if (entries.length > 2 * MOST_KEPT) entries = entries.slice(-MOST_KEPT);
      return entry;
    },
    all: () => entries,
    clear: () => void (entries = []),
  };
}
