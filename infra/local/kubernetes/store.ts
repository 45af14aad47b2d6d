import { makeHistory, type Change } from './history.js';
import { RESOURCES, type Kinds, type Resource } from './kinds.js';
import { keyOf, type KubeObject } from './objects/object.js';
import { makeViews, type Views } from './views.js';

/** What the API server keeps in its etcd: objects under one growing revision, and their latest changes. */
export interface Store {
  revision(): number;
  get<R extends Resource>(resource: R, key: string): Kinds[R] | undefined;
  /** By namespace and name. */
  all<R extends Resource>(resource: R): readonly Kinds[R][];
  count(resource: Resource): number;
  put<R extends Resource>(resource: R, object: Kinds[R]): Kinds[R];
  /** Undefined: it is gone, and nothing is done. The same object again: nothing has changed. */
  update<R extends Resource>(
    resource: R,
    key: string,
    change: (object: Kinds[R]) => Kinds[R],
  ): Kinds[R] | undefined;
  remove<R extends Resource>(resource: R, key: string): Kinds[R] | undefined;
  /** Many at once, without a history: nobody watches them come. */
  seed<R extends Resource>(resource: R, objects: Iterable<Kinds[R]>): void;
  /** As it was then; undefined: too long ago. */
  at(resource: Resource, revision: number): readonly KubeObject[] | undefined;
  since(revision: number): readonly Change[] | undefined;
  oldest(): number;
  /** Forgets how it was before now. */
  forget(): void;
  subscribe(listener: (change: Change) => void): () => void;
}

export function makeStore(historyLimit = 20_000): Store {
  const of = makeShelves();
  const history = makeHistory(historyLimit);
  const listeners = new Set<(change: Change) => void>();
  const views = makeViews({ of, since: history.since });
  const { get, all, count } = makeReading(of, views);
  let revision = 1;

  function stamped<T extends KubeObject>(object: T): T {
    return { ...object, metadata: { ...object.metadata, resourceVersion: String(++revision) } };
  }

  function tell(change: Omit<Change, 'revision'>): void {
    views.changed(change.resource);
    const told = { ...change, revision };
    history.add(told);
    for (const listener of listeners) listener(told);
  }

  function put<R extends Resource>(resource: R, object: Kinds[R]): Kinds[R] {
    const key = keyOf(object);
    const before = of(resource).get(key);
    const stored = stamped(object);
    of(resource).set(key, stored);
    tell({ resource, key, type: before ? 'MODIFIED' : 'ADDED', object: stored, before });
    return stored;
  }

  return {
    revision: () => revision,
    ...{ get, all, count, put },
    update(resource, key, change) {
      const before = get(resource, key);
      const after = before && change(before);
      return after === undefined || after === before ? before : put(resource, after);
    },
    remove<R extends Resource>(resource: R, key: string) {
      const before = get(resource, key);
      if (!before) return undefined;
      of(resource).delete(key);
      const object = stamped(before);
      tell({ resource, key, type: 'DELETED', object, before });
      return object;
    },
    seed(resource, many) {
      for (const object of many) of(resource).set(keyOf(object), stamped(object));
      views.changed(resource);
      history.forget(revision);
    },
    ...{ at: views.at, since: history.since, oldest: history.oldest },
    forget() {
      history.forget(++revision);
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

type Shelves = (resource: Resource) => Map<string, KubeObject>;

function makeShelves(): Shelves {
  const objects = new Map<Resource, Map<string, KubeObject>>(RESOURCES.map((name) => [name, new Map()]));
  return (resource) => objects.get(resource) ?? new Map<string, KubeObject>();
}

/** Only objects of a resource's own kind are put on its shelf. */
function makeReading(of: Shelves, views: Views): Pick<Store, 'get' | 'all' | 'count'> {
  return {
    get: <R extends Resource>(resource: R, key: string) => of(resource).get(key) as Kinds[R] | undefined,
    all: <R extends Resource>(resource: R) => views.now(resource) as readonly Kinds[R][],
    count: (resource) => of(resource).size,
  };
}
