import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Heard {
  readonly path: string;
  readonly body: Readonly<Record<string, unknown>>;
}

/** A system outside that is told things: it takes every request, and remembers it. */
export interface Ears {
  readonly url: string;
  heard(path: string): readonly Heard[];
  stop(): Promise<void>;
}

export async function startEars(): Promise<Ears> {
  const all: Heard[] = [];
  const server = createServer((request, response) => {
    bodyOf(request).then(
      (body) => {
        all.push({ path: request.url ?? '', body });
        response.writeHead(202, { 'content-type': 'application/json' }).end('{"status":"success"}');
      },
      () => response.destroy(),
    );
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`,
    heard: (path) => all.filter((one) => one.path === path),
    async stop() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

async function bodyOf(request: IncomingMessage): Promise<Heard['body']> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const text = Buffer.concat(chunks).toString();
  return text === '' ? {} : (JSON.parse(text) as Heard['body']);
}
