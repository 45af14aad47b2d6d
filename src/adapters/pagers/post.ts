import { ask } from '../http/ask.js';

const TIMEOUT_MS = 5000;

export interface Posting {
  /** The pager's name. */
  readonly target: string;
  readonly url: string;
  readonly body: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly timeoutMs?: number | undefined;
}

export function postJson({ target, url, body, headers, timeoutMs = TIMEOUT_MS }: Posting): Promise<void> {
  const all = { 'content-type': 'application/json', 'user-agent': 'etcd-steward', ...headers };
  return ask({ target: `the pager ${target}`, url, method: 'POST', headers: all, body, timeoutMs });
}

/** A path under a base that may have one of its own, and may end with a slash. */
export function under(base: string, path: string): string {
  return `${base.replace(/\/+$/, '')}${path}`;
}

/** Milliseconds since the epoch as RFC 3339. */
export function moment(at: number): string {
  return new Date(at).toISOString();
}

/** By whole characters. */
export function shortened(text: string, longest: number): string {
  if (text.length <= longest) return text;
  return `${text.slice(0, longest - 1).replace(/[\ud800-\udbff]$/, '')}…`;
}
