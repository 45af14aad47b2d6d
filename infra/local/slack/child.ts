import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sharedGuardian } from '../guardian.js';
import { findLocalSlack } from './binary.js';

export interface Child {
  port: number;
  stop(): Promise<void>;
}

/** local-slack has no option for the address it listens on, and would take every interface. */
const loopback = `const serve = Bun.serve;
Bun.serve = (options) => serve.call(Bun, { hostname: '127.0.0.1', ...options });
`;

const readyWithinMs = 15_000;
const endsWithinMs = 2_000;

/** Starts the local-slack program on a free loopback port, with a folder of its own. */
export async function startChild(config: unknown, baseHost: string): Promise<Child> {
  const binary = findLocalSlack();
  const folder = await mkdtemp(join(tmpdir(), 'steward-slack-'));
  sharedGuardian().dir(folder);
  await writeFile(join(folder, 'loopback.cjs'), loopback);
  await writeFile(join(folder, 'config.json'), JSON.stringify(config));
  const child = spawnIn(folder, binary, baseHost);
  if (child.pid !== undefined) sharedGuardian().pid(child.pid);
  const stop = (): Promise<void> => end(child, folder);
  try {
    return { port: await portOf(child), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

function spawnIn(folder: string, binary: string, baseHost: string): ChildProcess {
  const files = join(folder, 'files');
  const options = ['--config', join(folder, 'config.json'), '--files-dir', files];
  return spawn(binary, [...options, '--base-host', baseHost, '--port', '0'], {
    cwd: folder,
    // Detached, so that a Ctrl-C in the terminal does not take it away before the bot has said goodbye.
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      PATH: process.env['PATH'],
      HOME: folder,
      TMPDIR: folder,
      BUN_OPTIONS: `--preload=${join(folder, 'loopback.cjs')}`,
    },
  });
}

function portOf(child: ChildProcess): Promise<number> {
  return new Promise((resolve, reject) => {
    let said = '';
    const fail = (why: string): void => {
      clearTimeout(timer);
      reject(new Error(`local-slack ${why}: ${said.trim().slice(-500)}`));
    };
    const timer = setTimeout(() => fail(`printed no address within ${readyWithinMs} ms`), readyWithinMs);
    const hear = (chunk: Buffer): void => {
      said += chunk.toString();
      const port = /Web UI:\s+http:\/\/[^\s:]+:(\d+)/.exec(said)?.[1];
      if (port === undefined) return;
      clearTimeout(timer);
      child.stdout?.off('data', hear).resume();
      resolve(Number(port));
    };
    child.stdout?.on('data', hear);
    child.stderr?.on('data', (chunk: Buffer) => (said = (said + chunk.toString()).slice(-5_000)));
    child.once('error', (error) => fail(error.message));
    child.once('exit', (code) => fail(`ended with code ${code}`));
  });
}

async function end(child: ChildProcess, folder: string): Promise<void> {
  if (child.pid !== undefined && child.exitCode === null && child.signalCode === null) {
    const gone = once(child, 'exit');
    child.kill('SIGTERM');
    const timer = setTimeout(() => child.kill('SIGKILL'), endsWithinMs);
    await gone;
    clearTimeout(timer);
  }
  if (child.pid !== undefined) sharedGuardian().release(child.pid);
  await rm(folder, { recursive: true, force: true });
  sharedGuardian().release(folder);
}
