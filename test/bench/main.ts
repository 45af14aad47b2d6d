import { availableParallelism, loadavg } from 'node:os';
import { ack } from './ack.js';
import { alarm } from './alarm.js';
import type { Bench } from './bench.js';
import { clicks } from './clicks.js';
import { engine } from './engine.js';
import { fix } from './fix.js';
import { fleet } from './fleet.js';
import { keys } from './keys.js';
import { pods } from './pods.js';
import { status } from './status.js';
import { table, type Row } from './table.js';

/** In this order: the last one leaves the machine busy with what it has written. */
const BENCHES: Readonly<Record<string, Bench>> = {
  status,
  ack,
  engine,
  clicks,
  fleet,
  alarm,
  pods,
  keys,
  fix,
};

process.exitCode = await benchmark(process.argv[2]);

/** Measures all of them, or one; 1 when a limit is missed. */
async function benchmark(only: string | undefined): Promise<number> {
  const chosen = Object.entries(BENCHES).filter(([name]) => only === undefined || name === only);
  if (chosen.length === 0) {
    say(`There is no benchmark “${only ?? ''}”; there are: ${Object.keys(BENCHES).join(', ')}.`);
    return 1;
  }
  const rows: Row[] = [];
  const memory: string[] = [];
  for (const [name, bench] of chosen) {
    say(`▸ ${name} …`);
    const outcome = await bench(say);
    rows.push(...outcome.rows);
    if (outcome.memoryBytes !== undefined) memory.push(`${name} ${mebibytes(outcome.memoryBytes)}`);
  }
  say(`\n${table(rows)}\n`);
  if (memory.length > 0) say(`The bot's resident memory afterwards: ${memory.join(', ')}.`);
  say(machine());
  return rows.every(({ met }) => met) ? 0 : 1;
}

function mebibytes(bytes: number): string {
  return `${(bytes / 1024 ** 2).toFixed(0)} MiB`;
}

/** Ratios stand a busy machine; limits in milliseconds do not. */
function machine(): string {
  const [lastMinute = 0] = loadavg();
  return `The machine: ${String(availableParallelism())} cores, load ${lastMinute.toFixed(1)} in the last minute.`;
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
