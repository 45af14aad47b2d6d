/** File name → default export of every entry of a catalogue folder. */
export type Catalogue<T> = ReadonlyMap<string, T>;

/** The entry, or a bug: ids come from code and records, never from what a person typed. */
export function entryOf<T>(catalogue: Catalogue<T>, id: string): T {
  const entry = catalogue.get(id);
  if (!entry) throw new Error(`no such entry in the catalogue: ${id}`);
  return entry;
}
