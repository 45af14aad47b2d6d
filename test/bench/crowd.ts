/** The same numbers from 0 up to 1 at every run (mulberry32). */
export function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

export function shuffled<T>(values: readonly T[], random: () => number): readonly T[] {
  const keyed = values.map((value) => ({ value, key: random() }));
  return keyed.sort((a, b) => a.key - b.key).map(({ value }) => value);
}

/** Somebody's click on somebody's card. */
export interface Click<T> {
  readonly on: T;
  readonly user: string;
}

export interface Crowd {
  readonly people: readonly string[];
  /** So many of them, each once, click each card. */
  readonly each: number;
  readonly random: () => number;
}

export function clicksOn<T>(cards: readonly T[], { people, each, random }: Crowd): readonly Click<T>[] {
  const clicks = cards.flatMap((on) =>
    shuffled(people, random)
      .slice(0, each)
      .map((user) => ({ on, user })),
  );
  return shuffled(clicks, random);
}
