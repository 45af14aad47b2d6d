import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { withLock } from '../../../infra/local/lock.js';

let folder: string;
let lock: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'etcd-steward-lock-'));
  lock = join(folder, 'lock');
});

afterEach(() => rm(folder, { recursive: true }));

describe('a lock', () => {
  it('lets one at a time work', async () => {
    let inside = 0;
    let most = 0;
    const work = () =>
      withLock(lock, async () => {
        most = Math.max(most, ++inside);
        await setImmediate();
        inside--;
      });
    await Promise.all([work(), work(), work()]);
    expect(most).toBe(1);
  });

  it('is never taken while it is let go', async () => {
    let inside = 0;
    const work = () =>
      withLock(lock, async () => {
        if (++inside > 1) throw new Error('two at once');
        await setImmediate();
        inside--;
      });
    for (let round = 0; round < 10; round++) await Promise.all([work(), work()]);
    expect(existsSync(lock)).toBe(false);
  });

  it('is taken over from a process that is gone', async () => {
    const { pid } = spawnSync('true');
    await mkdir(lock);
    await writeFile(join(lock, 'pid'), String(pid));
    expect(await withLock(lock, () => Promise.resolve('done'))).toBe('done');
  });

  it('is free again after a failure', async () => {
    await expect(withLock(lock, () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    expect(existsSync(lock)).toBe(false);
  });
});
