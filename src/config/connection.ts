import { isAbsolute } from 'node:path';
import type { Verdict } from '../domain/errors.js';
import type { Auth, Connection, Environment, Role, Tls } from './config.js';
import { besideConfig, readPem, readSecret } from './files.js';
import { readKubernetes } from './kubernetes.js';
import type { Path, Problems } from './problems.js';
import type { AuthEntry, ClusterEntry, KubernetesEntry, TlsEntry } from './cluster-schema.js';
import { sealed } from './secret.js';

/** Adds the problem, and goes on without the value. */
type Take = (key: string, verdict: Verdict<string>) => string | undefined;

interface Source {
  readonly path: Path;
  readonly entry: ClusterEntry;
  /** The configuration's own file. */
  readonly file: string;
  readonly role: Role;
  readonly env: Environment;
}

/**
 * Reads what it takes to get in. The role `bot` holds no credential of a cluster, and only those that make changes hold the
 * operating one: elsewhere the files need not even be there.
 */
export function readConnection(problems: Problems, source: Source): Connection {
  const { role, entry } = source;
  if (role === 'bot') return sealed({});
  const { tls, auth } = readIdentity(problems, source, entry);
  const operates = role === 'executor' || role === 'all';
  const operate = operates ? readOperate(problems, source) : {};
  // The authority vouches for the members, whoever asks them.
  const operateTls =
    operate.tls && sealed({ ...(tls?.ca === undefined ? {} : { ca: tls.ca }), ...operate.tls });
  return sealed({
    ...(tls === undefined ? {} : { tls }),
    ...(auth === undefined ? {} : { auth }),
    ...(operateTls === undefined ? {} : { operateTls }),
    ...(operate.auth === undefined ? {} : { operateAuth: operate.auth }),
    ...(entry.metrics === undefined ? {} : { metrics: entry.metrics }),
    ...readKubernetesOf(problems, source, operates),
  });
}

function readKubernetesOf(
  problems: Problems,
  source: Source,
  operates: boolean,
): Pick<Connection, 'kubernetes' | 'operateKubernetes'> {
  const { path, entry } = source;
  const read = (place: Path, one: KubernetesEntry | undefined) =>
    readKubernetes(problems, { ...source, path: place }, one);
  const kubernetes = read([...path, 'kubernetes'], entry.kubernetes);
  const own = [...path, 'operate', 'kubernetes'];
  const operateKubernetes = operates ? read(own, entry.operate?.kubernetes) : undefined;
  return {
    ...(kubernetes === undefined ? {} : { kubernetes }),
    ...(operateKubernetes === undefined ? {} : { operateKubernetes }),
  };
}

interface Identity<T = Tls, A = Auth> {
  readonly tls?: T | undefined;
  readonly auth?: A | undefined;
}

type IdentityEntry = Identity<TlsEntry, AuthEntry>;

function readOperate(problems: Problems, source: Source): Identity {
  return readIdentity(problems, { ...source, path: [...source.path, 'operate'] }, source.entry.operate ?? {});
}

function readIdentity(problems: Problems, { path, file }: Source, entry: IdentityEntry): Identity {
  const tls = readTls(takeFor(problems, [...path, 'tls']), entry.tls, file);
  const auth = readAuth(takeFor(problems, [...path, 'auth']), entry.auth, file);
  return { tls: tls && sealed(tls), auth: auth && sealed(auth) };
}

function takeFor(problems: Problems, path: Path): Take {
  return (key, verdict) => {
    if (verdict.ok) return verdict.value;
    problems.add([...path, key], `${verdict.reason}; give a file that this process can read`);
    return undefined;
  };
}

function readTls(take: Take, entry: TlsEntry | undefined, file: string): Tls | undefined {
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

function readAuth(take: Take, entry: AuthEntry | undefined, file: string): Auth | undefined {
  if (entry === undefined) return undefined;
  const password = take('passwordFile', readSecret(besideConfig(file, entry.passwordFile)));
  return password === undefined ? undefined : { username: entry.username, password };
}

export function checkPairs(problems: Problems, path: Path, { tls, operate }: ClusterEntry): void {
  checkPair(problems, [...path, 'tls'], tls);
  checkPair(problems, [...path, 'operate', 'tls'], operate?.tls);
}

function checkPair(problems: Problems, path: Path, tls: TlsEntry | undefined): void {
  if (tls === undefined || (tls.cert === undefined) === (tls.key === undefined)) return;
  const place = [...path, tls.cert === undefined ? 'cert' : 'key'];
  if (!problems.has(place)) problems.add(place, 'is missing; cert and key belong together');
}

export function checkBackup(problems: Problems, path: Path, { backup }: ClusterEntry): void {
  if (backup === undefined || isAbsolute(backup.directory)) return;
  problems.add(
    [...path, 'backup', 'directory'],
    'must be an absolute path, such as /var/lib/steward/backups',
  );
}

/** How etcdctl gets in by hand to make a change. It asks for the password itself. */
export function etcdctlFlags(entry: ClusterEntry, file: string): readonly string[] {
  const { operate } = entry;
  const tls = operate?.tls ?? entry.tls;
  const auth = operate?.auth ?? entry.auth;
  const flag = (name: string, path: string | undefined): string[] =>
    path === undefined ? [] : [`--${name}=${besideConfig(file, path)}`];
  const user = auth === undefined ? [] : [`--user=${auth.username}`];
  const ca = tls?.ca ?? entry.tls?.ca;
  return [...flag('cacert', ca), ...flag('cert', tls?.cert), ...flag('key', tls?.key), ...user];
}
