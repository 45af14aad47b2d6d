import { once } from 'node:events';
import { createServer } from 'node:http';
import { freePort } from '../../ports.js';
import { withFreshPorts } from '../../server.js';
import { handle, type Front } from './handle.js';

export interface HttpServer {
  port: number;
  stop(): Promise<void>;
}

/** On loopback; its end cuts what is still open. */
export async function startHttp(front: Front): Promise<HttpServer> {
  return withFreshPorts(async () => {
    const port = await freePort();
    const server = createServer((incoming, response) => {
      handle(front, incoming, response).catch((error: unknown) => response.destroy(error as Error));
    });
    server.listen({ port, host: '127.0.0.1' });
    await once(server, 'listening');
    return {
      port,
      async stop() {
        const closed = once(server, 'close');
        server.close();
        server.closeAllConnections();
        await closed;
      },
    };
  });
}
