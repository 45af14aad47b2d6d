import type { Courier } from './courier.js';
import type { JsonObject } from './json.js';
import type { BotSockets } from './sockets.js';

/**
 * `rate_limited`: 429 with Retry-After. `timeout`: never an answer, nothing done. `ok-but-lost-answer`: done, but
 * the connection breaks before the answer. `connection-reset`: it breaks before anything is done. A number is an
 * HTTP status, any other word an error that Slack names.
 */
export type FaultStatus =
  number | 'rate_limited' | 'timeout' | 'ok-but-lost-answer' | 'connection-reset' | (string & {});

export interface FaultOptions {
  status: FaultStatus;
  /** How many calls; left out: 1. */
  times?: number;
  /** Seconds; left out: 1. */
  retryAfter?: number;
}

export interface LoggedCall {
  method: string;
  at: number;
  body: JsonObject;
  /** Of a post to a response_url: which one, its last part. */
  response?: string;
}

export interface Faults {
  /** Scripts the next calls of a method; posts to a response_url are `response_url`, a file's bytes `upload`. */
  fail(method: string | RegExp, options: FaultOptions): void;
  /** The Web API answers 503, and the bot's sockets are closed and refused. */
  outage(on: boolean): void;
  /** Sends each of the next n envelopes once more, marked as Slack's retry. */
  duplicateEnvelopes(n: number): void;
  /** Slack's routine refresh: tells every bot socket to connect anew. */
  disconnectSockets(): void;
  /** Holds every call of the method that long before it is done. */
  delay(method: string, ms: number): void;
  counts(): Record<string, number>;
  log(): LoggedCall[];
  /** Takes every fault back and forgets the log. */
  clear(): void;
}

export interface Fault {
  status: FaultStatus;
  retryAfter: number;
}

/** What tests asked for, and what the proxy asks of it. */
export interface FaultScript extends Pick<Faults, 'fail' | 'delay' | 'counts' | 'log' | 'clear'> {
  setOut(on: boolean): void;
  isOut(): boolean;
  record(call: LoggedCall): void;
  nextFor(method: string): Fault | undefined;
  delayOf(method: string): number;
}

interface Scripted extends Fault {
  matches: (method: string) => boolean;
  left: number;
}

export function makeFaultScript(): FaultScript {
  let scripted: Scripted[] = [];
  let calls: LoggedCall[] = [];
  let out = false;
  const delays = new Map<string, number>();
  return {
    isOut: () => out,
    setOut: (on) => void (out = on),
    fail(method, { status, times = 1, retryAfter = 1 }) {
      const matches = (name: string): boolean =>
        typeof method === 'string' ? name === method : method.test(name);
      scripted.push({ status, retryAfter, left: times, matches });
    },
    delay: (method, ms) => void delays.set(method, ms),
    counts: () => countBy(calls.map(({ method }) => method)),
    log: () => [...calls],
    clear() {
      scripted = [];
      calls = [];
      delays.clear();
      out = false;
    },
    record: (call) => void calls.push(call),
    nextFor(method) {
      const next = scripted.find(({ left, matches }) => left > 0 && matches(method));
      if (next !== undefined) next.left -= 1;
      return next;
    },
    delayOf: (method) => delays.get(method) ?? 0,
  };
}

export function makeFaults(script: FaultScript, sockets: BotSockets, courier: Courier): Faults {
  const { fail, delay, counts, log, clear } = script;
  return {
    ...{ fail, delay, counts, log, clear },
    outage(on) {
      script.setOut(on);
      if (on) sockets.drop();
    },
    duplicateEnvelopes: courier.duplicate,
    disconnectSockets: sockets.refresh,
  };
}

function countBy(names: string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const name of names) counts[name] = (counts[name] ?? 0) + 1;
  return counts;
}
