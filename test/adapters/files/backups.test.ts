import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createHash } from 'node:crypto';
import { chmod, mkdtemp, readdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeBackupStore } from '../../../src/adapters/files/backups.js';
import { TargetError } from '../../../src/domain/errors.js';
import { failureOf } from '../../redis.js';

const store = makeBackupStore();
let root: string;
let directory: string;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'etcd-steward-backups-'));
  directory = join(root, 'backups');
  await store.freeBytes(directory);
});

afterEach(async () => {
  await rm(root, { recursive: true, force: true });
});

/** What etcd sends: the database, and its SHA-256 at the end. */
function sent(body: Buffer, trailer = createHash('sha256').update(body).digest()): Buffer {
  return Buffer.concat([body, trailer]);
}

async function* inChunks(content: Buffer, size = 1000): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < content.length; at += size) yield content.subarray(at, at + size);
}

const database = Buffer.alloc(100_000, 'etcd');
const silent = (): void => undefined;
const path = (name: string) => ({ directory, name });

function changed(): Buffer {
  const content = sent(database);
  content[5000] = 0;
  return content;
}

describe('saving a backup', () => {
  it('keeps every byte under its name, for its owner alone, and says how far it is', async () => {
    const progress: number[] = [];
    const content = sent(database);
    const saved = await store.save(path('a.db'), inChunks(content), (bytes) => progress.push(bytes));
    expect(await readFile(join(directory, 'a.db'))).toEqual(content);
    expect((await stat(join(directory, 'a.db'))).mode & 0o777).toBe(0o600);
    expect((await stat(directory)).mode & 0o777).toBe(0o700);
    expect(saved).toEqual({
      path: join(directory, 'a.db'),
      bytes: content.length,
      sha256: createHash('sha256').update(database).digest('hex'),
    });
    expect(progress.at(-1)).toBe(content.length);
  });

  it.each([
    ['whose checksum is wrong', sent(database, Buffer.alloc(32))],
    ['of which a byte has changed', changed()],
    ['that breaks off', sent(database).subarray(0, 60_000)],
    ['that is shorter than a checksum', Buffer.alloc(31)],
    ['that is nothing but a checksum', Buffer.alloc(32)],
    ['that is empty', Buffer.alloc(0)],
  ])('keeps nothing of a stream %s', async (_what, content) => {
    const { error } = await failureOf(store.save(path('a.db'), inChunks(content), silent));
    expect(error).toMatchObject({ code: 'failed' });
    expect(await readdir(directory)).toEqual([]);
    expect(await store.find(directory, 'a.db')).toBeNull();
  });

  it.each([
    ['says that the checksum is wrong', sent(database, Buffer.alloc(32))],
    ['says so of a stream that is too short, too', Buffer.alloc(3)],
  ])('%s', async (_what, content) => {
    const { error } = await failureOf(store.save(path('a.db'), inChunks(content), silent));
    expect(error.message).toContain('checksum');
  });

  it('keeps nothing of a stream that fails, and fails with its reason', async () => {
    const lost = new TargetError('unavailable', 'm2', 'the member went away');
    async function* failing(): AsyncGenerator<Uint8Array> {
      yield database;
      throw lost;
    }
    await expect(store.save(path('a.db'), failing(), silent)).rejects.toBe(lost);
    expect(await readdir(directory)).toEqual([]);
  });

  it('leaves an earlier backup as it is where the next one fails', async () => {
    await store.save(path('a.db'), inChunks(sent(database)), silent);
    await failureOf(store.save(path('a.db'), inChunks(changed()), silent));
    expect(await store.find(directory, 'a.db')).toMatchObject({ bytes: database.length + 32 });
  });

  it('takes the place of what a process that died has left half done', async () => {
    await writeFile(join(directory, 'a.db.part'), 'much too long, and of another time'.repeat(9000));
    await store.save(path('a.db'), inChunks(sent(database)), silent);
    expect(await readdir(directory)).toEqual(['a.db']);
    expect(await readFile(join(directory, 'a.db'))).toEqual(sent(database));
  });

  it('tells a directory that it may not write to as a failure of the target', async () => {
    await writeFile(join(root, 'file'), '');
    const ask = store.save({ directory: join(root, 'file'), name: 'a.db' }, inChunks(sent(database)), silent);
    const { error } = await failureOf(ask);
    expect(error).toMatchObject({ code: 'failed', target: join(root, 'file') });
  });
});

