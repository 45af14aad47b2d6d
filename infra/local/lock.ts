import { mkdir, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { randomUUID } from 'node:crypto';
import { until } from './until.js';

const HEARTBEAT_MS = 5_000;
const STALE_MS = 60_000;

/**
 * Runs the work while this process alone holds the folder `path`. A folder that holds a file cannot be renamed
 * over, so the lock appears together with its owner's pid or not at all. It is stale when that process is gone,
 * or when its heart stopped (the pid may belong to another program by now).
 */
export async function withLock<T>(path: string, work: () => Promise<T>): Promise<T> {
  await mkdir(dirname(path), { recursive: true });
  await until(() => acquire(path), { what: `the lock ${path} is free`, timeoutMs: 600_000, everyMs: 100 });
  const heart = setInterval(() => void beat(path), HEARTBEAT_MS);
  heart.unref();
  try {
    return await work();
  } finally {
    clearInterval(heart);
    await takeAway(path);
  }
}

async function acquire(path: string): Promise<boolean> {
  const mine = `${path}.${randomUUID()}`;
  await mkdir(mine);
  await writeFile(join(mine, 'pid'), String(process.pid));
  try {
    await rename(mine, path);
    return true;
  } catch {
    await rm(mine, { recursive: true, force: true });
    if (await isStale(path)) await takeAway(path);
    return false;
  }
}

async function isStale(path: string): Promise<boolean> {
  try {
    const pid = Number(await readFile(join(path, 'pid'), 'utf8'));
    const age = Date.now() - (await stat(join(path, 'pid'))).mtimeMs;
    return age > STALE_MS || !isAlive(pid);
  } catch {
    return false;
  }
}

/**
 * Renamed before it is removed: of two processes that saw it stale only one removes it, and nobody can take a folder that
 * is emptied just now.
 */
async function takeAway(path: string): Promise<void> {
  const trash = `${path}.${randomUUID()}.gone`;
  await rename(path, trash).catch(() => {});
  await rm(trash, { recursive: true, force: true });
}

async function beat(path: string): Promise<void> {
  const now = new Date();
  await utimes(join(path, 'pid'), now, now).catch(() => {});
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
