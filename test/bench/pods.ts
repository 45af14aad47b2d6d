import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { Bench } from './bench.js';
import { ending, type Ending } from './ending.js';
import type { AskedOnce } from './asked-once.js';
import { median, medianRatio } from './statistics.js';
import { milliseconds, type Row } from './table.js';

const PODS = 10_000;
const EVENTS = 50_000;
const HANGING = [300, PODS] as const;
const PAIRS = 5;
const MOST_MS = 2000;
const MOST_MEMORY = 200 * 1024 ** 2;

/**
 * The pods fact of a large Kubernetes, each time by a process of its own that only asks for it, beside one that lists the
 * same pods and events with client-node and looks at none: where few pods hang, and where all of them do.
 */
export const pods: Bench = async (say) => {
  const rows: Row[] = [];
  for (const hanging of HANGING) rows.push(...(await ending((end) => beside(end, { hanging, say }))));
  return { rows };
};

interface Bulk {
  readonly hanging: number;
  readonly say: (line: string) => void;
}

async function beside(end: Ending, { hanging, say }: Bulk): Promise<readonly Row[]> {
  const { url, path } = await startBulk(end, hanging);
  const theirs = (which: 'all' | 'same'): Promise<AskedOnce> => asked('pods-theirs', path, which);
  // The first list of all also finds the API server cold.
  const all = await theirs('all');
  if (all.pods !== PODS) throw new Error(`${String(all.pods)} pods were listed`);
  const taken: Taken[] = [];
  for (let turn = 0; turn < PAIRS; turn++) {
    const first = turn % 2 === 0 ? null : await theirs('same');
    const ours = await asked('pods-ours', path, url);
    if (ours.pods !== hanging) throw new Error(`${String(ours.pods)} pods were said to hang`);
    taken.push({ ours, theirs: first ?? (await theirs('same')) });
  }
  say(`  ${String(hanging)} hang, ours/theirs: ${taken.map(inWords).join(' ')} ms`);
  const { tookMs, peakBytes } = await theirs('all');
  say(`  client-node, all pods and all events: ${milliseconds(tookMs)}, ${mebibytes(peakBytes)}`);
  return rowsOf(taken, `pods, ${hanging === PODS ? 'all' : String(hanging)} of 10,000 hang, 50,000 events`);
}

interface Taken {
  readonly ours: AskedOnce;
  readonly theirs: AskedOnce;
}

function inWords({ ours, theirs }: Taken): string {
  return `${ours.tookMs.toFixed(0)}/${theirs.tookMs.toFixed(0)}`;
}

/** A simulated API server as a process of its own, so that it takes neither our time nor our memory. */
async function startBulk(
  end: Ending,
  hanging: number,
): Promise<{ readonly url: string; readonly path: string }> {
  const args = [PODS, EVENTS, hanging].map(String);
  const program = fileURLToPath(new URL('../../infra/local/kubernetes/bulk-main.js', import.meta.url));
  const server = spawn(process.execPath, [program, ...args], { stdio: ['pipe', 'pipe', 'inherit'] });
  const gone = once(server, 'exit');
  end.last(async () => {
    server.stdin.end();
    await gone;
  });
  const [line] = (await once(createInterface(server.stdout), 'line')) as [string];
  const { url, kubeconfig } = JSON.parse(line) as { url: string; kubeconfig: string };
  const path = join(await end.folder(), 'kubeconfig');
  await writeFile(path, kubeconfig, { mode: 0o600 });
  return { url, path };
}

async function asked(program: string, ...args: readonly string[]): Promise<AskedOnce> {
  const file = fileURLToPath(new URL(`${program}.js`, import.meta.url));
  const { stdout } = await promisify(execFile)(process.execPath, [file, ...args]);
  return JSON.parse(stdout) as AskedOnce;
}

function rowsOf(taken: readonly Taken[], what: string): readonly Row[] {
  const times = taken.map(({ ours, theirs }) => ({ ours: ours.tookMs, theirs: theirs.tookMs }));
  const tookMs = median(times.map(({ ours }) => ours));
  const most = (side: keyof Taken): number => Math.max(...taken.map((one) => one[side].peakBytes));
  const [memory, theirMemory] = [most('ours'), most('theirs')];
  return [
    {
      name: `${what}, first question / client-node, same lists`,
      ...{ ours: milliseconds(tookMs), theirs: milliseconds(median(times.map(({ theirs }) => theirs))) },
      ...{ ratio: medianRatio(times).toFixed(2), limit: `≤ ${milliseconds(MOST_MS)}` },
      met: tookMs <= MOST_MS,
    },
    {
      name: `${what}, most memory that a process had`,
      ...{
        ours: mebibytes(memory),
        theirs: mebibytes(theirMemory),
        ratio: (memory / theirMemory).toFixed(2),
      },
      ...{ limit: `≤ ${mebibytes(MOST_MEMORY)}`, met: memory <= MOST_MEMORY },
    },
  ];
}

function mebibytes(count: number): string {
  return `${(count / 1024 ** 2).toFixed(0)} MiB`;
}
