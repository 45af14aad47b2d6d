import { noop } from 'cockatiel';
import { randomBytes } from 'node:crypto';
import { Etcd3 } from 'etcd3';

const VALUE_BYTES = 128 * 1024;
const WRITERS = 8;
const WITHIN_MS = 10_000;

export interface Load {
  /** What is left when all history is compacted. */
  readonly liveBytes: number;
  /** How often each key is written: all but the last time becomes history. */
  readonly times: number;
}

/** Writes keys of 128 KiB, all of them over and over, as fast as the cluster takes them. */
export async function load(endpoints: string[], { liveBytes, times }: Load): Promise<void> {
  // Without etcd3's retries: what is written twice by mistake makes one cluster bigger than the other.
  const client = new Etcd3({
    hosts: endpoints,
    faultHandling: { global: noop, host: () => noop },
    defaultCallOptions: () => ({ deadline: Date.now() + WITHIN_MS }),
  });
  const keys = Math.ceil(liveBytes / VALUE_BYTES);
  let next = 0;
  async function writer(): Promise<void> {
    for (let turn = next++; turn < keys * times; turn = next++)
      await client.put(`/registry/bench/${String(turn % keys)}`).value(randomBytes(VALUE_BYTES));
  }
  try {
    await Promise.all(Array.from({ length: WRITERS }, writer));
  } finally {
    client.close();
  }
}
