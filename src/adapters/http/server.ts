import { createServer, type Server } from 'node:http';
import { TargetError } from '../../domain/errors.js';

/** What the process answers about itself. */
export interface Health {
  /** Null: ready; else what is missing. */
  notReady(): Promise<string | null>;
  metrics(): Promise<{ readonly type: string; readonly body: string }>;
}

export interface HttpAddress {
  readonly host: string;
  readonly port: number;
}

/** /healthz (the process lives), /readyz (Redis and Slack answer), /metrics (Prometheus). Answers the port. */
export async function serveHttp(
  at: HttpAddress,
  health: Health,
): Promise<{ port: number; close(): Promise<void> }> {
  const server = createServer((request, response) => {
    void answer(health, request.url ?? '')
      .catch(() => text(500, 'This can not be said now.'))
      .then(({ status, type, body }) => {
        response.writeHead(status, { 'content-type': type }).end(body);
      });
  });
  await listen(server, at);
  const address = server.address();
  return {
    port: typeof address === 'object' && address ? address.port : at.port,
    close: () =>
      new Promise((resolve) =>
        server.close(() => {
          resolve();
        }),
      ),
  };
}

interface Answered {
  readonly status: number;
  readonly type: string;
  readonly body: string;
}

async function answer(health: Health, path: string): Promise<Answered> {
  if (path === '/healthz') return text(200, 'ok');
  if (path === '/readyz') {
    const missing = await health.notReady();
    return missing === null ? text(200, 'ok') : text(503, missing);
  }
  if (path === '/metrics') return { status: 200, ...(await health.metrics()) };
  return text(404, 'There are /healthz, /readyz and /metrics.');
}

function text(status: number, body: string): Answered {
  return { status, type: 'text/plain; charset=utf-8', body: `${body}\n` };
}

function listen(server: Server, { host, port }: HttpAddress): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error) => {
      reject(
        new TargetError('unreachable', 'http', `can't listen on ${host}:${String(port)}: ${error.message}`, {
          cause: error,
        }),
      );
    });
    server.listen(port, host, resolve);
  });
}
