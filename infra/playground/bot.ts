import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { withoutEtcd } from '../local/binaries.js';
import { sharedGuardian } from '../local/guardian.js';
import { projectRoot } from '../local/paths.js';
import type { LocalSlack } from '../local/slack/index.js';

export interface Bot {
  readonly pid: number;
  /** SIGTERM, and returns when the process has ended by itself. */
  stop(): Promise<void>;
  /** SIGKILL. */
  kill(): Promise<void>;
  /** Resolves when the process ends, with its exit code. */
  readonly ended: Promise<number | null>;
}

export interface BotOptions {
  readonly configFile: string;
  readonly logFile: string;
  readonly redisUrl: string;
  readonly slack: Pick<LocalSlack, 'apiUrl' | 'botToken' | 'appToken'>;
  readonly role?: string;
  readonly env?: Readonly<Record<string, string>>;
}

/** Starts the shipped program as a child, exactly as a user's own start would, and waits until it is ready. */
export async function startBot(options: BotOptions): Promise<Bot> {
  const child = spawn(process.execPath, argumentsOf(options), {
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...withoutEtcd(), ...environmentOf(options) },
  });
  const { pid } = child;
  if (pid === undefined) throw new Error('the bot could not be started');
  sharedGuardian().pid(pid);
  const ended = once(child, 'exit').then(([code]) => {
    sharedGuardian().release(pid);
    return code as number | null;
  });
  await ready(child, options.logFile, ended);
  return { pid, ended, stop: () => end(child, 'SIGTERM', ended), kill: () => end(child, 'SIGKILL', ended) };
}

function argumentsOf({ configFile, role = 'all' }: BotOptions): string[] {
  return [join(projectRoot(), 'dist/src/main.js'), 'start', '--config', configFile, '--role', role];
}

function environmentOf({ slack, redisUrl, env }: BotOptions): Record<string, string> {
  return {
    SLACK_BOT_TOKEN: slack.botToken,
    SLACK_APP_TOKEN: slack.appToken,
    SLACK_API_URL: slack.apiUrl,
    REDIS_URL: redisUrl,
    LOG_LEVEL: 'info',
    ...env,
  };
}

/** The program says on its standard output that it is ready; everything goes to the log file. */
async function ready(child: ChildProcess, logFile: string, ended: Promise<number | null>): Promise<void> {
  const log = createWriteStream(logFile, { flags: 'a' });
  const last: string[] = [];
  child.stderr?.pipe(log, { end: false });
  child.stderr?.on('data', (data: Buffer) => last.push(data.toString()));
  const saidReady = new Promise<void>((resolve) => {
    createInterface({ input: child.stdout ?? process.stdin }).on('line', (line) => {
      log.write(`${line}\n`);
      last.push(`${line}\n`);
      if (last.length > 20) last.shift();
      if (line.includes('etcd-steward is ready')) resolve();
    });
  });
  const died = ended.then((code) => {
    throw new Error(`the bot ended with code ${String(code)}:\n${last.join('')}`);
  });
  died.catch(() => undefined);
  await Promise.race([saidReady, died]);
}

async function end(child: ChildProcess, signal: NodeJS.Signals, ended: Promise<unknown>): Promise<void> {
  if (child.exitCode === null && child.signalCode === null) child.kill(signal);
  await ended;
}
