import type { StoredResource } from '../../domain/kubernetes/records.js';
import type { Call, Client } from './client.js';
import type { Deadline } from './deadline.js';
import { TO_READ_METRICS } from './resources.js';
import { linesOf } from './wire.js';

/** A large cluster's API server writes about 20 MB; what is wanted of it are a few hundred lines. */
const MOST_LENGTH = 64 * 1024 * 1024;
const LONGEST_LINE = 1024 * 1024;

const CALL: Call = { path: '/metrics', right: TO_READ_METRICS };

const LINE = /^apiserver_(resource_objects|storage_objects|resource_size_estimate_bytes)\{([^}]*)\} (\S+)/;

/** How much is stored of each resource; read line by line, and nothing but these lines is kept. */
export async function readStorage(client: Client, deadline: Deadline): Promise<readonly StoredResource[]> {
  const table = makeTable();
  const response = await client.open(CALL, deadline);
  for await (const line of linesOf(response, { most: MOST_LENGTH, longest: LONGEST_LINE })) table.add(line);
  return table.rows();
}

type Row = { -readonly [Key in keyof StoredResource]: StoredResource[Key] };

/** Up to 1.33 objects are counted under another name, whose label holds resource and group in one word. */
export function makeTable() {
  const rows = new Map<string, Row>();

  function rowOf(group: string, resource: string): Row {
    const key = `${resource}.${group}`;
    const row = rows.get(key) ?? { group, resource, objects: null, bytes: null };
    rows.set(key, row);
    return row;
  }

  return {
    add(line: string): void {
      if (!line.startsWith('apiserver_')) return;
      const [, family, labels = '', value] = LINE.exec(line) ?? [];
      if (family === undefined) return;
      const { group, resource } = nameOf(labels);
      if (resource === '') return;
      const row = rowOf(group, resource);
      const amount = amountOf(value);
      if (family === 'resource_size_estimate_bytes') row.bytes = amount;
      else if (family === 'resource_objects' || row.objects === null) row.objects = amount;
    },
    rows: (): readonly StoredResource[] => [...rows.values()],
  };
}

function nameOf(labels: string): { readonly group: string; readonly resource: string } {
  const label = (name: string): string => new RegExp(`(?:^|,)${name}="([^"\\\\]*)"`).exec(labels)?.[1] ?? '';
  const [resource = '', ...rest] = label('resource').split('.');
  return { group: label('group') || rest.join('.'), resource };
}

/** −1: the API server could not count them. */
function amountOf(value: string | undefined): number | null {
  const amount = Number(value);
  return Number.isFinite(amount) && amount >= 0 ? amount : null;
}
