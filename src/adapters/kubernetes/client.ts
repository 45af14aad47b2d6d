import type { IncomingMessage } from 'node:http';
import type { PathAccess, ResourceAccess } from '../../domain/kubernetes/ports.js';
import type { Credentials, Entry } from './credentials.js';
import { waitFor, within, type Deadline } from './deadline.js';
import { Refused, targetError, Unreadable } from './errors.js';
import { bodyOf, send, StaleConnection } from './wire.js';

/** One request. `right`: what it takes, for the sentence that says that it is missing. */
export interface Call {
  readonly path: string;
  readonly query?: Readonly<Record<string, string | undefined>> | undefined;
  /** Sent by POST. */
  readonly body?: unknown;
  readonly right: ResourceAccess | PathAccess;
}

/** Asks one API server, authenticated. */
export interface Client {
  readonly target: string;
  /** An answer whose body is still to come. Asked again where that can't do harm: never more than a read. */
  open(call: Call, deadline: Deadline): Promise<IncomingMessage>;
  json(call: Call, deadline: Deadline): Promise<unknown>;
  /** Sent once, whatever happens. A no comes as `Refused`. */
  act(call: Call, deadline: Deadline): Promise<void>;
  /** Fails with a TargetError instead of what the network threw. */
  guarded<T>(work: () => Promise<T>, call: Pick<Call, 'right'>, deadline: Deadline): Promise<T>;
}

const READ_MAX_AGE_MS = 60_000;
/** An act that was refused for its token is not repeated. */
const ACT_MAX_AGE_MS = 10_000;
const WITHOUT_RETRY_AFTER_MS = 1000;
/** What a refusal says is short. */
const MOST_REFUSAL_LENGTH = 64 * 1024;

export function makeClient(target: string, credentials: Credentials): Client {
  async function open(call: Call, deadline: Deadline): Promise<IncomingMessage> {
    let renewed = false;
    for (;;) {
      const entry = await within(deadline, credentials.entry(READ_MAX_AGE_MS));
      const response = await answered(entry, call, deadline);
      if (isYes(response)) return response;
      const refused = await refusalOf(response);
      if (refused.status === 401 && !renewed) {
        renewed = true;
        credentials.forget(entry);
        continue;
      }
      if (refused.status !== 429) throw refused;
      if (!(await waitFor(refused.retryAfterMs ?? WITHOUT_RETRY_AFTER_MS, deadline))) throw refused;
    }
  }

  async function guarded<T>(
    work: () => Promise<T>,
    { right }: Pick<Call, 'right'>,
    deadline: Deadline,
  ): Promise<T> {
    try {
      return await work();
    } catch (error) {
      throw targetError(error, { target, right, deadline, act: false });
    }
  }

  return {
    target,
    open,
    guarded,
    json: async (call, deadline) => parsed(await bodyOf(await open(call, deadline))),
    async act(call, deadline) {
      const entry = await within(deadline, credentials.entry(ACT_MAX_AGE_MS));
      const response = await send(sendingOf({ ...entry, agent: entry.onceAgent }, call, deadline));
      if (isYes(response)) {
        response.resume();
        return;
      }
      const refused = await refusalOf(response);
      if (refused.status === 401) credentials.forget(entry);
      throw refused;
    },
  };
}

/** Once more where the connection that was kept had been closed meanwhile: then nothing was done. */
async function answered(entry: Entry, call: Call, deadline: Deadline): Promise<IncomingMessage> {
  const sending = sendingOf(entry, call, deadline);
  return send(sending).catch((error: unknown) => {
    if (!(error instanceof StaleConnection)) throw error;
    return send({ ...sending, agent: entry.onceAgent });
  });
}

function sendingOf(entry: Entry, { path, query = {}, body }: Call, { signal }: Deadline) {
  const url = new URL(`.${path}`, entry.base);
  for (const [key, value] of Object.entries(query)) {
    if (value !== undefined && value !== '') url.searchParams.set(key, value);
  }
  const json = body === undefined ? undefined : JSON.stringify(body);
  const headers = {
    ...entry.headers,
    accept: path === '/metrics' ? 'text/plain' : 'application/json',
    'user-agent': 'etcd-steward',
    ...(json !== undefined && { 'content-type': 'application/json' }),
  };
  const method = json === undefined ? ('GET' as const) : ('POST' as const);
  return { url, method, headers, body: json, agent: entry.agent, signal };
}

function isYes({ statusCode = 0 }: IncomingMessage): boolean {
  return statusCode >= 200 && statusCode < 300;
}

async function refusalOf(response: IncomingMessage): Promise<Refused> {
  const body = await bodyOf(response, MOST_REFUSAL_LENGTH).catch((error: unknown) => {
    if (error instanceof Unreadable) return '';
    throw error;
  });
  return new Refused(response.statusCode ?? 0, body, response.headers['retry-after']);
}

function parsed(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    throw new Unreadable('answered something that is not JSON');
  }
}
