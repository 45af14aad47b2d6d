import { Etcd3 } from 'etcd3';

const KEYS_AT_ONCE = 1000;

/** The cluster has to be started with it: etcd takes 128 acts in a transaction by itself. */
export const MANY_AT_ONCE = ['--max-txn-ops', String(KEYS_AT_ONCE)];

/** So many small keys that stay: a defragmentation copies them all, and takes its time. */
export async function writeKeys(endpoints: string[], count: number): Promise<void> {
  const client = new Etcd3({ hosts: endpoints });
  try {
    for (let first = 0; first < count; first += KEYS_AT_ONCE) await writeFrom(client, first);
  } finally {
    client.close();
  }
}

async function writeFrom(client: Etcd3, first: number): Promise<void> {
  const puts = Array.from({ length: KEYS_AT_ONCE }, (_, index) =>
    client.put(`/registry/pods/default/pod-${String(first + index)}`).value('x'.repeat(100)),
  );
  await client
    .if('none', 'Create', '==', 0)
    .then(...puts)
    .commit();
}
