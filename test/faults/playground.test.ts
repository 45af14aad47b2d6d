import { afterEach, expect, it } from '@jest/globals';
import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { projectRoot } from '../../infra/local/paths.js';
import { until } from '../../infra/local/until.js';

const run = promisify(execFile);
const NOT_PASSED_ON = /^(SLACK_|STEWARD_|REDIS_URL$)/;

let playground: ChildProcess | undefined;
let directory: string | undefined;

afterEach(async () => {
  playground?.kill('SIGKILL');
  if (directory) await rm(directory, { recursive: true, force: true });
});

it('Ctrl-C ends the playground, and leaves no process and no data behind', async () => {
  directory = await mkdtemp(join(tmpdir(), 'etcd-steward-playground-'));
  playground = spawn(process.execPath, ['infra/start.mjs'], {
    cwd: projectRoot(),
    env: { ...withoutTokens(), TMPDIR: directory },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let said = '';
  playground.stdout?.on('data', (text: Buffer) => (said += text.toString()));
  await until(() => said.includes('calico-demo fills up. Nobody has noticed yet'), {
    what: 'the playground says what to try',
    timeoutMs: 50_000,
  });
  const children = await childrenOf(playground.pid);
  expect(children.length).toBeGreaterThanOrEqual(6);
  expect(await readdir(directory)).not.toEqual([]);

  playground.kill('SIGINT');
  const [code] = (await once(playground, 'exit')) as [number | null];

  expect(code).toBe(0);
  expect(said).not.toContain('✗');
  await until(() => children.every((pid) => !isAlive(pid)), { what: 'every process has ended' });
  expect(await readdir(directory)).toEqual([]);
}, 90_000);

function withoutTokens(): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !NOT_PASSED_ON.test(name)));
}

async function childrenOf(parent: number | undefined): Promise<readonly number[]> {
  const { stdout } = await run('ps', ['-A', '-o', 'pid=,ppid=']);
  const rows = stdout
    .trim()
    .split('\n')
    .map((line) => line.trim().split(/\s+/).map(Number));
  return rows.flatMap(([pid, ppid]) => (pid !== undefined && ppid === parent ? [pid] : []));
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
