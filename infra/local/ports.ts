import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';

// Below the ephemeral range of Linux (32768) and macOS (49152): there an outgoing connection could take the
// port of a server that is down for a moment, or even connect to itself.
const FIRST = 20_000;
const LAST = 32_000;

/** A port that nothing listens on now. No server of ours takes port 0, so its user tries again when it is gone. */
export async function freePort(): Promise<number> {
  const [port] = await freePorts(1);
  if (port === undefined) throw new Error('no free port');
  return port;
}

export async function freePorts(count: number): Promise<number[]> {
  const ports = new Set<number>();
  for (let attempt = 0; ports.size < count; attempt++) {
    if (attempt > 1000) throw new Error(`No free port on 127.0.0.1 between ${FIRST} and ${LAST}`);
    const port = randomInt(FIRST, LAST);
    if (!ports.has(port) && (await isFree(port))) ports.add(port);
  }
  return [...ports];
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen({ port, host: '127.0.0.1', exclusive: true }, () => server.close(() => resolve(true)));
  });
}
