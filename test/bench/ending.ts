import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sharedGuardian } from '../../infra/local/guardian.js';

/** Takes down what was started, the last one first. */
export interface Ending {
  /** Something to be ended with the rest. */
  also<T extends Stoppable>(part: Promise<T>): Promise<T>;
  last(undo: () => unknown): void;
  /** A folder that is removed in the end. */
  folder(): Promise<string>;
}

export interface Stoppable {
  stop(): Promise<unknown>;
}

/** Whatever happens in between, all that was started is ended. */
export async function ending<T>(play: (ending: Ending) => Promise<T>): Promise<T> {
  const undo: (() => unknown)[] = [];
  const last = (one: () => unknown): void => void undo.push(one);
  try {
    return await play({
      last,
      async also(part) {
        const started = await part;
        last(() => started.stop());
        return started;
      },
      async folder() {
        const folder = await mkdtemp(join(tmpdir(), 'etcd-steward-bench-'));
        sharedGuardian().dir(folder);
        last(async () => {
          await rm(folder, { recursive: true, force: true });
          sharedGuardian().release(folder);
        });
        return folder;
      },
    });
  } finally {
    for (let one = undo.pop(); one; one = undo.pop()) await one();
  }
}
