import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Redis } from 'ioredis';
import { makeAudit } from '../../../src/adapters/audit/audit.js';
import { randomIds, systemClock } from '../../../src/adapters/system.js';

export const KEY = 'a key for these tests alone, of forty characters and more';

export interface Logged {
  readonly level: string;
  readonly fields: Readonly<Record<string, unknown>>;
  readonly message: string;
}

export interface Bench {
  readonly directory: string;
  readonly file: string;
  readonly logged: Logged[];
  /** The trail of one process; several of them share the file. */
  audit(redis: Redis): ReturnType<typeof makeAudit>;
  lines(): Promise<readonly string[]>;
  remove(): Promise<void>;
}

export async function makeBench(): Promise<Bench> {
  const directory = await mkdtemp(join(tmpdir(), 'steward-audit-'));
  const file = join(directory, 'audit.jsonl');
  const logged: Logged[] = [];
  const noted =
    (level: string) =>
    (fields: Logged['fields'], message: string): void =>
      void logged.push({ level, fields, message });
  const log = { info: noted('info'), warn: noted('warn'), error: noted('error') };
  const clock = {
    now: systemClock.now,
    pause: (_ms: number, signal?: AbortSignal) => systemClock.pause(20, signal),
  };
  return {
    directory,
    file,
    logged,
    audit: (redis) => makeAudit({ file, key: KEY, redis, log, ids: randomIds, clock }),
    lines: async () => (await readFile(file, 'utf8')).trimEnd().split('\n'),
    remove: () => rm(directory, { recursive: true, force: true }),
  };
}
