import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

export interface Forwarder {
  readonly url: string;
  /** Breaks every connection; the next ones lead there. */
  leadTo(port: number): void;
  /** Breaks every connection and takes no more, until `open`. */
  shut(): Promise<void>;
  open(): Promise<void>;
  close(): Promise<void>;
}

/** What a fail-over looks like to a client: one address, behind it now this server, now that one. */
export async function startForwarder(port: number): Promise<Forwarder> {
  let target = port;
  const sockets = new Set<Socket>();
  const breakAll = (): void => {
    for (const socket of sockets) socket.destroy();
  };
  const server = createServer((client) => {
    const upstream = connect(target, '127.0.0.1');
    for (const [one, other] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      sockets.add(one);
      one.on('error', () => undefined);
      one.on('close', () => {
        sockets.delete(one);
        other.destroy();
      });
      one.pipe(other);
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const own = (server.address() as AddressInfo).port;
  const shut = async (): Promise<void> => {
    breakAll();
    if (!server.listening) return;
    server.close();
    await once(server, 'close');
  };
  return {
    url: `redis://127.0.0.1:${String(own)}`,
    leadTo(next) {
      target = next;
      breakAll();
    },
    shut,
    async open() {
      server.listen(own, '127.0.0.1');
      await once(server, 'listening');
    },
    close: shut,
  };
}
