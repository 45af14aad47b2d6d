import type { LocalEtcd } from '../../infra/local/etcd.js';
import { fillUntilFull } from '../../infra/local/fill.js';
import { Etcd3 } from 'etcd3';
import { counted } from '../e2e/truth.js';

const KEYS_AT_ONCE = 1000;
const PUTS_AT_ONCE = 10;
/** What one of them makes the file grow by at most: its value, and the pages above it once more. */
const MOST_A_PUT = 60_000;

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

/** Large values get it there in a moment. */
export async function fillFast(etcd: LocalEtcd): Promise<void> {
  await fillUntilFull(etcd.endpoints, { keys: 5, valueBytes: 200_000 });
}

/** Until one of the databases takes so much of its quota, short of the alarm: the nearer, the fewer writes at once. */
export async function fillTo(etcd: LocalEtcd, share: number): Promise<void> {
  const client = new Etcd3({ hosts: etcd.endpoints });
  const [quotaBytes = 0] = await counted(etcd, 'etcd_server_quota_backend_bytes');
  const keys = Array.from({ length: PUTS_AT_ONCE }, (_, index) => `/fill/${String(index)}`);
  try {
    for (let left = await missing(); left > 0; left = await missing()) {
      const puts = keys.slice(0, Math.max(1, Math.floor(left / MOST_A_PUT)));
      await Promise.all(puts.map((key) => client.put(key).value('x'.repeat(20_000))));
    }
  } finally {
    client.close();
  }

  async function missing(): Promise<number> {
    const sizes = await counted(etcd, 'etcd_mvcc_db_total_size_in_bytes');
    return share * quotaBytes - Math.max(...sizes);
  }
}
