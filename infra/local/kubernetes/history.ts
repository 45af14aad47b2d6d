import type { KubeObject } from './objects/object.js';
import type { Resource } from './kinds.js';

export interface Change {
  revision: number;
  resource: Resource;
  key: string;
  type: 'ADDED' | 'MODIFIED' | 'DELETED';
  /** As it is now; of a deletion: as it was last, with the deletion's revision. */
  object: KubeObject;
  before: KubeObject | undefined;
}

export interface History {
  add(change: Change): void;
  /** Undefined: that revision is too old, as after etcd's compaction. */
  since(revision: number): readonly Change[] | undefined;
  /** The oldest revision that can still be asked for. */
  oldest(): number;
  forget(revision: number): void;
}

/** Changes in the order of their revisions, as many as the limit says. */
export function makeHistory(limit: number): History {
  let changes: Change[] = [];
  let oldest = 0;

  function forget(revision: number): void {
    oldest = Math.max(oldest, revision);
    changes = changes.filter((change) => change.revision > oldest);
  }

  return {
    add(change) {
      changes.push(change);
      // Cut in large pieces, as each cut copies what is left.
      const spare = changes.length - limit;
      if (spare > limit / 2) forget(changes[spare]?.revision ?? 0);
    },
    since(revision) {
      if (revision < oldest) return undefined;
      return changes.slice(firstAfter(changes, revision));
    },
    oldest: () => oldest,
    forget,
  };
}

function firstAfter(changes: readonly Change[], revision: number): number {
  let [low, high] = [0, changes.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((changes[middle]?.revision ?? 0) > revision) high = middle;
    else low = middle + 1;
  }
  return low;
}
