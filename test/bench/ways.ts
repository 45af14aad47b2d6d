import { once } from 'node:events';
import { connect, createServer, type AddressInfo } from 'node:net';

export interface Ways {
  /** `host:port`, all of which lead to the same place. */
  readonly addresses: readonly string[];
  stop(): Promise<void>;
}

/** So many addresses of one server: one etcd is watched as if it were many clusters. */
export async function startWays(port: number, count: number): Promise<Ways> {
  const servers = Array.from({ length: count }, () =>
    createServer((client) => {
      const upstream = connect(port, '127.0.0.1');
      for (const socket of [client, upstream]) {
        socket.on('error', () => undefined);
        socket.on('close', () => {
          client.destroy();
          upstream.destroy();
        });
      }
      client.pipe(upstream).pipe(client);
    }).listen(0, '127.0.0.1'),
  );
  await Promise.all(servers.map((server) => once(server, 'listening')));
  return {
    addresses: servers.map((server) => `127.0.0.1:${String((server.address() as AddressInfo).port)}`),
    async stop() {
      for (const server of servers) server.close();
    },
  };
}
