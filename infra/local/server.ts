import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { sharedGuardian } from './guardian.js';
import { until, type UntilOptions } from './until.js';

export interface ServerCommand {
  /** Names the server in errors. */
  what: string;
  command: string;
  args: string[];
  env: Record<string, string>;
  logFile: string;
}

export interface Server {
  readonly pid: number;
  isAlive(): boolean;
  pause(): void;
  resume(): void;
  /** SIGKILL, and returns when the process is gone. */
  kill(): Promise<void>;
  /** Waits for it to be ready; fails at once, with the end of its log, when it dies. */
  ready(condition: () => boolean | Promise<boolean>, options?: Partial<UntilOptions>): Promise<void>;
}

/** A child process that the program's end, expected or not, ends too. */
export async function startServer({ what, command, args, env, logFile }: ServerCommand): Promise<Server> {
  const log = openSync(logFile, 'a');
  // Detached, so that Ctrl-C reaches the program first and it ends its servers in order.
  const child = spawn(command, args, { detached: true, stdio: ['ignore', log, log], env });
  closeSync(log);
  const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  if (child.pid === undefined) {
    const [error] = (await once(child, 'error')) as [Error];
    throw new Error(`${what} could not be started: ${error.message}`, { cause: error });
  }
  const pid = child.pid;
  const guardian = sharedGuardian();
  guardian.pid(pid);
  child.once('exit', () => guardian.release(pid));
  // A forgotten server must not keep the program alive; the guardian ends it.
  child.unref();

  const isAlive = () => child.exitCode === null && child.signalCode === null;

  return {
    pid,
    isAlive,
    pause: () => void child.kill('SIGSTOP'),
    resume: () => void child.kill('SIGCONT'),
    async kill() {
      if (!isAlive()) return;
      child.ref();
      child.kill('SIGKILL');
      await gone;
    },
    async ready(condition, options) {
      const check = async () => !isAlive() || (await condition());
      await until(check, { what: `${what} answers`, timeoutMs: 30_000, everyMs: 30, ...options }).catch(
        async (error: unknown) => {
          const why = error instanceof Error ? error.message : String(error);
          throw new Error(`${why}\n${await tail(logFile)}`, { cause: error });
        },
      );
      if (!isAlive()) throw new Error(`${what} ended at its start:\n${await tail(logFile)}`);
    },
  };
}

async function tail(file: string): Promise<string> {
  const text = await readFile(file, 'utf8').catch(() => '');
  return text.trimEnd().split('\n').slice(-15).join('\n');
}

/** Tries again when another program took the port between the choice and the start. */
export async function withFreshPorts<T>(start: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await start();
    } catch (error) {
      if (attempt === 3 || !/address already in use/i.test(String(error))) throw error;
    }
  }
}
