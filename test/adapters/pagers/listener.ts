import { afterAll, beforeAll, beforeEach } from '@jest/globals';
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Heard {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

type Reply = (response: ServerResponse) => void;

export interface Listener {
  readonly url: string;
  readonly heard: readonly Heard[];
  /** What the next requests get, in this order; then 202. */
  replies(...next: (number | Reply)[]): void;
}

/** A web server on loopback for a file of tests, that writes down what it is sent. */
export function oneListener(): Listener {
  let [heard, next]: [Heard[], (number | Reply)[]] = [[], []];
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString()));
    request.on('end', () => {
      const { method = '', url = '', headers } = request;
      heard.push({ method, path: url, headers, body });
      const reply = next.shift() ?? 202;
      if (typeof reply === 'number') response.writeHead(reply, { location: '/elsewhere' }).end('{}');
      else reply(response);
    });
  });
  beforeAll(() => new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve)));
  beforeEach(() => {
    [heard, next] = [[], []];
  });
  afterAll(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  return {
    get url() {
      return `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`;
    },
    get heard() {
      return heard;
    },
    replies: (...given) => {
      next = given;
    },
  };
}
