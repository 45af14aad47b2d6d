import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createConnection } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findOrFetch, type Binary, type Progress } from './binaries.js';
import { sharedGuardian } from './guardian.js';
import { freePort } from './ports.js';
import { startServer, withFreshPorts, type Server } from './server.js';

export interface RedisOptions {
  /** Keep the data over a restart. */
  appendOnly?: boolean;
  args?: string[];
  progress?: Progress;
}

export interface LocalRedis {
  url: string;
  port: number;
  directory: string;
  readonly pid: number;
  pause(): void;
  resume(): void;
  kill(): Promise<void>;
  /** Ends it if it lives, and starts it with the same port and data. */
  restart(): Promise<void>;
  /** Ends it and removes its data. */
  stop(): Promise<void>;
}

/** A real Redis on loopback with throw-away data; it ends with the program whatever happens. */
export async function startRedis(options: RedisOptions = {}): Promise<LocalRedis> {
  const binary = await findOrFetch('redis', options.progress);
  return withFreshPorts(() => startOnFreePort(options, binary));
}

async function startOnFreePort(options: RedisOptions, binary: Binary): Promise<LocalRedis> {
  const port = await freePort();
  const directory = await mkdtemp(join(tmpdir(), 'etcd-steward-redis-'));
  sharedGuardian().dir(directory);
  const launch = () => startProcess({ binary, port, directory, options });
  const remove = async () => {
    await rm(directory, { recursive: true, force: true, maxRetries: 5 });
    sharedGuardian().release(directory);
  };
  let server = await launch().catch(async (error: unknown) => {
    await remove();
    throw error;
  });
  return {
    url: `redis://127.0.0.1:${port}`,
    port,
    directory,
    get pid() {
      return server.pid;
    },
    pause: () => server.pause(),
    resume: () => server.resume(),
    kill: () => server.kill(),
    async restart() {
      await server.kill();
      server = await launch();
    },
    async stop() {
      await server.kill();
      await remove();
    },
  };
}

interface Launch {
  binary: Binary;
  port: number;
  directory: string;
  options: RedisOptions;
}

async function startProcess({ binary, port, directory, options }: Launch): Promise<Server> {
  const server = await startServer({
    what: `Redis ${binary.version}`,
    command: binary.path,
    args: [
      ...['--port', String(port), '--bind', '127.0.0.1', '--dir', directory],
      // noeviction: BullMQ's keys must never be dropped.
      ...[
        '--maxmemory-policy',
        'noeviction',
        '--save',
        '',
        '--appendonly',
        options.appendOnly ? 'yes' : 'no',
      ],
      ...(options.args ?? []),
    ],
    env: { ...(process.env as Record<string, string>), ...binary.env },
    logFile: join(directory, 'redis.log'),
  });
  try {
    await server.ready(() => answers(port));
  } catch (error) {
    await server.kill();
    throw error;
  }
  return server;
}

/** A refusal for want of a password is an answer too; "loading" is not. */
async function answers(port: number): Promise<boolean> {
  const socket = createConnection({ port, host: '127.0.0.1', timeout: 2_000 });
  try {
    await once(socket, 'connect');
    socket.write('PING\r\n');
    const [reply] = (await once(socket, 'data', { signal: AbortSignal.timeout(2_000) })) as [Buffer];
    return /^(\+PONG|-NOAUTH)/.test(reply.toString());
  } finally {
    socket.destroy();
  }
}
