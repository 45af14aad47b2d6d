import type { IncomingMessage } from 'node:http';
import { readCall, type Call } from './calls.js';
import type { Gate, Outcome } from './faulty.js';
import { hooksPath } from './hooks.js';
import { deliverPath, type HttpMode } from './http-mode.js';
import { parse, type JsonObject } from './json.js';
import type { Pages } from './page/pages.js';
import { ownPage } from './page/script.js';
import type { Handle, Reply, Upgrade } from './proxy.js';
import { socketPath, type BotSockets } from './sockets.js';
import type { Exchange, Upstream } from './upstream.js';
import type { Answer } from './web-api.js';

export interface RouteDeps {
  upstream: Upstream;
  gate: Gate;
  webApi(call: Call): Promise<Answer>;
  hook(id: string, body: JsonObject): Promise<Answer>;
  /** Puts the proxy's own address where local-slack names its own. */
  ownAddress(raw: string): string;
  http: HttpMode | undefined;
  /** A command that the page shows as an example. */
  example: string;
}

export function makeRoutes(deps: RouteDeps): Record<string, Handle> {
  const { upstream, gate, ownAddress } = deps;

  async function api(request: IncomingMessage, body: Buffer): Promise<Outcome> {
    const call = readCall(request, body);
    return gate.through({ method: call.method, body: call.args }, () => deps.webApi(call));
  }

  async function hook(request: IncomingMessage, body: Buffer): Promise<Outcome> {
    const id = (request.url ?? '').slice(hooksPath.length);
    const sent = parse(body.toString());
    return gate.through({ method: 'response_url', body: sent, response: id }, () => deps.hook(id, sent));
  }

  async function pass(request: IncomingMessage, body: Buffer): Promise<Reply> {
    const reply = await upstream.pass(exchangeOf(request, body));
    return rewritten(reply, (type, said) => own(type, ownAddress(said)));
  }

  const deliver = deps.http && { [deliverPath]: deps.http.take };
  async function upload(request: IncomingMessage, body: Buffer): Promise<Outcome | Reply> {
    let reply: Reply | undefined;
    const outcome = await gate.through({ method: 'upload', body: {} }, async () => {
      reply = await pass(request, body);
      return { status: reply.status, body: {} };
    });
    return typeof outcome === 'string' ? outcome : (reply ?? outcome);
  }

  const own = (type: string, said: string): string =>
    type.includes('html') ? ownPage(said, deps.example) : said;

  return { '/api/': api, [hooksPath]: hook, '/upload/': upload, '/': pass, ...deliver };
}

export interface UpgradeDeps {
  pages: Pages;
  sockets: BotSockets;
  isOut(): boolean;
}

export function makeUpgrades({ pages, sockets, isOut }: UpgradeDeps): Record<string, Upgrade> {
  const open: Upgrade = (request, socket, head) =>
    isOut()
      ? void socket.end('HTTP/1.1 503 Service Unavailable\r\n\r\n')
      : sockets.upgrade(request, socket, head);
  return { '/ui': pages.upgrade, [socketPath]: open };
}

function exchangeOf(request: IncomingMessage, body: Buffer): Exchange {
  const headers = Object.fromEntries(
    Object.entries(request.headers).map(([name, value]) => [name, String(value)]),
  );
  return { method: request.method ?? 'GET', path: request.url ?? '/', headers, body };
}

/** Texts that a browser or a client reads; files of people are left alone. */
function rewritten(reply: Reply, rewrite: (type: string, said: string) => string): Reply {
  const type = reply.headers['content-type'] ?? '';
  if (!/json|html/.test(type) || reply.headers['content-disposition'] !== undefined) return reply;
  return { ...reply, body: Buffer.from(rewrite(type, reply.body.toString())) };
}