describe('finding a backup', () => {
  it('never counts one that is not finished', async () => {
    await writeFile(join(directory, 'a.db.part'), 'half');
    expect(await store.find(directory, 'a.db')).toBeNull();
    expect(await store.find(join(root, 'nowhere'), 'a.db')).toBeNull();
  });
});

describe('pruning', () => {
  const name = (cluster: string, day: number, of = '') =>
    `${cluster}@2026-03-0${String(day)}T03-00-00-000Z${of}.db`;

  /** Each written an hour after the one before it. */
  async function having(...names: readonly string[]): Promise<void> {
    for (const [hour, one] of names.entries()) {
      await writeFile(join(directory, one), '');
      await utimes(join(directory, one), hour * 3600, hour * 3600);
    }
  }

  it('removes all but the newest ones of one cluster, and says which', async () => {
    await having(name('prod', 1), name('prod', 2), name('prod', 3), name('prod', 4));
    expect(await store.prune(directory, 'prod@', 2)).toEqual([name('prod', 1), name('prod', 2)]);
    expect((await readdir(directory)).sort()).toEqual([name('prod', 3), name('prod', 4)]);
  });

  it('knows the names of before and those of operations, and goes by when they were written', async () => {
    const [late, early] = [name('prod', 2, '-1a2b3c4d'), name('prod', 5, '-op-7Qm2x')];
    await having(name('prod', 1), early, name('prod', 6), late);
    expect(await store.prune(directory, 'prod@', 2)).toEqual([name('prod', 1), early]);
    expect((await readdir(directory)).sort()).toEqual([late, name('prod', 6)]);
  });

  it('goes by the names where all were written at once, as after a copy', async () => {
    const names = [name('prod', 3), name('prod', 1, '-1a2b3c4d'), name('prod', 2)];
    await having(...names);
    for (const one of names) await utimes(join(directory, one), 7, 7);
    expect(await store.prune(directory, 'prod@', 1)).toEqual([name('prod', 1, '-1a2b3c4d'), name('prod', 2)]);
  });

  it('takes away what a killed process left half written', async () => {
    await having(`${name('prod', 1)}.part`, name('prod', 2), `${name('prod-2', 1)}.part`);
    expect(await store.prune(directory, 'prod@', 3)).toEqual([]);
    expect((await readdir(directory)).sort()).toEqual([`${name('prod-2', 1)}.part`, name('prod', 2)].sort());
  });

  it('touches no other cluster, and nothing that is no backup', async () => {
    const others = [name('prod-2', 1), name('a-prod', 1), 'prod@notes.txt', `${name('prod-2', 2)}.part`];
    await having(...others, name('prod', 5), name('prod', 6));
    expect(await store.prune(directory, 'prod@', 1)).toEqual([name('prod', 5)]);
    expect((await readdir(directory)).sort()).toEqual([...others, name('prod', 6)].sort());
  });

  it('removes nothing where there are no more than wanted', async () => {
    await having(name('prod', 1));
    expect(await store.prune(directory, 'prod@', 3)).toEqual([]);
    expect(await readdir(directory)).toHaveLength(1);
  });
});

describe('the room that is left', () => {
  it('is that of the file system, and the directory is made where it is missing', async () => {
    const deep = join(root, 'one', 'two');
    expect(await store.freeBytes(deep)).toBeGreaterThan(1_000_000);
    expect((await stat(deep)).mode & 0o777).toBe(0o700);
  });

  it('is a failure of the target where there can be no directory', async () => {
    await writeFile(join(root, 'file'), '');
    await chmod(join(root, 'file'), 0o600);
    const { error } = await failureOf(store.freeBytes(join(root, 'file', 'under')));
    expect(error).toMatchObject({ code: 'failed' });
  });
});
