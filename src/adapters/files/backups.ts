import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdir, open, readdir, rename, rm, stat, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { types } from 'node:util';
import { TargetError } from '../../domain/errors.js';
import type { BackupStore, OnBytes, SavedBackup } from '../../domain/ports.js';

const SHA256_BYTES = 32;

/** Backups as files of this machine: readable by their owner alone, named only once their checksum is right. */
export function makeBackupStore(): BackupStore {
  return {
    freeBytes: (directory) =>
      told(directory, async () => {
        await mkdir(directory, { recursive: true, mode: 0o700 });
        const { bavail, bsize } = await statfs(directory);
        return bavail * bsize;
      }),
    save: ({ directory, name }, content, onBytes) =>
      told(directory, () => save(join(directory, name), content, onBytes)),
    find: (directory, name) =>
      told(directory, async () => {
        const path = join(directory, name);
        const found = await stat(path).catch(() => null);
        return found ? { path, bytes: found.size } : null;
      }),
    prune: (directory, prefix, keep) => told(directory, () => prune(directory, prefix, keep)),
  };
}

const UNFINISHED = '.part';

async function save(
  path: string,
  content: AsyncIterable<Uint8Array>,
  onBytes: OnBytes,
): Promise<SavedBackup> {
  const unfinished = `${path}${UNFINISHED}`;
  let bytes = 0;
  async function* counted(): AsyncGenerator<Uint8Array> {
    for await (const chunk of content) {
      bytes += chunk.length;
      onBytes(bytes);
      yield chunk;
    }
  }
  try {
    await pipeline(counted(), createWriteStream(unfinished, { mode: 0o600, flush: true }));
    const sha256 = await verified(unfinished, bytes);
    await rename(unfinished, path);
    return { path, bytes, sha256 };
  } catch (error) {
    await rm(unfinished, { force: true });
    throw error;
  }
}

/** etcd ends its stream with the SHA-256 of all that came before. */
async function verified(path: string, bytes: number): Promise<string> {
  if (bytes <= SHA256_BYTES) throw wrongChecksum(path);
  const file = await open(path, 'r');
  try {
    const hash = createHash('sha256');
    const body = file.createReadStream({ start: 0, end: bytes - SHA256_BYTES - 1, autoClose: false });
    for await (const chunk of body) hash.update(chunk as Buffer);
    const digest = hash.digest('hex');
    const trailer = Buffer.alloc(SHA256_BYTES);
    await file.read(trailer, 0, SHA256_BYTES, bytes - SHA256_BYTES);
    if (trailer.toString('hex') === digest) return digest;
    throw wrongChecksum(path);
  } finally {
    await file.close();
  }
}

function wrongChecksum(path: string): TargetError {
  return new TargetError('failed', path, 'the checksum of the backup is wrong: it is not kept');
}

/** Ends in a time, and since operations have a part in it, in some letters of theirs. `.part` is not finished. */
const BACKUP = /\d\dZ(-[\w-]+)?\.db$/;

async function prune(directory: string, prefix: string, keep: number): Promise<readonly string[]> {
  const own = (await readdir(directory)).filter((name) => name.startsWith(prefix));
  // A process that was killed leaves its half file; nobody else is at this cluster now, so none is being written.
  const halves = own.filter((name) => name.endsWith(UNFINISHED));
  await Promise.all(halves.map((name) => rm(join(directory, name), { force: true })));
  const names = own.filter((name) => BACKUP.test(name));
  const written = await Promise.all(
    names.map(async (name) => ({ name, at: (await stat(join(directory, name))).mtimeMs })),
  );
  // The name tells when it was proposed: the one that was taken just now may not be the last by that.
  written.sort((a, b) => a.at - b.at || (a.name < b.name ? -1 : 1));
  const old = written.slice(0, Math.max(0, written.length - keep)).map(({ name }) => name);
  await Promise.all(old.map((name) => rm(join(directory, name))));
  return old;
}

/** What the file system refuses, as a failure of the target that the backup goes to. */
async function told<T>(directory: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof TargetError || !types.isNativeError(error) || !('code' in error)) throw error;
    throw new TargetError('failed', directory, `${directory}: ${error.message}`, { cause: error });
  }
}
