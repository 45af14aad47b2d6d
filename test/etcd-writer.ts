import { noop } from 'cockatiel';
import { Etcd3 } from 'etcd3';

export interface EtcdWriter {
  /** Keys may be any bytes; values that are objects become JSON. */
  put(entries: readonly (readonly [string | Buffer, unknown])[]): Promise<void>;
  delete(key: string): Promise<void>;
  close(): void;
}

/** etcd takes at most so many puts in one transaction, and so many bytes in one request. */
const MOST_PUTS = 128;
const MOST_BYTES = 1024 ** 2;
const AT_ONCE = 4;

/** Writes many keys quickly, as nothing but a test wants to. */
export function makeWriter(endpoints: string[]): EtcdWriter {
  const client = new Etcd3({
    hosts: endpoints,
    faultHandling: { global: noop, host: () => noop },
    defaultCallOptions: () => ({ deadline: Date.now() + 20_000 }),
  });
  return {
    async put(entries) {
      const waiting = batches(entries);
      const worker = async (): Promise<void> => {
        for (let batch = waiting.shift(); batch; batch = waiting.shift())
          await client
            .if('x', 'Version', '>', -1)
            .then(...puts(client, batch))
            .commit();
      };
      await Promise.all(Array.from({ length: AT_ONCE }, worker));
    },
    async delete(key) {
      await client.delete().key(key);
    },
    close: () => client.close(),
  };
}

type Batch = (readonly [key: string | Buffer, value: Buffer])[];

function batches(entries: readonly (readonly [string | Buffer, unknown])[]): Batch[] {
  const all: Batch[] = [];
  let bytes = Infinity;
  for (const [key, value] of entries) {
    const content = Buffer.from(typeof value === 'string' ? value : JSON.stringify(value));
    const last = all.at(-1);
    bytes += content.length + key.length;
    if (last && last.length < MOST_PUTS && bytes < MOST_BYTES) last.push([key, content]);
    else {
      all.push([[key, content]]);
      bytes = content.length;
    }
  }
  return all;
}

function puts(client: Etcd3, batch: Batch) {
  return batch.map(([key, value]) => client.put(key).value(value));
}
