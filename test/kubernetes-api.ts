import type { Cluster } from '../src/domain/cluster.js';
import type { Reach } from '../src/domain/collector.js';
import { TargetError } from '../src/domain/errors.js';
import type { KubernetesReader } from '../src/domain/kubernetes/ports.js';
import type { Facts } from '../src/domain/snapshot.js';
import { NOW } from './healthy.js';

/** A list that comes in these pages. */
export async function* pages<T>(...all: readonly (readonly T[])[]): AsyncIterable<readonly T[]> {
  yield* all;
}

/** A list that the role may not read; after these pages, if some come first. */
export async function* denied<T>(
  what: string,
  ...first: readonly (readonly T[])[]
): AsyncIterable<readonly T[]> {
  yield* first;
  throw refusal(what);
}

export function refusal(what: string): TargetError {
  return new TargetError('denied', '10.0.0.9:6443', `Our role may not list ${what} at 10.0.0.9:6443.`);
}

/** What a collector is handed, where the Kubernetes answers with literals; what is not given is not to be asked. */
export function reachOf(
  kubernetes: Partial<KubernetesReader>,
  { cluster = {}, soFar = {} }: { readonly cluster?: Partial<Cluster>; readonly soFar?: Facts } = {},
): Reach {
  return {
    cluster: { name: 'calico-prod', endpoints: [], calico: false, ...cluster } as Cluster,
    members: [],
    kubernetes: kubernetes as KubernetesReader,
    deadlineMs: 4000,
    now: NOW,
    pinnedId: null,
    soFar,
    each: async () => [],
  };
}
