import { createHash } from 'node:crypto';
import { mkdir, open, readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { types } from 'node:util';
import { TargetError } from '../../domain/errors.js';
import type { SpentTokens } from '../../domain/ports.js';

/** Longer than any approval holds, and than any record is kept. */
const KEPT_MS = 100 * 86_400_000;

/** One empty file for each token, named by its digest: made in one step or found there, and flushed to the disk. */
export function makeSpentTokens(directory: string): SpentTokens {
  return {
    async spend(token) {
      try {
        await mkdir(directory, { recursive: true, mode: 0o700 });
        await forgetOld(directory);
        return await make(directory, createHash('sha256').update(token).digest('hex'));
      } catch (error) {
        if (!types.isNativeError(error)) throw error;
        const message = `${directory}: ${error.message}; nothing is started without its mark there`;
        throw new TargetError('failed', directory, message, { cause: error });
      }
    },
  };
}

async function make(directory: string, name: string): Promise<boolean> {
  try {
    const file = await open(join(directory, name), 'wx', 0o600);
    await file.sync();
    await file.close();
    await flush(directory);
    return true;
  } catch (error) {
    if (types.isNativeError(error) && 'code' in error && error.code === 'EEXIST') return false;
    throw error;
  }
}

/** The directory's entry too has to outlive a power cut. */
async function flush(directory: string): Promise<void> {
  const folder = await open(directory, 'r');
  await folder.sync();
  await folder.close();
}

async function forgetOld(directory: string): Promise<void> {
  const before = Date.now() - KEPT_MS;
  for (const name of await readdir(directory)) {
    const path = join(directory, name);
    const found = await stat(path).catch(() => null);
    if (found && found.mtimeMs < before) await rm(path, { force: true });
  }
}
