import { execFile } from 'node:child_process';
import { constants } from 'node:fs';
import { access, mkdir, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

export interface Release {
  /** `debian`, `ubuntu`, … as /etc/os-release names it. */
  id: string;
  codename: string;
  mirror: string;
}

export interface Wanted {
  release: Release;
  /** Which of the mirror's suites; the machine's own for programs that need its libraries. */
  suite: string;
  packages: string[];
  /** Also whatever libraries the packages need and this machine lacks. */
  withLibraries: boolean;
}

/** What this machine installs from, or undefined where there is no apt. Needs no root and no package lists. */
export async function machineRelease(): Promise<Release | undefined> {
  const system = await readFile('/etc/os-release', 'utf8').catch(() => '');
  const id = /^ID="?([\w.-]+)/m.exec(system)?.[1];
  const codename = /^VERSION_CODENAME="?([\w.-]+)/m.exec(system)?.[1];
  if (!id || !codename) return undefined;
  const uris = await run('apt-get', ['update', '--print-uris']).catch(() => ({ stdout: '' }));
  const mirror = new RegExp(`^'(.*)/dists/${codename}/InRelease'`, 'm').exec(uris.stdout)?.[1];
  return mirror ? { id, codename, mirror } : undefined;
}

/** Downloads packages and unpacks them into `directory`/root; the system's sources, lists and state stay as they are. */
export async function unpackPackages(directory: string, wanted: Wanted): Promise<void> {
  await prepare(directory, wanted);
  await aptGet(directory, wanted, ['update']);
  await aptGet(
    directory,
    wanted,
    wanted.withLibraries
      ? ['-y', '--no-install-recommends', '--download-only', 'install', ...wanted.packages]
      : ['download', ...wanted.packages],
  );
  const archives = wanted.withLibraries ? join(directory, 'cache/archives') : directory;
  for (const file of (await readdir(archives)).filter((name) => name.endsWith('.deb'))) {
    await run('dpkg', ['-x', join(archives, file), join(directory, 'root')]);
    await rm(join(archives, file));
  }
  for (const folder of ['state', 'cache', 'etc']) await rm(join(directory, folder), { recursive: true });
}

async function prepare(directory: string, { release, suite }: Wanted): Promise<void> {
  for (const folder of ['state/lists/partial', 'cache/archives/partial', 'etc/parts', 'root'])
    await mkdir(join(directory, folder), { recursive: true });
  await writeFile(join(directory, 'state/status'), '');
  const components = release.id === 'debian' ? 'main' : 'main universe';
  const line = `deb [signed-by=${await keyring(release.id)}] ${release.mirror} ${suite} ${components}\n`;
  await writeFile(join(directory, 'etc/sources.list'), line);
}

async function keyring(id: string): Promise<string> {
  const names = ['gpg', 'pgp'].map((ending) => `/usr/share/keyrings/${id}-archive-keyring.${ending}`);
  for (const name of names) {
    const found = await access(name, constants.R_OK).then(
      () => true,
      () => false,
    );
    if (found) return name;
  }
  throw new Error(`The package ${id}-archive-keyring is missing (${names[0]})`);
}

async function aptGet(directory: string, wanted: Wanted, args: string[]): Promise<void> {
  const options = aptOptions(directory, wanted.withLibraries).flatMap((option) => ['-o', option]);
  // apt leaves downloads in the working directory.
  const settings = { cwd: directory, env: { ...process.env, LC_ALL: 'C' }, timeout: 300_000 };
  await run('apt-get', [...options, '-q', ...args], settings).catch((error: unknown) => {
    throw new Error(`apt-get ${args.join(' ')} failed: ${reason(error as { stderr?: string })}`, {
      cause: error,
    });
  });
}

function aptOptions(directory: string, withLibraries: boolean): string[] {
  const within = (path: string) => join(directory, path);
  // With the real status apt knows which libraries are here; without one it does not prefer an installed version.
  const status = withLibraries ? '/var/lib/dpkg/status' : within('state/status');
  return [
    `Dir::State=${within('state')}`,
    `Dir::State::lists=${within('state/lists')}`,
    `Dir::State::status=${status}`,
    `Dir::Cache=${within('cache')}`,
    `Dir::Etc::SourceList=${within('etc/sources.list')}`,
    `Dir::Etc::SourceParts=${within('etc/parts')}`,
    `Dir::Etc::PreferencesParts=${within('etc/parts')}`,
    'Dir::Etc::Preferences=/dev/null',
    'APT::Sandbox::User=root',
    'Acquire::Languages=none',
    'Acquire::Retries=3',
    // Else a mirror out of reach passes for one that lacks the packages.
    'APT::Update::Error-Mode=any',
    'Debug::NoLocking=1',
  ];
}

function reason(error: { stderr?: string; message?: string }): string {
  const lines = (error.stderr || error.message || '').trim().split('\n');
  return lines.slice(-3).join(' ');
}
