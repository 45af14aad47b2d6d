import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { findOrFetch, withoutEtcd } from '../binaries.js';
import { makeTls, type LocalTls } from '../tls.js';

const run = promisify(execFile);

/** A throw-away authority, whose servers' certificate holds for all these addresses. */
export async function makeFleetTls(directory: string, addresses: readonly string[]): Promise<LocalTls> {
  const { client } = await makeTls(directory);
  const file = (name: string): string => join(directory, name);
  const names = addresses.map((address) => `IP:${address}`).join(',');
  await writeFile(file('fleet.ext'), `subjectAltName=${names}\nextendedKeyUsage=serverAuth,clientAuth\n`);
  await openssl([
    ...['req', '-new', '-subj', '/CN=fleet', '-nodes', '-newkey', 'ec', '-pkeyopt'],
    ...['ec_paramgen_curve:P-256', '-keyout', file('fleet.key'), '-out', file('fleet.csr')],
  ]);
  await openssl([
    ...['x509', '-req', '-in', file('fleet.csr'), '-CA', client.ca, '-CAkey', file('ca.key'), '-days', '30'],
    ...['-CAcreateserial', '-extfile', file('fleet.ext'), '-out', file('fleet.crt')],
  ]);
  return { client, server: { ca: client.ca, cert: file('fleet.crt'), key: file('fleet.key') } };
}

async function openssl(args: string[]): Promise<void> {
  const { path, env } = await findOrFetch('openssl');
  await run(path, args, { env: withoutEtcd(env) });
}
