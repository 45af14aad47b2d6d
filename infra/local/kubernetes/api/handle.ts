import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import type { FaultScript } from '../faults.js';
import { authorise, type Identity } from '../identities.js';
import type { RequestLog } from '../requests.js';
import { parseRequest, type ApiRequest } from './request.js';
import { answer, type Api } from './route.js';
import { Refused, statusOf, unauthorized } from './status.js';

export interface Front {
  api: Api;
  faults: FaultScript;
  log: RequestLog;
  identityOf(token: string): Identity | undefined;
}

/** One request from its arrival to its answer: faults, who it is, what they may, what is asked. */
export async function handle(
  front: Front,
  incoming: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const request = parseRequest(incoming);
  const identity = identify(front, incoming);
  const entry = front.log.add(request, identity?.user ?? null);
  response.once('close', () => {
    entry.status = response.headersSent ? response.statusCode : null;
    entry.body = request.body ?? null;
  });
  const { delayMs, cut, instead } = front.faults.of(request.method, request.path);
  if (delayMs > 0) await delay(delayMs, undefined, { ref: false });
  if (cut) return void incoming.socket.destroy();
  if (instead) {
    send(response, { type: 'text/plain; charset=utf-8', ...instead });
    return;
  }
  try {
    await serve(front.api, { request, identity: allowed(request, incoming, identity), incoming, response });
  } catch (error) {
    refuse(response, error);
  }
}

function identify({ identityOf }: Front, { headers }: IncomingMessage): Identity | undefined {
  const [, token] = /^Bearer (.+)$/.exec(headers.authorization ?? '') ?? [];
  const identity = token ? identityOf(token) : undefined;
  return identity?.isExpired ? undefined : identity;
}

const PUBLIC = new Set(['/version', '/healthz', '/livez', '/readyz']);

function allowed(
  request: ApiRequest,
  { headers }: IncomingMessage,
  identity: Identity | undefined,
): Identity | undefined {
  if (!identity) {
    // Anonymous is somebody; a token that is unknown is nobody.
    if (headers.authorization === undefined && PUBLIC.has(request.path)) return undefined;
    throw unauthorized();
  }
  authorise(identity, request);
  return identity;
}

interface Serving {
  request: ApiRequest;
  identity: Identity | undefined;
  incoming: IncomingMessage;
  response: ServerResponse;
}

async function serve(api: Api, serving: Serving): Promise<void> {
  const answered = await answer(api, serving);
  if (answered) send(serving.response, { type: 'application/json', code: 200, ...answered });
}

function refuse(response: ServerResponse, error: unknown): void {
  if (response.headersSent) return void response.destroy();
  const refusal =
    error instanceof Refused
      ? error.refusal
      : { code: 500, reason: 'InternalError', message: `Internal error occurred: ${String(error)}` };
  send(response, { type: 'application/json', code: refusal.code, body: JSON.stringify(statusOf(refusal)) });
}

interface Sent {
  type: string;
  code: number;
  body: string;
  headers?: Record<string, string>;
}

function send(response: ServerResponse, { type, code, body, headers = {} }: Sent): void {
  response.writeHead(code, { 'Content-Type': type, 'Cache-Control': 'no-cache, private', ...headers });
  response.end(body);
}
