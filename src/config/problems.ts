export type Path = readonly (string | number)[];

/** All that is wrong, gathered: a person mends everything in one go. */
export interface Problems {
  add(path: Path, message: string): void;
  /**
   * Whether something at or under this path, and not under `beside`, was found wrong already: what follows from it is
   * not reported too.
   */
  has(path: Path, beside?: Path): boolean;
  list(): readonly string[];
}

export function makeProblems(): Problems {
  const found = new Map<string, string>();
  return {
    add(path, message) {
      const place = showPath(path);
      found.set(`${place}: ${message}`, place);
    },
    has: (path, beside) =>
      [...found.values()].some(
        (place) => isUnder(place, showPath(path)) && !(beside && isUnder(place, showPath(beside))),
      ),
    list: () => [...found.keys()],
  };
}

function isUnder(place: string, root: string): boolean {
  return place === root || (place.startsWith(root) && /^[.[]/.test(place.slice(root.length)));
}

/** `clusters[0].endpoints[1]` */
export function showPath(path: Path): string {
  const text = path.map((part) => (typeof part === 'number' ? `[${String(part)}]` : `.${part}`)).join('');
  return text === '' ? 'configuration' : text.replace(/^\./, '');
}
