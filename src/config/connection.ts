import { isAbsolute } from 'node:path';
import type { Verdict } from '../domain/errors.js';
import type { Auth, Connection, Tls } from './config.js';
import { besideConfig, readPem, readSecret } from './files.js';
import type { Path, Problems } from './problems.js';
import type { ClusterEntry } from './schema.js';
import { sealed } from './secret.js';

/** Adds the problem, and goes on without the value. */
type Take = (key: string, verdict: Verdict<string>) => string | undefined;

interface Source {
  readonly path: Path;
  readonly entry: ClusterEntry;
  /** The configuration's own file. */
  readonly file: string;
}

/** Reads what it takes to get in. */
export function readConnection(problems: Problems, { path, entry, file }: Source): Connection {
  const tls = readTls(takeFor(problems, [...path, 'tls']), entry.tls, file);
  const auth = readAuth(takeFor(problems, [...path, 'auth']), entry.auth, file);
  return sealed({
    ...(tls === undefined ? {} : { tls: sealed(tls) }),
    ...(auth === undefined ? {} : { auth: sealed(auth) }),
    ...(entry.metrics === undefined ? {} : { metrics: entry.metrics }),
  });
}

function takeFor(problems: Problems, path: Path): Take {
  return (key, verdict) => {
    if (verdict.ok) return verdict.value;
    problems.add([...path, key], `${verdict.reason}; give a file that this process can read`);
    return undefined;
  };
}

function readTls(take: Take, entry: ClusterEntry['tls'], file: string): Tls | undefined {
  if (entry === undefined) return undefined;
  const pem = (key: 'ca' | 'cert' | 'key'): Tls => {
    const path = entry[key];
    if (path === undefined) return {};
    const content = take(
      key,
      readPem(besideConfig(file, path), key === 'key' ? 'PRIVATE KEY' : 'CERTIFICATE'),
    );
    return content === undefined ? {} : { [key]: content };
  };
  return { ...pem('ca'), ...pem('cert'), ...pem('key') };
}

function readAuth(take: Take, entry: ClusterEntry['auth'], file: string): Auth | undefined {
  if (entry === undefined) return undefined;
  const password = take('passwordFile', readSecret(besideConfig(file, entry.passwordFile)));
  return password === undefined ? undefined : { username: entry.username, password };
}

export function checkPair(problems: Problems, path: Path, { tls }: ClusterEntry): void {
  if (tls === undefined || (tls.cert === undefined) === (tls.key === undefined)) return;
  const missing = tls.cert === undefined ? 'cert' : 'key';
  const place = [...path, 'tls', missing];
  if (!problems.has(place)) problems.add(place, 'is missing; cert and key belong together');
}

export function checkBackup(problems: Problems, path: Path, { backup }: ClusterEntry): void {
  if (backup === undefined || isAbsolute(backup.directory)) return;
  problems.add(
    [...path, 'backup', 'directory'],
    'must be an absolute path, such as /var/lib/steward/backups',
  );
}

/** How etcdctl gets in by hand. It asks for the password itself. */
export function etcdctlFlags(entry: ClusterEntry, file: string): readonly string[] {
  const { tls, auth } = entry;
  const flag = (name: string, path: string | undefined): string[] =>
    path === undefined ? [] : [`--${name}=${besideConfig(file, path)}`];
  const user = auth === undefined ? [] : [`--user=${auth.username}`];
  return [...flag('cacert', tls?.ca), ...flag('cert', tls?.cert), ...flag('key', tls?.key), ...user];
}
