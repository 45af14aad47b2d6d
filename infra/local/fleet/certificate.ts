import { execFile } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { findOrFetch, withoutEtcd } from '../binaries.js';
import { makeTls, type TlsFiles } from '../tls.js';

const run = promisify(execFile);

export interface FleetTls {
  readonly client: TlsFiles;
  /** One for each cluster; all have one key. */
  readonly servers: readonly TlsFiles[];
}

/** A throw-away authority, and a certificate for each cluster, which holds for its members' addresses alone. */
export async function makeFleetTls(
  directory: string,
  clusters: readonly (readonly string[])[],
): Promise<FleetTls> {
  await mkdir(directory, { recursive: true });
  const { client } = await makeTls(directory);
  const file = (name: string): string => join(directory, name);
  const key = file('fleet.key');
  await openssl([
    ...['req', '-new', '-subj', '/CN=fleet', '-nodes', '-newkey', 'ec', '-pkeyopt'],
    ...['ec_paramgen_curve:P-256', '-keyout', key, '-out', file('fleet.csr')],
  ]);
  const servers: TlsFiles[] = [];
  for (const [index, addresses] of clusters.entries()) {
    const cert = file(`fleet-${String(index)}.crt`);
    const names = addresses.map((address) => `IP:${address}`).join(',');
    await writeFile(file('fleet.ext'), `subjectAltName=${names}\nextendedKeyUsage=serverAuth,clientAuth\n`);
    await openssl([
      ...[
        'x509',
        '-req',
        '-in',
        file('fleet.csr'),
        '-CA',
        client.ca,
        '-CAkey',
        file('ca.key'),
        '-days',
        '30',
      ],
      ...['-set_serial', String(1000 + index), '-extfile', file('fleet.ext'), '-out', cert],
    ]);
    servers.push({ ca: client.ca, cert, key });
  }
  return { client, servers };
}

async function openssl(args: string[]): Promise<void> {
  const { path, env } = await findOrFetch('openssl');
  await run(path, args, { env: withoutEtcd(env) });
}
