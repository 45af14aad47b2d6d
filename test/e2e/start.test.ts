import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startEtcd, type LocalEtcd } from '../../infra/local/etcd.js';
import { projectRoot } from '../../infra/local/paths.js';
import { startRedis, type LocalRedis } from '../../infra/local/redis.js';
import { startSlack, type LocalSlack } from '../../infra/local/slack/index.js';
import { CLUSTER, writeConfiguration } from './configuration.js';
import { WORKSPACE } from './scene.js';

interface Ended {
  readonly code: number;
  readonly said: string;
}

const EVICTING = ['--maxmemory-policy', 'allkeys-lru'];
const NOBODY = 'http://127.0.0.1:9';

const undo: (() => Promise<unknown>)[] = [];
let directory: string;
let etcd: LocalEtcd;
let redis: LocalRedis;
let evicting: LocalRedis;
let slack: LocalSlack;
let configFile: string;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'etcd-steward-e2e-'));
  undo.push(() => rm(directory, { recursive: true }));
  etcd = await started(startEtcd({ version: '3.5', members: 1 }));
  redis = await started(startRedis());
  evicting = await started(startRedis({ args: EVICTING }));
  slack = await started(startSlack(WORKSPACE));
  configFile = await writeConfiguration({ directory, etcd, slack });
});

afterAll(async () => {
  for (let last = undo.pop(); last; last = undo.pop()) await last();
});

describe('etcd-steward start', () => {
  it('says all that is wrong with a configuration at once', async () => {
    const file = await broken();
    const { code, said } = await run('start', { file, env: { SLACK_APP_TOKEN_FILE: '/nowhere/token' } });
    expect(code).toBe(1);
    const problems = said.split('\n').filter((line) => line.startsWith('  • '));
    const wanted = ['montor', 'approvers', 'passwordFile', 'SLACK_APP_TOKEN_FILE', 'clusters[1].name'];
    for (const name of wanted)
      expect(problems.filter((line) => line.includes(name)).length).toBeGreaterThan(0);
    expect(said).toContain('did you mean `monitor`');
  });

  it.each(['SLACK_BOT_TOKEN', 'SLACK_APP_TOKEN'])(
    'without %s is an error, and never the playground',
    async (name) => {
      const { code, said } = await run('start', { env: { [name]: '' } });
      expect(code).toBe(1);
      expect(said).toContain(name);
      expect(said).not.toMatch(/playground|starting three etcd/);
    },
  );

  it('without a configuration is an error that says what to give', async () => {
    const { code, said } = await run('start', { file: null });
    expect(code).toBe(1);
    expect(said).toContain('--config FILE');
  });

  it('with a Redis that throws keys away is refused', async () => {
    const { code, said } = await run('start', { env: { REDIS_URL: evicting.url } });
    expect(code).toBe(1);
    expect(said).toContain('maxmemory-policy noeviction');
    expect(said).toContain('etcd-steward doctor');
  });

  it.each([
    ['a Redis that is not there', { REDIS_URL: 'redis://127.0.0.1:9' }, 'Redis does not answer'],
    ['a token that Slack does not know', { SLACK_BOT_TOKEN: 'xoxb-wrong' }, 'invalid_auth'],
  ])('with %s ends with that', async (_what, env, says) => {
    const { code, said } = await run('start', { env });
    expect(code).toBe(1);
    expect(said).toContain('etcd-steward could not start');
    expect(said).toContain(says);
  });
});

describe('etcd-steward doctor', () => {
  it('names every check that passed, and ends well', async () => {
    const { code, said } = await run('doctor');
    expect(said.trimEnd().split('\n')).toEqual([
      '✓ configuration: 1 cluster(s)',
      '✓ Redis answers and does not evict',
      expect.stringMatching(/^✓ Slack: I am steward in /),
      '✓ channel platform',
      '✓ channel alerts',
      expect.stringMatching(
        new RegExp(`^✓ ${CLUSTER} http://127\\.0\\.0\\.1:\\d+: etcd 3\\.5\\.\\d+, cluster [0-9a-f]+$`),
      ),
      'All is well.',
    ]);
    expect(code).toBe(0);
  });

  it('names all that is wrong, with the way to mend it', async () => {
    slack.state.rooms.get(slack.channels['platform'] ?? '')?.members.delete(slack.botUserId);
    const others = [{ name: 'gone', endpoints: [NOBODY], channels: [slack.channels['platform']] }];
    const file = await writeConfiguration({ directory, etcd, slack, others });
    const { code, said } = await run('doctor', { file, env: { REDIS_URL: evicting.url } });
    expect(code).toBe(1);
    expect(said).toMatch(/✗ Redis: .*evicts.*\. Set REDIS_URL/);
    expect(said).toMatch(/✗ channel \S+: I am not a member\. Invite me/);
    expect(said).toMatch(new RegExp(`✗ gone ${NOBODY}: .*Check the address`));
    expect(said).toMatch(new RegExp(`✓ ${CLUSTER} `));
    expect(said).toContain('Something is wrong; see the lines with ✗.');
  });

  it('shows no secret', async () => {
    const { said } = await run('doctor', { env: { SLACK_BOT_TOKEN: 'xoxb-very-secret' } });
    expect(said).toContain('✗ Slack: ');
    expect(said).not.toContain('very-secret');
  });
});

async function started<T extends { stop(): Promise<unknown> }>(starting: Promise<T>): Promise<T> {
  const part = await starting;
  undo.push(() => part.stop());
  return part;
}

async function broken(): Promise<string> {
  const file = join(directory, 'broken.yaml');
  const auth = { username: 'root', passwordFile: '/nowhere/password' };
  const written = await writeConfiguration({
    directory: join(directory, 'broken'),
    etcd,
    slack,
    settings: { montor: { interval: '1s' }, policy: {} },
    others: [{ name: CLUSTER, endpoints: [NOBODY], auth }],
  });
  await writeFile(file, await readFile(written));
  return file;
}

interface Given {
  /** Null: none is named. */
  readonly file?: string | null;
  readonly env?: Readonly<Record<string, string>>;
}

/** The shipped program, until it ends. */
function run(command: string, { file = configFile, env }: Given = {}): Promise<Ended> {
  const args = [
    join(projectRoot(), 'dist/src/main.js'),
    command,
    ...(file === null ? [] : ['--config', file]),
  ];
  const tokens = { SLACK_BOT_TOKEN: slack.botToken, SLACK_APP_TOKEN: slack.appToken };
  const addresses = { SLACK_API_URL: slack.apiUrl, REDIS_URL: redis.url };
  const given = { PATH: process.env['PATH'], ...tokens, ...addresses, ...env };
  return new Promise((resolve) => {
    execFile(process.execPath, args, { env: given, timeout: 20_000 }, (error, stdout, stderr) => {
      const code = error === null ? 0 : typeof error.code === 'number' ? error.code : -1;
      resolve({ code, said: `${stdout}${stderr}` });
    });
  });
}
