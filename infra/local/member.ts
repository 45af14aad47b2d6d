import { join } from 'node:path';
import { withoutEtcd, type Binary } from './binaries.js';
import { startServer, type Server } from './server.js';

export interface MemberAddress {
  name: string;
  clientUrl: string;
  peerUrl: string;
  /** A port of its own, plain HTTP also where clients need TLS. (The client port serves /metrics too.) */
  metricsUrl: string;
}

export interface LocalMember extends MemberAddress {
  dataDir: string;
  logFile: string;
  /** Undefined while it is down. */
  readonly pid: number | undefined;
  pause(): void;
  resume(): void;
  kill(): Promise<void>;
  /**
   * Again with the same data and ports; returns when it answers. Without a quorum it never does: start several
   * members at once then. `healthy` also waits for a leader, and for no alarm.
   */
  start(options?: { healthy?: boolean; timeoutMs?: number }): Promise<void>;
}

export interface MemberOptions {
  address: MemberAddress;
  binary: Binary;
  directory: string;
  flags: string[];
}

export function makeMember({ address, binary, directory, flags }: MemberOptions): LocalMember {
  const dataDir = join(directory, address.name);
  // Beside the data, in which etcd wonders about files that are not its own.
  const logFile = join(directory, `${address.name}.log`);
  let server: Server | undefined;
  return {
    ...address,
    dataDir,
    logFile,
    get pid() {
      return server?.isAlive() ? server.pid : undefined;
    },
    pause: () => server?.pause(),
    resume: () => server?.resume(),
    async kill() {
      await server?.kill();
    },
    async start({ healthy = false, timeoutMs = 60_000 } = {}) {
      if (server?.isAlive()) return;
      server = await startServer({
        what: `etcd ${binary.version} ${address.name}`,
        command: binary.path,
        args: [...addressFlags(address, dataDir), ...flags],
        env: withoutEtcd(binary.env),
        logFile,
      });
      await server.ready(() => answers(address, healthy), { timeoutMs });
    },
  };
}

function addressFlags({ name, clientUrl, peerUrl, metricsUrl }: MemberAddress, dataDir: string): string[] {
  return [
    ...['--name', name, '--data-dir', dataDir],
    ...['--listen-client-urls', clientUrl, '--advertise-client-urls', clientUrl],
    ...['--listen-peer-urls', peerUrl, '--initial-advertise-peer-urls', peerUrl],
    ...['--listen-metrics-urls', new URL(metricsUrl).origin],
  ];
}

/** /health is a read through the leader; a member that is up but without leader, or with an alarm, answers 503. */
async function answers({ clientUrl, metricsUrl }: MemberAddress, healthy: boolean): Promise<boolean> {
  const url = new URL('/health', clientUrl.startsWith('http:') ? clientUrl : metricsUrl);
  const response = await fetch(url, { signal: AbortSignal.timeout(5_000) });
  const { health } = (await response.json()) as { health: string };
  return !healthy || health === 'true';
}
