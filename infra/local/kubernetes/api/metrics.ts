import { KINDS, RESOURCES } from '../kinds.js';
import type { Store } from '../store.js';

/** What the API server stores, beyond what is kept here: counts by `resource.group`. */
export type StoredCounts = Readonly<Record<string, number>>;

export interface MetricsOptions {
  counts: StoredCounts;
  /** Absent: the server does not say, as before 1.28 or behind a proxy. */
  databaseBytes: number | undefined;
  /** Since 1.35 objects are counted under this name; before as apiserver_storage_objects. */
  modern: boolean;
}

export function metricsText(store: Store, { counts, databaseBytes, modern }: MetricsOptions): string {
  const kept = RESOURCES.filter((resource) => !KINDS[resource].custom || store.count(resource) > 0).map(
    (resource) => ({ resource, group: KINDS[resource].group, count: store.count(resource) }),
  );
  const others = Object.entries(counts).map(([name, count]) => {
    const [resource = '', ...group] = name.split('.');
    return { resource, group: group.join('.'), count };
  });
  const all = [...kept, ...others].sort((a, b) => (a.group + a.resource < b.group + b.resource ? -1 : 1));
  const lines = modern ? all.map(modernLine) : all.map(oldLine);
  const size =
    databaseBytes === undefined
      ? []
      : [
          '# TYPE apiserver_storage_size_bytes gauge',
          `apiserver_storage_size_bytes{storage_cluster_id="etcd-0"} ${databaseBytes.toExponential()}`,
        ];
  const name = modern ? 'apiserver_resource_objects' : 'apiserver_storage_objects';
  return [`# TYPE ${name} gauge`, ...lines, ...size, ''].join('\n');
}

interface Counted {
  group: string;
  resource: string;
  count: number;
}

function modernLine({ group, resource, count }: Counted): string {
  return `apiserver_resource_objects{group="${group}",resource="${resource}"} ${count}`;
}

function oldLine({ group, resource, count }: Counted): string {
  return `apiserver_storage_objects{resource="${group ? `${resource}.${group}` : resource}"} ${count}`;
}
