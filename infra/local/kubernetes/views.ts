import type { Change } from './history.js';
import type { Resource } from './kinds.js';
import { keyOf, type KubeObject } from './objects/object.js';

export interface Views {
  now(resource: Resource): readonly KubeObject[];
  at(resource: Resource, revision: number): readonly KubeObject[] | undefined;
  changed(resource: Resource): void;
}

export interface ViewsDeps {
  of(resource: Resource): ReadonlyMap<string, KubeObject>;
  since(revision: number): readonly Change[] | undefined;
}

const PAST_VIEWS_KEPT = 8;

/** Sorted lists of now, and of then: a list that is read in pages shows one moment to the end. */
export function makeViews({ of, since }: ViewsDeps): Views {
  const current = new Map<Resource, readonly KubeObject[]>();
  const past = new Map<string, readonly KubeObject[]>();

  function now(resource: Resource): readonly KubeObject[] {
    const known = current.get(resource);
    if (known) return known;
    const sorted = sortedOf(of(resource));
    current.set(resource, sorted);
    return sorted;
  }

  function before(resource: Resource, changes: readonly Change[]): readonly KubeObject[] {
    const objects = new Map(of(resource));
    for (const { key, before: was } of [...changes].reverse()) {
      if (was) objects.set(key, was);
      else objects.delete(key);
    }
    return sortedOf(objects);
  }

  function keep(name: string, view: readonly KubeObject[]): readonly KubeObject[] {
    past.set(name, view);
    const [oldest] = past.keys();
    if (past.size > PAST_VIEWS_KEPT && oldest !== undefined) past.delete(oldest);
    return view;
  }

  return {
    now,
    at(resource, revision) {
      const changes = since(revision)?.filter((change) => change.resource === resource);
      if (!changes) return undefined;
      if (changes.length === 0) return now(resource);
      const name = `${resource}@${revision}`;
      return past.get(name) ?? keep(name, before(resource, changes));
    },
    changed: (resource) => void current.delete(resource),
  };
}

function sortedOf(objects: ReadonlyMap<string, KubeObject>): readonly KubeObject[] {
  return [...objects].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, object]) => object);
}

/** Where the first object is that comes at or after this key. */
export function firstFrom(objects: readonly KubeObject[], key: string): number {
  let [low, high] = [0, objects.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    const object = objects[middle];
    if (object && keyOf(object) < key) low = middle + 1;
    else high = middle;
  }
  return low;
}
