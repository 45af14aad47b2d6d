import { readFile } from 'node:fs/promises';

/** What a process that asked once tells in its one line of JSON. */
export interface AskedOnce {
  readonly tookMs: number;
  /** The most that it ever had in memory. */
  readonly peakBytes: number;
  /** How many pods hang, or were listed. */
  readonly pods: number;
}

/** Runs the question in this process, and tells of it. */
export async function askOnce(question: () => Promise<number>): Promise<void> {
  const begun = performance.now();
  const pods = await question();
  const tookMs = performance.now() - begun;
  const told: AskedOnce = { tookMs, peakBytes: await peakBytes('self'), pods };
  process.stdout.write(`${JSON.stringify(told)}\n`);
}

/** The most that a process has ever had in memory. */
export async function peakBytes(pid: number | 'self'): Promise<number> {
  const status = await readFile(`/proc/${String(pid)}/status`, 'utf8');
  return Number(/^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1] ?? NaN) * 1024;
}
