/*
 * Where a key's group ends: the folders that Kubernetes and Calico keep one kind of thing in, and for everything else
 * two folders deep. A group is always a whole number of folders, so that all keys which begin with it belong to it.
 */

const SLASH = 0x2f;
const DEFAULT_DEPTH = 2;

/** Folders of keys that begin so; the first that fits counts. */
const LAYOUTS: readonly (readonly [RegExp, number])[] = [
  // Custom resources lie by their group, which has a dot; and services by two kinds of things.
  [/^\/(?:registry|kubernetes\.io|openshift\.io)\/(?:[^/]*\.[^/]*|services)\//, 3],
  [/^\/(?:registry|kubernetes\.io|openshift\.io)\//, 2],
  [/^\/calico\/resources\/v3\/projectcalico\.org\//, 5],
  [/^\/calico\/ipam\/v2\//, 4],
  [/^\/calico\/[^/]+\/[^/]+\//, 3],
];

/** How many folders deep the groups below an asked prefix lie: at least one below it. */
export function leastDepth(asked: string): number {
  const folders = foldersIn(asked);
  if (asked === '') return 0;
  return (asked.endsWith('/') ? folders : folders + 1) + 1;
}

/** Of text: of a whole prefix, or of a key. */
export function depthOf(key: string): number {
  return LAYOUTS.find(([layout]) => layout.test(key))?.[1] ?? DEFAULT_DEPTH;
}

/** A leading slash opens no folder. */
function foldersIn(text: string): number {
  return [...text.slice(1)].filter((letter) => letter === '/').length;
}

/** The end of the first `depth` folders in the key; of fewer, where it has no more. */
export function groupEnd(key: Uint8Array, depth: number): number {
  let end = key[0] === SLASH ? 1 : 0;
  let folders = 0;
  for (let at = 1; at < key.length && folders < depth; at++) {
    if (key[at] !== SLASH) continue;
    folders++;
    end = at + 1;
  }
  return end;
}

/** The folder that a group lies in; '' of the outermost. */
export function parentOf(prefix: string): string {
  const slash = prefix.slice(0, -1).lastIndexOf('/');
  return slash < 0 ? '' : prefix.slice(0, slash + 1);
}
