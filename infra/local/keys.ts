import { noop } from 'cockatiel';
import { Etcd3 } from 'etcd3';

export interface KeyToWrite {
  readonly key: string;
  readonly bytes: number;
}

/** etcd's default limit for one transaction is 128. */
const AT_ONCE = 120;
const WORKERS = 8;

/** Many keys within seconds, a hundred in each transaction; what is in the values does not matter. */
export async function writeKeys(endpoint: string, keys: Iterator<KeyToWrite>): Promise<void> {
  const client = new Etcd3({ hosts: endpoint, faultHandling: { global: noop, host: () => noop } });
  const worker = async (): Promise<void> => {
    for (let some = next(keys, AT_ONCE); some.length > 0; some = next(keys, AT_ONCE)) {
      const success = some.map(({ key, bytes }) => ({
        request_put: { key: Buffer.from(key), value: Buffer.alloc(bytes, 'v') },
      }));
      await client.kv.txn({ compare: [], success, failure: [] });
    }
  };
  try {
    await Promise.all(Array.from({ length: WORKERS }, worker));
  } finally {
    client.close();
  }
}

function next(keys: Iterator<KeyToWrite>, most: number): readonly KeyToWrite[] {
  const some: KeyToWrite[] = [];
  while (some.length < most) {
    const one = keys.next();
    if (one.done === true) break;
    some.push(one.value);
  }
  return some;
}
