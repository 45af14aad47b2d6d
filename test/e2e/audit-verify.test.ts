import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { projectRoot } from '../../infra/local/paths.js';
import { makeAudit } from '../../src/adapters/audit/audit.js';
import { randomIds } from '../../src/adapters/system.js';
import { connectFast, ready } from '../../src/adapters/redis/connection.js';
import { oneRedis } from '../redis.js';

const KEY = 'a key for these tests alone, of forty characters and more';
const AWAY = { STEWARD_KEY: KEY, REDIS_URL: 'redis://127.0.0.1:9' };
const redis = oneRedis();

let directory: string;
let file: string;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'etcd-steward-e2e-'));
  file = join(directory, 'audit.jsonl');
  const content = {
    stateDirectory: directory,
    audit: { file },
    policy: { approvers: { users: ['U0ANNA01'] } },
    clusters: [{ name: 'calico-prod', endpoints: ['http://127.0.0.1:9'], channels: ['C0PLATFORM'] }],
  };
  await writeFile(join(directory, 'steward.yaml'), stringify(content));
});

afterAll(() => rm(directory, { recursive: true }));

/** Eight entries of one process that ended in order. */
beforeEach(async () => {
  const client = connectFast(redis.server.url, () => undefined);
  await ready(client);
  const quiet = (): void => undefined;
  const log = { info: quiet, warn: quiet, error: quiet };
  const audit = makeAudit({ file, key: KEY, redis: client, log, ids: randomIds });
  const at = Date.parse('2026-11-23T03:12:05Z');
  await audit.record({ at, event: 'process.started', detail: { role: 'monitor' } });
  for (let index = 1; index < 8; index++)
    await audit.record({
      at: at + index * 1000,
      event: 'operation.approved',
      who: 'U0ANNA01',
      why: 'full\u2028',
    });
  await audit.close();
  client.disconnect();
});

afterEach(() => rm(file, { force: true }));

interface Ended {
  readonly code: number;
  readonly said: string;
}

/** The shipped program, until it ends. */
function verify(...options: readonly string[]): Promise<Ended> {
  return run({ STEWARD_KEY: KEY, REDIS_URL: redis.server.url }, options);
}

function run(given: Readonly<Record<string, string>>, options: readonly string[]): Promise<Ended> {
  const config = ['--config', join(directory, 'steward.yaml')];
  const args = [join(projectRoot(), 'dist/src/main.js'), 'audit', 'verify', ...config, ...options];
  const env = { PATH: process.env['PATH'], ...given };
  return new Promise((resolve) => {
    execFile(process.execPath, args, { env, timeout: 20_000 }, (error, stdout, stderr) => {
      const code = error === null ? 0 : typeof error.code === 'number' ? error.code : -1;
      resolve({ code, said: `${stdout}${stderr}` });
    });
  });
}

async function lines(): Promise<readonly string[]> {
  return (await readFile(file, 'utf8')).trimEnd().split('\n');
}

async function write(changed: readonly string[], to = file): Promise<void> {
  await writeFile(to, changed.map((line) => `${line}\n`).join(''));
}

describe('etcd-steward audit verify', () => {
  it('proves the configured file, one line for each chain', async () => {
    const { code, said } = await verify();
    expect(said.trimEnd().split('\n')).toEqual([
      expect.stringMatching(
        /^• [0-9a-f]{8}:8:[0-9a-f]{16} {2}8 entries, 2026-11-23 03:12:05 to 2026-11-23 03:12:12, role monitor$/,
      ),
      `✓ Proven: 8 entries of 1 chains in ${file}: none was changed, removed, inserted or moved.`,
    ]);
    expect(code).toBe(0);
  });

  it.each<[string, (all: readonly string[]) => readonly string[], RegExp]>([
    [
      'changed',
      (all) => all.with(3, all[3]!.replace('U0ANNA01', 'U0NORA01')),
      /line 4, chain [0-9a-f]{8}, entry 4 \(operation\.approved, 2026-11-23T03:12:08\.000Z\): it was changed/,
    ],
    [
      'removed',
      (all) => all.toSpliced(3, 1),
      /line 4, chain \S+, entry 5 \(.*\): before it entry 4 is missing/,
    ],
    [
      'cut off',
      (all) => all.slice(0, 6),
      /: chain \S+, entry 7: the end of its chain was cut off: entries 7 to 8/,
    ],
  ])('names the first broken entry where one was %s', async (_how, change, says) => {
    await write(change(await lines()));
    const { code, said } = await verify();
    expect(said).toMatch(says);
    expect(said).not.toContain('Proven');
    expect(code).toBe(1);
  });

  it('reads rotated files oldest first, and asks for the older one where it is missing', async () => {
    const all = await lines();
    const older = join(directory, 'audit.jsonl.1');
    await rename(file, older);
    await write(all.slice(0, 3), older);
    await write(all.slice(3));
    const alone = await verify();
    expect(alone.said).toContain('its chain begins here, at 4: give the older file too');
    expect(alone.code).toBe(1);
    const both = await verify('--file', older, file);
    expect(both.said).toContain('✓ Proven: 8 entries of 1 chains');
    expect(both.code).toBe(0);
  });

  it('says when Redis does not answer, and then compares with what was posted', async () => {
    const all = await lines();
    const { chain, mac } = JSON.parse(all[7]!) as { chain: string; mac: string };
    await write(all.slice(0, 6));
    const blind = await run(AWAY, []);
    expect(blind.said).toContain('The ends of the chains could not be compared: Redis does not answer.');
    expect(blind.code).toBe(0);
    const posted = await run(AWAY, ['--head', `${chain.slice(0, 8)}:8:${mac.slice(0, 16)}`]);
    expect(posted.said).toContain('entries 7 to 8 are missing');
    expect(posted.code).toBe(1);
  });

  it('says that a crash has torn a line', async () => {
    const all = await lines();
    await writeFile(file, `${all.join('\n')}\n${all[7]!.slice(0, 60)}`);
    const { code, said } = await verify();
    expect(said).toContain(
      `${file} line 9 is torn: a process or its machine died in the middle of this write.`,
    );
    expect(code).toBe(0);
  });

  it('proves an export entry by entry', async () => {
    const all = await lines();
    const excerpt = join(directory, 'audit-calico-prod.jsonl');
    await write([all[1]!, all[5]!], excerpt);
    const { code, said } = await verify('--excerpt', '--file', excerpt);
    expect(said).toContain('each was written by this bot and is unchanged');
    expect(code).toBe(0);
  });

  it.each([
    ['another key', { STEWARD_KEY: KEY.toUpperCase() }, [], /entry 1 .*written with another STEWARD_KEY/],
    ['no key', {}, [], /STEWARD_KEY: is missing/],
    ['a file that is not there', { STEWARD_KEY: KEY }, ['--file', '/nowhere'], /can't be read: ENOENT/],
    ['an end that is none', { STEWARD_KEY: KEY }, ['--head', 'x'], /give it as it was posted/],
    [
      'an empty file',
      { STEWARD_KEY: KEY },
      ['--file', '/dev/null'],
      /its whole chain is missing, 8 entries or more/,
    ],
    ['an empty file and no Redis', AWAY, ['--file', '/dev/null'], /There is no entry in/],
  ])('with %s proves nothing, and says why', async (_what, env, options, says) => {
    const { code, said } = await run({ REDIS_URL: redis.server.url, ...env }, options);
    expect(said).toMatch(says);
    expect(code).toBe(1);
  });
});
