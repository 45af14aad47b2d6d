import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** A line of the audit file. */
export interface Told {
  readonly chain: string;
  readonly event: string;
  readonly who?: string;
  readonly why?: string;
  readonly cluster?: string;
  readonly detail?: Readonly<Record<string, unknown>>;
}

/** What a scene's processes wrote into the audit file, oldest first. */
export async function trailOf(directory: string): Promise<readonly Told[]> {
  const lines = (await readFile(join(directory, 'state/audit.jsonl'), 'utf8')).trimEnd().split('\n');
  return lines.map((line) => JSON.parse(line) as Told);
}

/** The events of each process, in the order in which they started. */
export async function chainsOf(directory: string): Promise<readonly (readonly string[])[]> {
  const chains = new Map<string, string[]>();
  for (const { chain, event } of await trailOf(directory)) {
    const events = chains.get(chain) ?? [];
    chains.set(chain, [...events, event]);
  }
  return [...chains.values()];
}
