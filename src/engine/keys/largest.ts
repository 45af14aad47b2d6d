/** The few with the most bytes, by key. */
export interface Largest {
  /** Whether so many bytes would be among them; cheap, so that a key is copied only where it is needed. */
  admits(bytes: number): boolean;
  add(key: Uint8Array, bytes: number): void;
  list(): readonly { readonly key: Uint8Array; readonly bytes: number }[];
}

export function makeLargest(most: number): Largest {
  let kept: { readonly key: Uint8Array; readonly bytes: number }[] = [];
  const admits = (bytes: number): boolean => kept.length < most || bytes > (kept.at(-1)?.bytes ?? 0);
  return {
    admits,
    add(key, bytes) {
      if (!admits(bytes)) return;
      kept = [...kept, { key, bytes }].sort((a, b) => b.bytes - a.bytes).slice(0, most);
    },
    list: () => kept,
  };
}
