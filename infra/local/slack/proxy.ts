import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { readBody } from './calls.js';
import type { Outcome } from './faulty.js';

export interface Reply {
  status: number;
  headers: Record<string, string>;
  body: Buffer;
}

export type Handle = (request: IncomingMessage, body: Buffer) => Promise<Outcome | Reply>;
export type Upgrade = (request: IncomingMessage, socket: Duplex, head: Buffer) => void;

export interface Proxy {
  port: number;
  stop(): Promise<void>;
}

/** By the beginning of the path; the longest counts. */
export interface Front {
  routes: Record<string, Handle>;
  upgrades: Record<string, Upgrade>;
}

/** Listens on loopback. What it answers may still change: some of it is known only once it listens. */
export async function startProxy(front: Front): Promise<Proxy> {
  const server = createServer((request, response) => void serve(front.routes, request, response));
  server.on('upgrade', (request, socket: Duplex, head: Buffer) => {
    socket.on('error', () => socket.destroy());
    const upgrade = byPath(front.upgrades, request.url ?? '');
    if (upgrade === undefined) socket.end('HTTP/1.1 404 Not Found\r\n\r\n');
    else upgrade(request, socket, head);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { port: (server.address() as AddressInfo).port, stop: () => stop(server) };
}

async function stop(server: Server): Promise<void> {
  const closed = once(server, 'close');
  server.close();
  server.closeAllConnections();
  await closed;
}

function byPath<T>(table: Record<string, T>, path: string): T | undefined {
  const prefixes = Object.keys(table).sort((a, b) => b.length - a.length);
  const prefix = prefixes.find((one) => path.startsWith(one));
  return prefix === undefined ? undefined : table[prefix];
}

async function serve(
  routes: Record<string, Handle>,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  try {
    const handle = byPath(routes, request.url ?? '');
    const body = await readBody(request);
    const outcome = handle === undefined ? notFound : await handle(request, body);
    write(response, outcome);
  } catch (error) {
    write(response, { status: 502, body: { ok: false, error: 'proxy_failed', reason: String(error) } });
  }
}

const notFound: Outcome = { status: 404, body: { ok: false, error: 'not_found' } };

function write(response: ServerResponse, outcome: Outcome | Reply): void {
  if (outcome === 'silence') return;
  if (outcome === 'reset') return void response.socket?.destroy();
  const { status, body, headers = {} } = outcome;
  const type = Buffer.isBuffer(body) ? {} : { 'content-type': 'application/json; charset=utf-8' };
  response.writeHead(status, { ...type, ...headers });
  response.end(Buffer.isBuffer(body) ? body : JSON.stringify(body));
}
