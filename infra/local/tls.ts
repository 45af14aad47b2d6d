import { execFile } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { findOrFetch, withoutEtcd } from './binaries.js';

const run = promisify(execFile);

export interface TlsFiles {
  ca: string;
  cert: string;
  key: string;
}

export interface LocalTls {
  server: TlsFiles;
  client: TlsFiles;
}

/** A throw-away authority with one certificate for the servers and one for their clients (CN `root`). */
export async function makeTls(directory: string): Promise<LocalTls> {
  await mkdir(directory, { recursive: true });
  const ca = join(directory, 'ca.crt');
  const caKey = join(directory, 'ca.key');
  await openssl([
    ...['req', '-x509', '-subj', '/CN=local', '-days', '30', '-out', ca],
    ...newKey(caKey),
    ...['-addext', 'keyUsage=critical,keyCertSign,cRLSign'],
  ]);
  const authority = { directory, ca, caKey };
  return { server: await issue(authority, 'server'), client: await issue(authority, 'root') };
}

interface Authority {
  directory: string;
  ca: string;
  caKey: string;
}

async function issue({ directory, ca, caKey }: Authority, name: string): Promise<TlsFiles> {
  const file = (ending: string) => join(directory, `${name}.${ending}`);
  const extensions = 'subjectAltName=IP:127.0.0.1,DNS:localhost\nextendedKeyUsage=serverAuth,clientAuth\n';
  await writeFile(file('ext'), extensions);
  await openssl(['req', '-new', '-subj', `/CN=${name}`, '-out', file('csr'), ...newKey(file('key'))]);
  await openssl([
    ...['x509', '-req', '-in', file('csr'), '-CA', ca, '-CAkey', caKey, '-CAcreateserial'],
    ...['-days', '30', '-extfile', file('ext'), '-out', file('crt')],
  ]);
  return { ca, cert: file('crt'), key: file('key') };
}

function newKey(file: string): string[] {
  return ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-keyout', file];
}

async function openssl(args: string[]): Promise<void> {
  const { path, env } = await findOrFetch('openssl');
  await run(path, args, { env: withoutEtcd(env) });
}
