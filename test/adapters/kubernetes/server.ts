import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { stringify } from 'yaml';
import { makeKubernetesAccess, type Closeable } from '../../../src/adapters/kubernetes/access.js';
import type { KubernetesSource } from '../../../src/adapters/kubernetes/kubeconfig.js';
import type { KubernetesAccess, KubernetesReader } from '../../../src/domain/ports.js';

/* An API server that answers what it was told to, mostly recordings of a real one. */

export interface Seen {
  readonly method: string;
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  readonly headers: IncomingMessage['headers'];
  readonly body: unknown;
}

export type Reply =
  | { readonly status?: number; readonly headers?: Readonly<Record<string, string>>; readonly body: string }
  /** Writes and ends as it likes. */
  | ((response: ServerResponse) => void);

export interface Answering {
  readonly url: string;
  readonly seen: Seen[];
  /** What answers from now on; the newest counts. */
  answer(reply: (seen: Seen, index: number) => Reply): void;
  stop(): Promise<void>;
}

export interface Certificate {
  readonly cert: string;
  readonly key: string;
}

export async function startAnswering(tls?: Certificate): Promise<Answering> {
  const seen: Seen[] = [];
  let reply: (seen: Seen, index: number) => Reply = () => ({ status: 404, body: '404 page not found\n' });
  let index = 0;
  const listener = (request: IncomingMessage, response: ServerResponse): void => {
    void seenOf(request).then((one) => {
      seen.push(one);
      // A test's own mistake must not leave the asker waiting.
      give(
        response,
        attempt(() => reply(one, index++)),
      );
    });
  };
  const server = tls
    ? createSecureServer({ cert: readFileSync(tls.cert), key: readFileSync(tls.key) }, listener)
    : createServer(listener);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `${tls ? 'https' : 'http'}://127.0.0.1:${port}`,
    seen,
    answer(next) {
      [reply, index] = [next, 0];
      seen.length = 0;
    },
    async stop() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

function attempt(work: () => Reply): Reply {
  try {
    return work();
  } catch (error) {
    return { status: 599, body: String(error) };
  }
}

async function seenOf(request: IncomingMessage): Promise<Seen> {
  let body = '';
  for await (const chunk of request as AsyncIterable<Buffer>) body += chunk.toString();
  const url = new URL(request.url ?? '/', 'http://here');
  return {
    method: request.method ?? '',
    path: url.pathname,
    query: Object.fromEntries(url.searchParams),
    headers: request.headers,
    body: body === '' ? null : (JSON.parse(body) as unknown),
  };
}

function give(response: ServerResponse, reply: Reply): void {
  if (typeof reply === 'function') {
    reply(response);
    return;
  }
  response.writeHead(reply.status ?? 200, { 'content-type': 'application/json', ...reply.headers });
  response.end(reply.body);
}

export function recorded(name: string): string {
  return readFileSync(new URL(`answers/${name}`, import.meta.url), 'utf8');
}

export function json(body: unknown, status = 200): Reply {
  return { status, body: JSON.stringify(body) };
}

/** The Status that an API server refuses with. */
export function refusal(code: number, reason: string, more: object = {}): Reply {
  const message = `refused for ${reason}`;
  return json(
    { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Failure', message, reason, code, ...more },
    code,
  );
}

export function kubeconfigFor(server: string, user: object = { token: 'good' }): string {
  const cluster = { server, 'insecure-skip-tls-verify': true };
  return stringify({
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': 'here',
    clusters: [{ name: 'local', cluster }],
    users: [{ name: 'steward', user }],
    contexts: [{ name: 'here', context: { cluster: 'local', user: 'steward' } }],
  });
}

export function sourceOf(server: string, user?: object): KubernetesSource {
  const kubeconfig = { path: '/nowhere/kubeconfig', content: kubeconfigFor(server, user) };
  return { server, kubeconfig, context: null };
}

export function accessTo(source: KubernetesSource, operate?: KubernetesSource): KubernetesAccess & Closeable {
  return makeKubernetesAccess({
    connections: () => ({ kubernetes: source, operateKubernetes: operate }),
    canOperate: true,
  });
}

/**
 * A server and a reader of its own for a test that gives up on answers: what it had asked may arrive when the next test
 * has begun. The client's library is loaded before, so that short deadlines are about the server.
 */
export async function alone(
  work: (server: Answering, reader: KubernetesReader) => Promise<void>,
): Promise<void> {
  const server = await startAnswering();
  const access = accessTo(sourceOf(server.url));
  try {
    const reader = access.reader('prod')!;
    server.answer(() => ({ body: recorded('version.json') }));
    await reader.version(20_000);
    await work(server, reader);
  } finally {
    access.close();
    await server.stop();
  }
}

export async function gathered<T>(pages: AsyncIterable<readonly T[]>): Promise<readonly T[]> {
  const all: T[] = [];
  for await (const page of pages) all.push(...page);
  return all;
}
