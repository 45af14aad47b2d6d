import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { findOrFetch, withoutEtcd, type Binary, type Progress } from './binaries.js';
import { sharedGuardian } from './guardian.js';
import { makeMember, type LocalMember } from './member.js';
import { freePorts } from './ports.js';
import { withFreshPorts } from './server.js';
import { makeTls, type LocalTls, type TlsFiles } from './tls.js';

export type { LocalMember } from './member.js';

const run = promisify(execFile);

export interface EtcdOptions {
  version: '3.3' | '3.4' | '3.5';
  members: number;
  quotaBytes?: number;
  /** Further flags of every member. */
  flags?: string[];
  /** TLS for clients, who must show a certificate. */
  tls?: boolean;
  /** Members are called <name>1, <name>2, … */
  name?: string;
  progress?: Progress;
}

export interface LocalEtcd {
  version: string;
  members: LocalMember[];
  endpoints: string[];
  /** A client's certificate, where the cluster has TLS. */
  tls?: TlsFiles;
  etcdctlPath: string;
  /** With all endpoints, unless the arguments name some. */
  etcdctl(...args: string[]): Promise<string>;
  /** Ends every member and removes the data. */
  stop(): Promise<void>;
}

/** A real cluster on loopback with throw-away data; it ends with the program whatever happens. */
export async function startEtcd(options: EtcdOptions): Promise<LocalEtcd> {
  const binary = await findOrFetch(`etcd-${options.version}`, options.progress);
  return withFreshPorts(() => startCluster(options, binary));
}

async function startCluster(options: EtcdOptions, binary: Binary): Promise<LocalEtcd> {
  const directory = await mkdtemp(join(tmpdir(), 'etcd-steward-etcd-'));
  sharedGuardian().dir(directory);
  const tls = options.tls ? await makeTls(join(directory, 'tls')) : undefined;
  const members = await makeMembers(options, { binary, directory, tls });

  async function stop(): Promise<void> {
    await Promise.all(members.map((member) => member.kill()));
    await rm(directory, { recursive: true, force: true, maxRetries: 5 });
    sharedGuardian().release(directory);
  }

  const started = await Promise.allSettled(members.map((member) => member.start({ healthy: true })));
  const failed = started.find((result) => result.status === 'rejected');
  if (failed) {
    await stop();
    throw failed.reason;
  }
  return describe({ binary, members, tls, stop });
}

interface Ground {
  binary: Binary;
  directory: string;
  tls: LocalTls | undefined;
}

async function makeMembers(options: EtcdOptions, { binary, directory, tls }: Ground): Promise<LocalMember[]> {
  const ports = await freePorts(options.members * 3);
  const addresses = Array.from({ length: options.members }, (_, index) => ({
    name: `${options.name ?? 'm'}${index + 1}`,
    clientUrl: `${tls ? 'https' : 'http'}://127.0.0.1:${ports[index * 3]}`,
    peerUrl: `http://127.0.0.1:${ports[index * 3 + 1]}`,
    metricsUrl: `http://127.0.0.1:${ports[index * 3 + 2]}/metrics`,
  }));
  const flags = [
    ...['--initial-cluster', addresses.map(({ name, peerUrl }) => `${name}=${peerUrl}`).join(',')],
    ...['--initial-cluster-state', 'new', '--initial-cluster-token', directory],
    ...(options.quotaBytes ? ['--quota-backend-bytes', String(options.quotaBytes)] : []),
    ...(tls ? tlsFlags(tls.server) : []),
    ...(options.flags ?? []),
  ];
  return addresses.map((address) => makeMember({ address, binary, directory, flags }));
}

function tlsFlags({ ca, cert, key }: TlsFiles): string[] {
  return ['--client-cert-auth', '--trusted-ca-file', ca, '--cert-file', cert, '--key-file', key];
}

interface Started {
  binary: Binary;
  members: LocalMember[];
  tls: LocalTls | undefined;
  stop: () => Promise<void>;
}

function describe({ binary, members, tls, stop }: Started): LocalEtcd {
  const endpoints = members.map((member) => member.clientUrl);
  const etcdctlPath = binary.etcdctl;
  if (!etcdctlPath) throw new Error(`No etcdctl beside ${binary.path}: install it, or set ETCDCTL_BIN`);
  const client = tls?.client;
  const identity = client ? ['--cacert', client.ca, '--cert', client.cert, '--key', client.key] : [];
  return {
    version: binary.version,
    members,
    endpoints,
    etcdctlPath,
    ...(client ? { tls: client } : {}),
    async etcdctl(...args) {
      const named = args.some((arg) => arg.startsWith('--endpoints'));
      const all = [...(named ? [] : [`--endpoints=${endpoints.join(',')}`]), ...identity, ...args];
      const { stdout } = await run(etcdctlPath, all, { env: withoutEtcd({ ETCDCTL_API: '3' }) });
      return stdout;
    },
    stop,
  };
}
