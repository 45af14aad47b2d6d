/** Longest that one text of an entry may be; what matters is in its beginning. */
const LONGEST = 2000;

/** Plain JSON of a value, each text cut to a size that a file can bear. Throws where the value is none. */
export function plainOf<T>(value: T): T {
  return JSON.parse(
    JSON.stringify(value, (_name, one: unknown) => (typeof one === 'string' ? clipped(one) : one)),
  ) as T;
}

/** One text for one value, whatever order its keys stand in: what a `mac` is computed over. */
export function canonical(value: unknown): string {
  return JSON.stringify(value, (_name, one: unknown) => byName(one));
}

function byName(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

/** By whole characters. */
function clipped(text: string): string {
  if (text.length <= LONGEST) return text;
  return `${text.slice(0, LONGEST - 1).replace(/[\ud800-\udbff]$/, '')}…`;
}
