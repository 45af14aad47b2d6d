import { randomUUID } from 'node:crypto';
import { TargetError } from '../../domain/errors.js';
import type { Calls } from './calls.js';
import { deleteRpc, putRpc, rangeRpc } from './rpc.js';

const value = Buffer.from('ok');

/** One key of our own, written, read through the leader and removed, all within one deadline. */
export async function writeProbe(calls: Calls, deadlineMs: number): Promise<void> {
  const end = Date.now() + deadlineMs;
  const left = () => Math.max(1, end - Date.now());
  const key = Buffer.from(`/etcd-steward/probe/${randomUUID()}`);
  try {
    await calls.act(putRpc, { key, value }, left());
    await readBack(calls, key, left());
  } catch (error) {
    await tidyUp(calls, { key, left, error });
    throw error;
  }
  await calls.act(deleteRpc, { key }, left());
}

async function readBack(calls: Calls, key: Buffer, deadlineMs: number): Promise<void> {
  const { kvs } = await calls.read(rangeRpc, { key }, deadlineMs);
  if (kvs[0]?.value.equals(value)) return;
  throw new TargetError('failed', calls.endpoint, `${calls.endpoint} took a write and did not give it back.`);
}

interface Failed {
  key: Buffer;
  left: () => number;
  error: unknown;
}

/**
 * etcd can write a key and refuse it for lack of space all the same, so it is removed then too; deletes are allowed
 * under NOSPACE. Where the member is out of reach nothing more is sent.
 */
async function tidyUp(calls: Calls, { key, left, error }: Failed): Promise<void> {
  const answered = error instanceof TargetError && (error.code === 'no-space' || error.code === 'failed');
  if (answered) await calls.act(deleteRpc, { key }, left()).catch(() => {});
}
