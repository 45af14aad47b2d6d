import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { freePorts } from '../ports.js';
import { startServer, withFreshPorts, type Server } from '../server.js';
import type { TlsFiles } from '../tls.js';
import { makeFleetTls, type FleetTls } from './certificate.js';
import { clientUrl, MEMBERS_OF_A_CLUSTER, type Member } from './model.js';
import type { Served } from './serve.js';
import type { Specification } from './simulator.js';

export type { Served } from './serve.js';

export interface FleetOptions {
  readonly clusters: number;
  /** Every how manyth cluster is reached by TLS alone. */
  readonly secureEvery: number;
  /** /metrics as real members wrote them; the fleet's are made of these. */
  readonly pages: readonly string[];
  /** For its files. */
  readonly directory: string;
}

export interface FleetCluster {
  readonly name: string;
  readonly endpoints: readonly string[];
  readonly tls?: TlsFiles;
}

/** Clusters of three members that only answer, in a process of their own; each member has its own loopback address. */
export interface Fleet {
  readonly clusters: readonly FleetCluster[];
  readonly pid: number;
  served(): Promise<Served>;
  stop(): Promise<void>;
}

/** All of 127.0.0.0/8 answers on Linux; elsewhere each address would have to be added by hand. */
export async function startFleet(options: FleetOptions): Promise<Fleet> {
  if (process.platform !== 'linux') throw new Error('The fleet needs all of 127.0.0.0/8, as Linux has it');
  await mkdir(options.directory, { recursive: true });
  const addresses = Array.from({ length: options.clusters * MEMBERS_OF_A_CLUSTER }, (_, index) =>
    addressOf(index),
  );
  const tls = await makeFleetTls(join(options.directory, 'tls'), secureClusters(addresses, options));
  const pages = await Promise.all(options.pages.map((page, index) => written(options, page, index)));
  return withFreshPorts(() => launch({ options, addresses, tls, pages }));
}

interface Ground {
  readonly options: FleetOptions;
  readonly addresses: readonly string[];
  readonly tls: FleetTls;
  /** Files. */
  readonly pages: readonly string[];
}

async function launch({ options, addresses, tls, pages }: Ground): Promise<Fleet> {
  const [port = 0, controlPort = 0] = await freePorts(2);
  const members = addresses.map((address, index) => ({
    ...{ index, address, port, secure: isSecure(index, options) },
  }));
  const specification: Specification = { members, pages, tls: tls.servers, controlPort };
  const server = await startSimulator(options.directory, specification);
  return {
    clusters: clustersOf(members, tls.client),
    pid: server.pid,
    served: () => servedSoFar(controlPort),
    stop: () => server.kill(),
  };
}

async function startSimulator(directory: string, specification: Specification): Promise<Server> {
  const file = join(directory, 'fleet.json');
  await writeFile(file, JSON.stringify(specification));
  const server = await startServer({
    what: 'the fleet',
    command: process.execPath,
    args: [fileURLToPath(new URL('./simulator.js', import.meta.url)), file],
    env: { ...(process.env as Record<string, string>) },
    logFile: join(directory, 'fleet.log'),
  });
  await server.ready(async () => (await servedSoFar(specification.controlPort)).others === 0);
  return server;
}

async function servedSoFar(controlPort: number): Promise<Served> {
  const response = await fetch(`http://127.0.0.1:${String(controlPort)}/`);
  return (await response.json()) as Served;
}

function clustersOf(members: readonly Member[], tls: TlsFiles): readonly FleetCluster[] {
  const firsts = members.filter(({ index }) => index % MEMBERS_OF_A_CLUSTER === 0);
  return firsts.map(({ index, secure }) => ({
    name: `fleet-${String(index / MEMBERS_OF_A_CLUSTER)}`,
    endpoints: members.slice(index, index + MEMBERS_OF_A_CLUSTER).map(clientUrl),
    ...(secure ? { tls } : {}),
  }));
}

/** Neither 127.0.0.1, where everything else of the machine is, nor a network's first or last address. */
function addressOf(index: number): string {
  return `127.${String(16 + Math.floor(index / 62_500))}.${String(Math.floor(index / 250) % 250)}.${String((index % 250) + 1)}`;
}

function isSecure(index: number, { secureEvery }: FleetOptions): boolean {
  return Math.floor(index / MEMBERS_OF_A_CLUSTER) % secureEvery === 0;
}

function secureClusters(addresses: readonly string[], options: FleetOptions): readonly (readonly string[])[] {
  const firsts = Array.from({ length: options.clusters }, (_, cluster) => cluster * MEMBERS_OF_A_CLUSTER);
  return firsts
    .filter((first) => isSecure(first, options))
    .map((first) => addresses.slice(first, first + MEMBERS_OF_A_CLUSTER));
}

async function written({ directory }: FleetOptions, page: string, index: number): Promise<string> {
  const file = join(directory, `page-${String(index)}.txt`);
  await writeFile(file, page);
  return file;
}
