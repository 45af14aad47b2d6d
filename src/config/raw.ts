import type { z } from 'zod';
import type { Path } from './problems.js';

export type RawMap = Readonly<Record<string, unknown>>;

export function isRawMap(value: unknown): value is RawMap {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function valueAt(raw: unknown, path: Path): unknown {
  let value = raw;
  for (const part of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, part)) return undefined;
    value = Reflect.get(value, part);
  }
  return value;
}

/**
 * What can still be read when everything wrong is taken out: so that the checks which follow see the rest, and one
 * mistake never hides another. Null when nothing is left.
 */
export function salvage<T extends z.ZodType>(schema: T, raw: unknown): z.output<T> | null {
  const rest = structuredClone(raw);
  for (let round = 0; round < 20; round++) {
    const parsed = schema.safeParse(rest);
    if (parsed.success) return parsed.data;
    if (!isRawMap(rest) || !parsed.error.issues.every((issue) => prune(rest, issue))) return null;
  }
  return null;
}

function prune(raw: unknown, issue: z.core.$ZodIssue): boolean {
  const path = issue.path.filter((part) => typeof part !== 'symbol');
  if (issue.code === 'unrecognized_keys') return issue.keys.every((key) => remove(raw, [...path, key]));
  return remove(raw, path);
}

/** A missing key can't be removed, so what misses it goes; a list with a wrong entry goes whole. */
function remove(raw: unknown, path: Path): boolean {
  const list = path.findIndex((_, depth) => Array.isArray(valueAt(raw, path.slice(0, depth))));
  const whole = list < 0 ? path : path.slice(0, list);
  const key = whole.at(-1);
  if (key === undefined) return false;
  const owner = valueAt(raw, whole.slice(0, -1));
  if (!isRawMap(owner)) return true;
  return Object.hasOwn(owner, key) ? Reflect.deleteProperty(owner, key) : remove(raw, whole.slice(0, -1));
}
