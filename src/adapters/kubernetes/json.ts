/* Looks into objects that came over the network: nothing in them is taken for granted. */

/** An event's message is at most so long; a condition's may be a page. */
const MOST_WORDS = 1024;

export function at(value: unknown, ...path: readonly string[]): unknown {
  let inner = value;
  for (const key of path) {
    if (typeof inner !== 'object' || inner === null) return undefined;
    inner = Reflect.get(inner, key);
  }
  return inner;
}

/** Null: it is no text, or an empty one. */
export function text(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null;
}

/** A text that somebody wrote, cut where it is over-long. */
export function words(value: unknown): string | null {
  const given = text(value);
  return given !== null && given.length > MOST_WORDS ? `${given.slice(0, MOST_WORDS)}…` : given;
}

export function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

export function count(value: unknown): number | null {
  return typeof value === 'number' && Number.isFinite(value) ? value : null;
}

/** Milliseconds since the epoch. */
export function time(value: unknown): number | null {
  const parsed = typeof value === 'string' ? Date.parse(value) : Number.NaN;
  return Number.isNaN(parsed) ? null : parsed;
}

/** A map of texts; what is none is left out. */
export function texts(value: unknown): Readonly<Record<string, string>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return {};
  const entries = Object.entries(value).flatMap(([key, one]: [string, unknown]) =>
    typeof one === 'string' ? [[key, one] as const] : [],
  );
  return Object.fromEntries(entries);
}

/** What a map makes of each entry of a list, without those that can't be understood. */
export function each<T>(values: readonly unknown[], map: (value: unknown) => T | null): readonly T[] {
  return values.flatMap((value) => map(value) ?? []);
}
