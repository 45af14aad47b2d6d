import { execFile } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import { delimiter, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { machineRelease, unpackPackages, type Release } from './apt.js';
import { withLock } from './lock.js';
import { cacheDirectory } from './paths.js';
import { RECIPES, type BinaryName, type Recipe } from './recipes.js';

export type { BinaryName } from './recipes.js';

const run = promisify(execFile);

export type Progress = (line: string) => void;

export interface Binary {
  path: string;
  version: string;
  /** What the program needs in its environment, for itself alone. */
  env: Record<string, string>;
  etcdctl?: string;
}

/** From a variable, the PATH, the project's cache, else from the distribution's packages into that cache. */
export async function findOrFetch(name: BinaryName, progress: Progress = () => {}): Promise<Binary> {
  const recipe = RECIPES[name];
  return (
    (await fromVariable(recipe)) ??
    (await fromPath(recipe)) ??
    (await fromCache(name)) ??
    withLock(join(cacheDirectory(), `${name}.lock`), async () => {
      return (await fromCache(name)) ?? fetchBinary(name, progress);
    })
  );
}

export async function ensureBinaries(
  names: readonly BinaryName[],
  progress: Progress = () => {},
): Promise<Map<BinaryName, Binary>> {
  const found = names.map(async (name) => [name, await findOrFetch(name, progress)] as const);
  return new Map(await Promise.all(found));
}

async function fromVariable(recipe: Recipe): Promise<Binary | undefined> {
  const path = process.env[recipe.variable];
  if (path) {
    const binary = await inspect(recipe, path);
    if (!binary) throw new Error(`${recipe.variable}=${path} is not a working ${recipe.title}`);
    return binary;
  }
  const also = recipe.alsoVariable && process.env[recipe.alsoVariable];
  return also ? inspect(recipe, also) : undefined;
}

async function fromPath(recipe: Recipe): Promise<Binary | undefined> {
  for (const path of onPath(recipe.program)) {
    const binary = await inspect(recipe, path);
    if (binary) return binary;
  }
  return undefined;
}

function onPath(program: string): string[] {
  const folders = (process.env['PATH'] ?? '').split(delimiter).filter(Boolean);
  return folders.map((folder) => join(folder, program)).filter((path) => existsSync(path));
}

function fromCache(name: BinaryName): Promise<Binary | undefined> {
  const recipe = RECIPES[name];
  return inspect(recipe, unpackedPath(join(cacheDirectory(), name), recipe));
}

function unpackedPath(directory: string, recipe: Recipe): string {
  return join(directory, 'root/usr/bin', recipe.program);
}

/** Undefined unless the program runs here and its version fits. */
async function inspect(recipe: Recipe, path: string): Promise<Binary | undefined> {
  if (!existsSync(path)) return undefined;
  const env = environment(recipe, path);
  const output = await run(path, [recipe.program === 'openssl' ? 'version' : '--version'], {
    env: withoutEtcd(env),
    timeout: 20_000,
  }).catch(() => undefined);
  const version = /(?:etcd Version: |v=|OpenSSL |LibreSSL )(\d+\.\d+\.\d+)/.exec(output?.stdout ?? '')?.[1];
  if (!version || !recipe.fits.test(version)) return undefined;
  const etcdctl = recipe.program === 'etcd' ? findEtcdctl(path) : undefined;
  return { path, version, env, ...(etcdctl ? { etcdctl } : {}) };
}

function findEtcdctl(etcd: string): string | undefined {
  const candidates = [join(dirname(etcd), 'etcdctl'), process.env['ETCDCTL_BIN'] ?? '', ...onPath('etcdctl')];
  return candidates.find((path) => path && existsSync(path));
}

function environment(recipe: Recipe, path: string): Record<string, string> {
  if (recipe.program === 'etcd') {
    // etcd before 3.5 refuses to start on arm64, even for --version, without this.
    return process.arch === 'arm64' ? { ETCD_UNSUPPORTED_ARCH: 'arm64' } : {};
  }
  return unpackedLibraries(path);
}

/** An unpacked program finds what was unpacked with it; found by path, so that a variable is enough. */
function unpackedLibraries(path: string): Record<string, string> {
  const bin = join('root', 'usr', 'bin');
  if (!dirname(path).endsWith(bin)) return {};
  const root = dirname(path).slice(0, -join('usr', 'bin').length);
  const lib = join(root, 'usr', 'lib');
  const folders = existsSync(lib) ? readdirSync(lib).filter((name) => name.includes('-linux-')) : [];
  const settings = join(root, 'etc', 'ssl', 'openssl.cnf');
  return {
    ...(folders.length > 0 && { LD_LIBRARY_PATH: folders.map((name) => join(lib, name)).join(delimiter) }),
    ...(existsSync(settings) && { OPENSSL_CONF: settings }),
  };
}

/** etcd reads ETCD_* as flags, and one that is also given as a flag is fatal. */
export function withoutEtcd(extra: Record<string, string> = {}): Record<string, string> {
  const kept = Object.entries(process.env).filter(([key]) => !/^ETCD(CTL)?_/.test(key));
  return { ...(Object.fromEntries(kept) as Record<string, string>), ...extra };
}

async function fetchBinary(name: BinaryName, progress: Progress): Promise<Binary> {
  const recipe = RECIPES[name];
  const release = await machineRelease();
  const missing = `${recipe.title} was not found`;
  if (!release) throw new Error(`${missing}, and fetching it needs Debian or Ubuntu.\n${advice(name)}`);
  // Other distributions' mirrors carry their own releases only.
  const suite = (release.id === 'debian' && recipe.suite) || release.codename;
  progress(`▸ fetching ${recipe.title} from ${release.id}'s ${suite} into .cache (once, about 10 s) …`);
  await unpack(name, suite, release).catch((error: unknown) => {
    const why = error instanceof Error ? error.message : String(error);
    const detail = `${missing}, and could not be fetched (try again when the network is there): ${why}`;
    throw new Error(`${detail}\n${advice(name)}`, { cause: error });
  });
  const binary = await fromCache(name);
  if (!binary)
    throw new Error(`${release.id}'s ${suite} has no ${recipe.title} that runs here.\n${advice(name)}`);
  progress(`▸ ${recipe.program} ${binary.version} is ready`);
  return binary;
}

/** Into a folder beside it that is renamed at the end, so that an interrupted download is never taken for a whole. */
async function unpack(name: BinaryName, suite: string, release: Release): Promise<void> {
  const target = join(cacheDirectory(), name);
  const unfinished = `${target}.unfinished`;
  await rm(unfinished, { recursive: true, force: true });
  await mkdir(unfinished, { recursive: true });
  const { packages, withLibraries = false } = RECIPES[name];
  await unpackPackages(unfinished, { release, suite, packages, withLibraries });
  await rm(target, { recursive: true, force: true });
  await rename(unfinished, target);
}

function advice(name: BinaryName): string {
  const { title, program, variable } = RECIPES[name];
  const brew = name === 'redis' ? ' (with Homebrew: brew install redis)' : '';
  return [
    `Install ${title}${brew} so that ${program} is on the PATH, or unpack the project's release and set ${variable}=/path/to/${program}.`,
    'Or run everything in a container: docker run --rm -it -v "$PWD":/steward -w /steward node:20 npm test',
  ].join('\n');
}
