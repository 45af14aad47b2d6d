/* Looking into JSON that somebody else wrote: what is not what it should be is not there. */

export type Json = Readonly<Record<string, unknown>>;

export function fromJson(value: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(value)) as unknown;
  } catch {
    return null;
  }
}

/** The CRD has its fields under `spec`; etcd's blocks and handles have none. */
export function specOf(raw: unknown): Json {
  const all = object(raw);
  return isObject(all.spec) ? all.spec : all;
}

export function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function object(value: unknown): Json {
  return isObject(value) ? value : {};
}

export function list(value: unknown): readonly unknown[] | null {
  return Array.isArray(value) ? value : null;
}

export function strings(value: unknown): readonly string[] {
  return (list(value) ?? []).filter((one): one is string => typeof one === 'string');
}

export function text(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null;
}

export function whole(value: unknown): number | null {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0 ? value : null;
}
