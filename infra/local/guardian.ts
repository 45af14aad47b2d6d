import { spawn, type ChildProcess } from 'node:child_process';
import { readFileSync } from 'node:fs';
import type { Socket } from 'node:net';

/**
 * A helper process at the other end of a pipe. When this program is gone, however it went, the pipe ends; then the
 * helper kills what it was told of and removes the data. It lives only while there is something to guard.
 */
export interface Guardian {
  pid(pid: number): void;
  dir(path: string): void;
  /** The process has ended, or the folder is removed: no longer the guardian's. */
  release(what: number | string): void;
}

export function startGuardian(): Guardian {
  const guarded = new Set<number | string>();
  let helper: ChildProcess | undefined;

  function tell(line: string): void {
    helper ??= startHelper();
    helper.stdin?.write(`${line}\n`);
  }

  function rest(): void {
    if (guarded.size > 0) return;
    helper?.stdin?.end();
    helper = undefined;
  }

  return {
    pid(pid) {
      guarded.add(pid);
      tell(`pid\t${pid}\t${startTime(pid)}`);
    },
    dir(path) {
      guarded.add(path);
      tell(`dir\t${path}`);
    },
    release(what) {
      if (!guarded.delete(what)) return;
      tell(`release\t${what}`);
      rest();
    },
  };
}

let shared: Guardian | undefined;

/** One for the whole program. */
export function sharedGuardian(): Guardian {
  shared ??= startGuardian();
  return shared;
}

function startHelper(): ChildProcess {
  const child = spawn(process.execPath, ['-e', HELPER], {
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  child.on('error', () => {});
  child.stdin.on('error', () => {});
  // The program may end while its guardian lives: that is the point.
  child.unref();
  (child.stdin as Socket).unref();
  return child;
}

/** Since boot, in ticks; tells a process from a later one with the same pid. Empty where /proc is absent. */
function startTime(pid: number): string {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '';
  } catch {
    return '';
  }
}

// A string, because the build copies no plain JavaScript. Signals are ignored: Ctrl-C is for the program.
const HELPER = `
const { readFileSync, rmSync } = require('node:fs');
const pids = new Map();
const dirs = new Set();
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => {});
${startTime.toString()}
function hear(line) {
  const [word, what, start] = line.split('\\t');
  if (word === 'pid') pids.set(what, start);
  if (word === 'dir') dirs.add(what);
  if (word === 'release') { pids.delete(what); dirs.delete(what); }
}
function isOurs(pid) {
  try { process.kill(Number(pid), 0); } catch { return false; }
  return startTime(pid) === pids.get(pid);
}
function removeDirs(attempts) {
  for (const dir of dirs) {
    try { rmSync(dir, { recursive: true, force: true }); dirs.delete(dir); } catch {}
  }
  if (dirs.size > 0 && attempts > 0) setTimeout(removeDirs, 200, attempts - 1);
}
function finish() {
  for (const pid of pids.keys()) if (isOurs(pid)) try { process.kill(Number(pid), 'SIGKILL'); } catch {}
  // A dying server may still write for a moment.
  setTimeout(removeDirs, 100, 20);
}
let rest = '';
process.stdin.setEncoding('utf8');
process.stdin.on('data', (text) => {
  const lines = (rest + text).split('\\n');
  rest = lines.pop();
  lines.forEach(hear);
});
process.stdin.on('end', finish);
`;
