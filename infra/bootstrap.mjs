// Runs before node_modules exists: only built-in modules here.
import { spawn } from 'node:child_process';
import { createHash, randomUUID } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { statSync, utimesSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));
const LOCK = join(ROOT, 'node_modules', '.steward-bootstrap');
const INSTALLED = join(ROOT, 'node_modules', '.steward-lock');
const BUILT = join(ROOT, 'dist', '.built');
const NEEDED = [20, 20];

try {
  checkNode();
  if (isStale(INSTALLED, dependenciesHash()) || isStale(BUILT, sourcesHash()) || isForced()) {
    await withLock(bringUpToDate);
  }
} catch (error) {
  console.error(`✗ ${error.message}`);
  process.exitCode = 1;
}

async function bringUpToDate() {
  // Asked again: another bootstrap may have done the work while this one waited for the lock.
  if (isStale(INSTALLED, dependenciesHash())) await install();
  if (isStale(BUILT, sourcesHash()) || isForced()) await build();
}

function checkNode() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major > NEEDED[0] || (major === NEEDED[0] && minor >= NEEDED[1])) return;
  throw new Error(
    `etcd-steward needs Node.js ${NEEDED.join('.')} or newer; this is ${process.version} (${process.execPath}). ` +
      'Install a newer one, for example with nvm: nvm install 20',
  );
}

function isForced() {
  return process.argv.includes('--build');
}

async function install() {
  console.log('▸ installing dependencies (once, about 30 s) …');
  const npm = process.env.npm_execpath;
  const [command, before] = npm ? [process.execPath, [npm]] : ['npm', []];
  // Not `npm ci`: the lock lists no optional packages of other platforms, and `ci` refuses it for that.
  // NODE_ENV=production would leave out what the build needs.
  const args = ['install', '--no-save', '--no-audit', '--no-fund', '--include=dev'];
  await run(command, [...before, ...args], {
    failed: 'Installing the dependencies failed. Check network and proxy (npm config list), then try again.',
  });
  writeFileSync(INSTALLED, dependenciesHash());
}

async function build() {
  console.log('▸ building …');
  // Taken before the compiler reads: a source that changes meanwhile is built again next time.
  const hash = sourcesHash();
  // The compiler never deletes: what was removed from the sources would stay alive in dist.
  rmSync(join(ROOT, 'dist'), { recursive: true, force: true });
  await run(process.execPath, ['node_modules/typescript/bin/tsc', '-p', 'tsconfig.build.json'], {
    failed: 'The build failed: mend the errors above, then run the command again.',
  });
  const program = join(ROOT, 'dist/src/main.js');
  if (existsSync(program)) chmodSync(program, 0o755);
  writeFileSync(BUILT, hash);
}

/** Shows the output only on failure. */
async function run(command, args, { failed }) {
  const child = spawn(command, args, { cwd: ROOT, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  child.stdout.on('data', (text) => (output += text));
  child.stderr.on('data', (text) => (output += text));
  const code = await new Promise((resolve) => {
    child.on('error', (error) => resolve((output += error.message)));
    child.on('close', resolve);
  });
  if (code !== 0) throw new Error(`${failed}\n\n${output.trim()}`);
}

function isStale(stamp, hash) {
  try {
    return readFileSync(stamp, 'utf8') !== hash;
  } catch {
    return true;
  }
}

/** With the platform, because native packages of another one (a folder shared with a container) are of no use. */
function dependenciesHash() {
  const platform = `${process.platform} ${process.arch} ${process.versions.modules}`;
  return hashOf([platform, readFileSync(join(ROOT, 'package-lock.json'))]);
}

function sourcesHash() {
  const files = ['src', 'infra', 'test/bench', 'test/engine/crash'].flatMap(sources).sort();
  const settings = readdirSync(ROOT).filter((name) => /^(tsconfig.*|package)\.json$/.test(name));
  const all = [...files, ...settings.sort()];
  return hashOf(all.flatMap((file) => [file, readFileSync(join(ROOT, file))]));
}

function sources(folder) {
  if (!existsSync(join(ROOT, folder))) return [];
  const entries = readdirSync(join(ROOT, folder), { recursive: true });
  return entries.filter((name) => name.endsWith('.ts')).map((name) => join(folder, name));
}

function hashOf(parts) {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part).update('\0');
  return hash.digest('hex');
}

/**
 * One bootstrap at a time. A folder with a file in it cannot be renamed over, so the lock appears together with its
 * owner's pid. It is stale when that process is gone, or has not touched it for a minute.
 */
async function withLock(work) {
  mkdirSync(dirname(LOCK), { recursive: true });
  for (let waits = 0; !acquire(); waits++) {
    if (waits === 10) console.log('▸ waiting for another bootstrap of this folder …');
    await delay(100);
  }
  const heart = setInterval(() => touch(join(LOCK, 'pid')), 5_000);
  process.once('exit', () => rmSync(LOCK, { recursive: true, force: true }));
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.once(signal, () => process.exit(1));
  try {
    await work();
  } finally {
    clearInterval(heart);
  }
}

function acquire() {
  const mine = `${LOCK}.${randomUUID()}`;
  mkdirSync(mine);
  writeFileSync(join(mine, 'pid'), String(process.pid));
  try {
    renameSync(mine, LOCK);
    return true;
  } catch {
    rmSync(mine, { recursive: true });
    if (isAbandoned()) takeAway();
    return false;
  }
}

function isAbandoned() {
  try {
    const file = join(LOCK, 'pid');
    return Date.now() - statSync(file).mtimeMs > 60_000 || !isAlive(Number(readFileSync(file, 'utf8')));
  } catch {
    return false;
  }
}

/** Renamed before it is removed, so that of two processes that saw it abandoned only one removes it. */
function takeAway() {
  const trash = `${LOCK}.${randomUUID()}`;
  try {
    renameSync(LOCK, trash);
    rmSync(trash, { recursive: true });
  } catch {
    // Another one was faster.
  }
}

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}

function touch(file) {
  try {
    utimesSync(file, new Date(), new Date());
  } catch {
    // Taken away: the next one builds again at worst.
  }
}
