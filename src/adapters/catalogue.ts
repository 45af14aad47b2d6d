import { readdir } from 'node:fs/promises';

/** Loads a catalogue folder as it is on disk: one file is one entry, and its name is its id. */
export async function loadCatalogue<T>(folder: URL): Promise<ReadonlyMap<string, T>> {
  const names = (await readdir(folder)).filter((name) => /^[a-z0-9-]+\.(ts|js)$/.test(name)).sort();
  const entries = new Map<string, T>();
  for (const name of names) {
    const module = (await import(new URL(name, folder).href)) as { default: T };
    entries.set(name.replace(/\.(ts|js)$/, ''), module.default);
  }
  return entries;
}
